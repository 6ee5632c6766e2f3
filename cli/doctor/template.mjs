/** The settings that the template of this checkout gives an app (`infra/`). */
import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(`../../infra/${name}`, import.meta.url), 'utf8');

/** `fixed`: name -> the value that every deployment has. `given`: names whose value is a deployment's own. `tunable`: names that may be empty. */
export const template = () => {
  const [, properties = ''] =
    /name: 'appsettings'\s+properties: union\(tunables, \{\n([\s\S]*?)\n {2}\}\)/.exec(read('modules/app.bicep')) ?? [];
  const lines = [...properties.matchAll(/^ {4}(\w+): (.+)$/gm)].map(([, name, value]) => [name, value]);
  const literal = (value) => /^'([^'$]*)'$/.exec(value)?.[1];
  return {
    fixed: Object.fromEntries(
      lines.flatMap(([name, value]) => (literal(value) === undefined ? [] : [[name, literal(value)]])),
    ),
    given: lines.filter(([, value]) => literal(value) === undefined).map(([name]) => name),
    tunable: JSON.parse(read('tunable-settings.json')),
  };
};
