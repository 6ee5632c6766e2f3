/** SETTINGS of the azd environment: NAME=value pairs for what config.ts has defaults for. */
import { readFileSync } from 'node:fs';
import { Stop } from './shell.mjs';

const names = JSON.parse(readFileSync(new URL('../../tunable-settings.json', import.meta.url), 'utf8'));

/** Throws Stop for a pair that the template would drop without a word. */
export const checkSettings = (text) => {
  for (const pair of (text ?? '').split(',').filter((each) => each.trim() !== '')) {
    const [name, value, ...more] = pair.split('=').map((part) => part.trim());
    if (!names.includes(name) || !value || more.length > 0)
      throw new Stop(
        `SETTINGS holds "${pair.trim()}". It takes NAME=value pairs, separated by commas, of: ${names.join(', ')}.`,
      );
  }
};
