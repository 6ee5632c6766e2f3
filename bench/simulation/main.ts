/** `npm run scale` prints the tables of docs/scale.md; with `-- --write` it puts them there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { ceilingsTable, needsTable, overloadTable } from './report.ts';

const document = new URL('../../docs/scale.md', import.meta.url);

const sections: Readonly<Record<string, string>> = {
  'scale-needs': needsTable(),
  'scale-ceilings': ceilingsTable(),
  'scale-overload': overloadTable(),
};

const withSection = (text: string, [name, section]: readonly [string, string]): string => {
  const markers = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!markers.test(text)) throw new Error(`docs/scale.md has no markers named ${name}`);
  return text.replace(markers, (_whole, start, end) => `${start}${section}\n${end}`);
};

console.log(Object.values(sections).join('\n\n'));
if (process.argv.includes('--write'))
  writeFileSync(document, Object.entries(sections).reduce(withSection, readFileSync(document, 'utf8')));
