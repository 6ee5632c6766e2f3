/**
 * Parameters of a request (RFC 6749 §3.1, §3.2: none more than once), strict about their encoding. What is wrong with a
 * parameter is known by name, so that an authorization request whose client and redirect URI are right can be refused at
 * the client.
 */
import { OAuthError } from './errors.ts';

export type Parameters = {
  /** The one value; undefined if absent or empty, which is the same (RFC 6749 §3.1). Throws `invalid_request` if it was sent more than once or not decodable. */
  get(name: string): string | undefined;
  /** The same for what people write in several lines: tabs and line breaks may be in it. */
  lines(name: string): string | undefined;
  /** Every value of a parameter that may repeat. Throws `invalid_request` if one is not decodable. */
  all(name: string): readonly string[];
  /**
   * Throws `invalid_request` if any parameter but those in `repeatable` repeats. One that nobody asks for may be encoded in
   * whatever way: it is ignored (RFC 6749 §3.1, §3.2).
   */
  rejectDuplicates(repeatable: readonly string[]): void;
  /** Every parameter that can be read, a pair for each of its values. */
  readable(): readonly (readonly [name: string, value: string])[];
  /** Names present, in order of first appearance. */
  names(): readonly string[];
};

/** So many parameters a request may have, unless its endpoint says otherwise of itself. */
const countLimit = 200;

/** Control characters have no place in any parameter of ours, and end badly in logs, headers and keys. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const control = /[\x00-\x1f\x7f]/;

/** True for what can be a parameter's name or value: no controls, and whole characters only. */
export const isParameterText = (text: string): boolean => !control.test(text) && text.isWellFormed();

const isParameterLines = (text: string): boolean => isParameterText(text.replaceAll(/[\t\n\r]/g, ''));

/** Throws `invalid_request` when there are too many. Broken parts are reported when their parameter is asked for. */
export const parseParameters = (encoded: string, limit = countLimit): Parameters => {
  const parts = encoded.split('&').filter((part) => part !== '');
  if (parts.length > limit) throw new OAuthError('parameters_too_many', 'there are too many parameters');
  const values = new Map<string, (string | undefined)[]>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    if (name === undefined) continue;
    const value = equals < 0 ? '' : unescaped(part.slice(equals + 1));
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  return parametersOf(values);
};

/** The parameters that a form of these pairs would have. */
export const parametersFrom = (pairs: readonly (readonly [name: string, value: string])[]): Parameters => {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return parametersOf(values);
};

/** A value that cannot be decoded is undefined. */
type Values = ReadonlyMap<string, readonly (string | undefined)[]>;

const nothing: readonly string[] = [];

const readableOf = (values: Values): ReturnType<Parameters['readable']> =>
  [...values].flatMap(([name, found]) =>
    found.flatMap((value) => (value === undefined || !isParameterText(value) ? [] : [[name, value] as const])),
  );

const parametersOf = (values: Values): Parameters => {
  const decoded = (name: string, isText = isParameterText): readonly string[] =>
    values.get(name)?.map((value) => {
      if (value === undefined || !isText(value))
        throw new OAuthError('parameter_encoding', `${name} is not encoded properly`);
      return value;
    }) ?? nothing;
  const all = (name: string): readonly string[] => decoded(name).filter((value) => value !== '');
  const one = (name: string, found: readonly string[]): string | undefined => {
    if (found.length > 1) throw new OAuthError('parameter_repeated', `${name} was sent more than once`);
    return found[0] === '' ? undefined : found[0];
  };
  return {
    all,
    get: (name) => one(name, decoded(name)),
    lines: (name) => one(name, decoded(name, isParameterLines)),
    rejectDuplicates: (repeatable) => {
      for (const [name, found] of values)
        if (found.length > 1 && !repeatable.includes(name))
          throw new OAuthError('parameter_repeated', 'a parameter was sent more than once');
    },
    readable: () => readableOf(values),
    names: () => [...values.keys()],
  };
};

/** application/x-www-form-urlencoded (RFC 6749 appendix B); undefined for broken escapes, broken UTF-8 and controls. */
export const decodeFormPart = (text: string): string | undefined => {
  const decoded = unescaped(text);
  return decoded !== undefined && isParameterText(decoded) ? decoded : undefined;
};

const escaping = /[%+]/;

/** The same with controls in it. */
const unescaped = (text: string): string | undefined => {
  if (!escaping.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};

const decode = decodeFormPart;

/** A query or form of these pairs, whose every character is escaped unless it is unreserved (RFC 3986 §2.3). */
export const formatQuery = (
  pairs: readonly (readonly [name: string, value: string])[],
  escaped: (text: string) => string = encodeURIComponent,
): string => pairs.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');

/** As short as RFC 3986 §3.4 allows: escapes take three characters each. */
export const formatShortQuery = (pairs: readonly (readonly [name: string, value: string])[]): string =>
  formatQuery(pairs, (text) =>
    encodeURIComponent(text)
      .replaceAll('%20', '+')
      .replaceAll(/%(?:3A|2F|3F|40|2C|24)/g, decodeURIComponent),
  );
