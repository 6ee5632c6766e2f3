/**
 * Settings and requests are read with zod's functions (`zod/mini`), registrations and operations with its objects. Of a module that
 * both use esbuild keeps what either of them needs, for both: so the functions have a copy of their own, a third as large, and no
 * first token waits for the rest.
 */
import { readFile } from 'node:fs/promises';
import { shorten } from './short-names.mjs';

const suffix = '?mini';

/** The esbuild plugin. */
export const ownCopy = {
  name: 'own copy',
  setup: (build) => {
    const copyOf = async ({ path, resolveDir, kind }) => ({
      ...(await build.resolve(path, { resolveDir, kind, pluginData: { resolved: true } })),
      suffix,
    });
    build.onResolve({ filter: /^zod\/(?:mini|locales)$/ }, (asked) =>
      asked.pluginData?.resolved ? undefined : copyOf(asked),
    );
    build.onResolve({ filter: /^\./ }, (asked) => (asked.pluginData?.suffix === suffix ? copyOf(asked) : undefined));
    build.onLoad({ filter: /[\\/]zod[\\/].*\.js$/ }, async (asked) =>
      asked.suffix === suffix
        ? { contents: await shorten(await readFile(asked.path, 'utf8')), pluginData: { suffix } }
        : undefined,
    );
  },
};
