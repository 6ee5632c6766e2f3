/**
 * Parameters and variables of other people's code get names of a letter or two: a third of it is such names, and a new instance
 * reads every one of them. What a module exports keeps its name, and so does everything of our own, for stack traces.
 */
import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';

/** For those that have changed what they read. */
export const shorten = async (code) =>
  (await transform(code, { minifyIdentifiers: true, legalComments: 'none', logLevel: 'warning' })).code;

/** The esbuild plugin. */
export const shortNames = {
  name: 'short names',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => ({
      contents: await shorten(await readFile(path, 'utf8')),
    }));
  },
};
