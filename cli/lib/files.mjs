/** What a command reads from a file, or from its standard input. */
import { readFileSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { jsonIn } from './http.mjs';

/** `-` is the standard input. Throws `Failure`. */
export const readText = (file) => {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Failure('usage', `${file} cannot be read: ${error.code}.`);
  }
};

/** A JSON object. Throws `Failure`. */
export const readObject = (file) => {
  const value = jsonIn(readText(file));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Failure('usage', `${file} holds no JSON object.`);
  return value;
};

/** A whole number in a range. Throws `Failure`. */
export const wholeNumber = (text, name, [least, most]) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Failure('usage', `--${name} takes a whole number from ${least} to ${most}.`);
  return value;
};
