/**
 * Checks a file of resources, as RESOURCES and infra/resources.json have them, by the rules of the server itself:
 *
 *   npm run check:resources -- infra/resources.json     says every problem, and fails if there is one
 *   npm run check:resources -- -                        the same of what it is given as its input
 *   npm run check:resources -- --schema                 prints the JSON Schema, for editors
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { parseResources } from '../src/oauth/access/catalogue.ts';
import { resourceShape } from '../src/oauth/access/declaration.ts';

const [argument] = process.argv.slice(2);

if (argument === undefined) {
  console.error('Which file? npm run check:resources -- infra/resources.json');
  process.exit(2);
}

const check = (name) => {
  const file = name === '-' ? 'RESOURCES' : name;
  try {
    const resources = parseResources(JSON.parse(readFileSync(name === '-' ? 0 : name, 'utf8')));
    console.log(`${file}: ${resources.length} ${resources.length === 1 ? 'API' : 'APIs'}, nothing wrong.`);
  } catch (error) {
    for (const problem of error.message.split('; ')) console.error(`${file}: ${problem}`);
    process.exitCode = 1;
  }
};

const schema = () => ({
  title: 'Resources of Assent',
  ...z.toJSONSchema(z.array(resourceShape), { io: 'input', unrepresentable: 'any' }),
});

if (argument === '--schema') console.log(JSON.stringify(schema(), undefined, 2));
else check(argument);
