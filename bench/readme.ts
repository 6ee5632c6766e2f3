/** The README's tables of measurements: between markers, written by the scripts that measure. */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';

const readme = new URL('../README.md', import.meta.url);

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A table whose first column is text and whose others are numbers. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(head), line(['---', ...head.slice(1).map(() => '---:')]), ...rows.map(line)].join('\n');

/** When, with what, and on what machine; nothing that tells whose. */
export const provenance = async (): Promise<string> => {
  const { version, devDependencies } = JSON.parse(
    await readFile(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { readonly version: string; readonly devDependencies: Readonly<Record<string, string>> };
  const date = new Date().toISOString().slice(0, 10);
  const model = (cpus()[0]?.model ?? 'unknown processor').replaceAll(/\((?:R|TM)\)/g, '').trim();
  return (
    `Measured ${date}: Assent ${version}, oidc-provider ${devDependencies['oidc-provider']}, Node ${process.versions.node}, ` +
    `${availableParallelism()} cores (${model}), ${process.platform}.`
  );
};

/** Prints the section; puts it between the README's markers of that name when `isWritten`. Throws without markers. */
export const publish = async (name: string, section: string, isWritten: boolean): Promise<void> => {
  console.log(section);
  if (!isWritten) return;
  const text = await readFile(readme, 'utf8');
  const markers = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!markers.test(text)) throw new Error(`README.md has no markers named ${name}`);
  await writeFile(
    readme,
    text.replace(markers, (_whole, start, end) => `${start}${section}\n${end}`),
  );
};
