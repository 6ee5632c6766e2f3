/** What may be written behind `npm run bench --`. */
import { parseArgs } from 'node:util';

/** `--name N` for each of `defaults`, and `--write`. Throws an Error for anything else and for what is no count. */
export const readOptions = <Name extends string>(
  defaults: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> & { readonly write: boolean } => {
  const names = Object.keys(defaults) as Name[];
  const counts = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ options: { ...counts, write: { type: 'boolean' as const, default: false } } });
  const given = values as Readonly<Record<string, string | boolean | undefined>>;
  const read = (name: Name): number => {
    const count = given[name] === undefined ? defaults[name] : Number(given[name]);
    if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be a whole number of at least 1`);
    return count;
  };
  const chosen = Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, number>;
  return { ...chosen, write: given.write === true };
};
