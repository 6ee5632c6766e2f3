/** SETTINGS and RESOURCES of the azd environment, which hold more than one word. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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

/** What `infra/resources.json` holds, where it was committed, becomes RESOURCES; throws Stop unless the server can start with it. */
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
  checkDeclarations(settled);
  if (settled === known('RESOURCES')) return;
  if (existsSync(file)) say('Taking RESOURCES from infra/resources.json.');
  remember('RESOURCES', settled);
};

/** By the rules of the server itself, where the checkout has what they need (`npm ci`): it would else not start. */
const checkDeclarations = (text) => {
  const [node, script] = ['node_modules/.bin/node', 'scripts/check-resources.mjs'].map((path) =>
    fileURLToPath(here(`../../../${path}`)),
  );
  if (!existsSync(node)) return;
  const { status, stderr } = spawnSync(node, [script, '-'], { input: text, encoding: 'utf8' });
  if (status === 1) throw new Stop(`The server cannot start with these RESOURCES:\n${stderr.trim()}`);
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
