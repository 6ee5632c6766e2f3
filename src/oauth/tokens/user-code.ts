/**
 * User codes of the device flow (RFC 8628 §6.1): eight of twenty letters that are told apart at a glance, spell no word and
 * are the same whichever way they are typed. 34.5 bits, which only a limit on tries makes enough (§5.1).
 */
import type { Random } from '../crypto.ts';

const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 8;

/** The largest multiple of the number of letters that a byte holds: bytes beyond it would favour the first letters. */
const fairBytes = 256 - (256 % letters.length);

/** As it is stored and compared: eight letters. */
export const newUserCode = (random: Random): string => {
  let code = '';
  while (code.length < length)
    for (const byte of random(2 * length))
      if (byte < fairBytes && code.length < length) code += letters[byte % letters.length];
  return code;
};

/** As a device shows it. */
export const shownUserCode = (code: string): string => `${code.slice(0, length / 2)}-${code.slice(length / 2)}`;

/** What a person typed, in lower case or with whatever between the letters; undefined if it can be no code. */
export const typedUserCode = (typed: string): string | undefined => {
  const code = typed.toUpperCase().replaceAll(/[\s.,_–—-]/g, '');
  return code.length === length && [...code].every((letter) => letters.includes(letter)) ? code : undefined;
};
