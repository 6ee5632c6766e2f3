/** Values that azd puts between the quotes of main.parameters.json as they are (its bicep_provider.go, loadParameters). */
import { readFileSync } from 'node:fs';
import { known, Stop } from './shell.mjs';

const { parameters } = JSON.parse(readFileSync(new URL('../../main.parameters.json', import.meta.url), 'utf8'));

/** RESOURCES is JSON itself: azd reads an array parameter on its own. */
const names = Object.values(parameters)
  .map(({ value }) => /^\$\{(\w+)/.exec(value)?.[1])
  .filter((name) => name !== 'RESOURCES');

/** Throws Stop for a value that would break the file: one with a bare quote or backslash. */
export const checkTexts = () => {
  for (const name of names) {
    const value = known(name) ?? '';
    if (!fitsIntoJson(value))
      throw new Stop(
        `${name} holds a quote or a backslash, which azd would put into JSON as it is. ` +
          `Write ${JSON.stringify(value).slice(1, -1)}, or use typographic quotes.`,
      );
  }
};

const fitsIntoJson = (value) => {
  try {
    JSON.parse(`"${value}"`);
    return true;
  } catch {
    return false;
  }
};
