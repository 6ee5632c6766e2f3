/** SETTINGS and RESOURCES of the azd environment, which hold more than one word. */
import { existsSync, readFileSync } from 'node:fs';
import { known, remember, Stop, say } from './shell.mjs';

const here = (path) => new URL(path, import.meta.url);

/** Settings that config.ts has defaults for. */
export const tunableNames = JSON.parse(readFileSync(here('../../tunable-settings.json'), 'utf8'));

/** Throws Stop for a pair that the template would drop without a word. */
export const checkSettings = (text) => {
  for (const pair of (text ?? '').split(',').filter((each) => each.trim() !== '')) {
    const [name, value, ...more] = pair.split('=').map((part) => part.trim());
    if (!tunableNames.includes(name) || !value || more.length > 0)
      throw new Stop(
        `SETTINGS holds "${pair.trim()}". It takes NAME=value pairs, separated by commas, of: ${tunableNames.join(', ')}.`,
      );
  }
};

/** What `infra/resources.json` holds, where it was committed, becomes RESOURCES; throws Stop unless that is a JSON array. */
export const settleResources = (file = here('../../resources.json')) => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : known('RESOURCES');
  if (text === undefined) return;
  const resources = arrayIn(text) ?? arrayIn(unescaped(text));
  if (resources === undefined)
    throw new Stop(
      `RESOURCES is no JSON array: ${text.slice(0, 80)}. "azd pipeline config" cannot pass an array on to a pipeline: ` +
        'commit it as infra/resources.json, which every run then takes (infra/README.md, Pipeline).',
    );
  const settled = JSON.stringify(resources);
  if (settled === known('RESOURCES')) return;
  if (existsSync(file)) say('Taking RESOURCES from infra/resources.json.');
  remember('RESOURCES', settled);
};

const arrayIn = (text) => {
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** azd escapes what it makes a pipeline's variable as if it stood inside a JSON text. */
const unescaped = (text) => {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return '';
  }
};
