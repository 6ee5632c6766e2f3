/** The words of a command: options, positions, and what is missing. */
import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';

const text = { type: 'string' };

/** Every command takes these. */
export const commonOptions = {
  issuer: { ...text, value: 'origin', about: 'the deployment; ASSENT_ISSUER when left out' },
  json: { type: 'boolean', about: 'prints JSON' },
  timeout: { ...text, value: 'seconds', about: 'for each request; 20 when left out' },
};

/**
 * `{ options, positions }` of a command; `positions` by the names that the command gives them. Throws `Failure` for words that
 * the command does not take, or that are missing.
 */
export const parse = (name, { positions = [], options = {}, others = false }, words) => {
  const { values, positionals } = parsed(name, { ...commonOptions, ...options }, words);
  const required = positions.filter((one) => !one.endsWith('?') && !one.endsWith('…'));
  if (positionals.length < required.length) throw misused(name, `<${required[positionals.length]}> is missing.`);
  const takesMore = others || positions.at(-1)?.endsWith('…') === true;
  if (positionals.length > positions.length && !takesMore)
    throw misused(name, `"${positionals[positions.length]}" is too much.`);
  const named = positions.map((one, index) =>
    one.endsWith('…') ? [one.slice(0, -1), positionals.slice(index)] : [one.replace('?', ''), positionals[index]],
  );
  return { options: values, positions: Object.fromEntries(named) };
};

const parsed = (name, options, words) => {
  const specified = Object.fromEntries(
    Object.entries(options).map(([key, { type, multiple = false }]) => [key, { type, multiple }]),
  );
  try {
    return parseArgs({ args: words, options: specified, allowPositionals: true });
  } catch (error) {
    throw misused(name, `${error.message}.`.replace('..', '.'));
  }
};

/** A command that was called in another way than it takes. */
const misused = (name, problem) => new Failure('usage', problem, `"npx assent ${name} --help" says how.`);
