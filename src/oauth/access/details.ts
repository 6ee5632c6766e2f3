/** Authorization details (RFC 9396): what is asked for beyond scopes, each of a type that a resource has declared. */
import * as z from 'zod/mini';
import { OAuthError } from '../errors.ts';
import { detailTypeIn, schemaOf, wordsOf } from './detail-types.ts';
import { isSameResource, type Resource } from './resources.ts';

/** With its members in the order of their declaration, so that equal ones are equal texts. */
export type AuthorizationDetail = Readonly<Record<string, unknown>> & { readonly type: string };

/** In every access token, and in the headers of every request with it. */
const charactersAtMost = 4_000;
const detailsAtMost = 10;

export type DetailsRequest = {
  /** The parameter `authorization_details`. */
  readonly details?: string | undefined;
  /** Those that the client was registered for. */
  readonly detailTypes?: readonly string[];
};

/** Empty without the parameter. Throws `invalid_authorization_details` (§5): nothing of it is dropped in silence. */
export const askedDetails = (
  { details, detailTypes = [] }: DetailsRequest,
  known: readonly Resource[],
): readonly AuthorizationDetail[] =>
  objectsIn(details).map((one) => {
    const place = placeOfType(one.type, known);
    const type = place?.detailTypes?.get(one.type);
    if (place === undefined || type === undefined)
      throw new OAuthError('details_type_unknown', 'a type of authorization_details is not known here');
    if (!detailTypes.includes(one.type))
      throw new OAuthError('details_type_not_allowed', 'the client may not ask for a type of authorization_details');
    const parsed = schemaOf(one.type, type).safeParse(one);
    if (!parsed.success || !isThere(parsed.data.locations, place)) throw malformedFields();
    return parsed.data as AuthorizationDetail;
  });

const malformedFields = (): OAuthError =>
  new OAuthError('details_member', 'a member of authorization_details is missing, unknown or not what its type allows');

const array = z.array(z.looseObject({ type: z.string() })).check(z.minLength(1), z.maxLength(detailsAtMost));

const objectsIn = (text: string | undefined): readonly AuthorizationDetail[] => {
  if (text === undefined) return [];
  if (text.length > charactersAtMost)
    throw new OAuthError('details_too_long', `authorization_details is longer than ${charactersAtMost} characters`);
  const parsed = array.safeParse(jsonIn(text));
  if (!parsed.success)
    throw new OAuthError(
      'details_malformed',
      `authorization_details must be a JSON array of 1 to ${detailsAtMost} objects that have a type`,
    );
  return parsed.data;
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const placeOfType = (type: string, known: readonly Resource[]): Resource | undefined =>
  known.find(({ detailTypes }) => detailTypes?.has(type) === true);

/** §2.2: a type is of one resource here, so `locations` can name no other. */
const isThere = (locations: readonly string[] = [], { identifier }: Resource): boolean =>
  locations.every((one) => isSameResource(one, identifier));

/** The resources that these are for. */
export const placesOfDetails = (
  details: readonly AuthorizationDetail[] = [],
  known: readonly Resource[],
): readonly Resource[] => known.filter(({ detailTypes }) => details.some(({ type }) => detailTypes?.has(type)));

/** Those of them that are for these resources. */
export const detailsAt = (
  details: readonly AuthorizationDetail[] = [],
  places: readonly Resource[],
): readonly AuthorizationDetail[] => details.filter(({ type }) => placeOfType(type, places) !== undefined);

/**
 * Those of the granted ones that are asked for (§6.1): by their type alone, or by members that say the same. Throws
 * `invalid_authorization_details` for one that nothing of the grant answers.
 */
export const narrowedDetails = (
  granted: readonly AuthorizationDetail[] = [],
  text: string | undefined,
): readonly AuthorizationDetail[] => {
  if (text === undefined) return granted;
  const asked = objectsIn(text);
  if (!asked.every((one) => granted.some((other) => isPartOf(one, other))))
    throw new OAuthError('details_not_granted', 'authorization_details asks for something that was not granted');
  return granted.filter((other) => asked.some((one) => isPartOf(one, other)));
};

const isPartOf = (asked: AuthorizationDetail, granted: AuthorizationDetail): boolean =>
  Object.entries(asked).every(([name, value]) => Object.hasOwn(granted, name) && same(value, granted[name]));

const same = (a: unknown, b: unknown): boolean => sorted(a) === sorted(b);

/** JSON in which the order of members means nothing. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

/** One of them as a person reads it. */
export type DetailInWords = {
  readonly title: string;
  readonly description: string | undefined;
  /** The name of the resource. */
  readonly at: string;
  readonly facts: readonly (readonly [string, string])[];
};

/** Who reads it: their language, and the label of what it may do. */
type Reader = { readonly language: string; readonly may: string };

const operators: Reader = { language: 'en', may: 'It may' };

/** Those whose types are still declared, in words. */
export const detailsInWords = (
  details: readonly AuthorizationDetail[] = [],
  known: readonly Resource[],
  { language, may }: Reader = operators,
): readonly DetailInWords[] =>
  details.flatMap((detail) => {
    const place = placeOfType(detail.type, known);
    const type = place?.detailTypes?.get(detail.type);
    if (place === undefined || type === undefined) return [];
    const inWords = detailTypeIn(type, language);
    const at = place.translations?.[language]?.name ?? place.name;
    const { title, description } = inWords;
    return [{ title, description, at, facts: wordsOf(detail, inWords, may) }];
  });

/** The same in a line each, for the person's history. */
export const detailLines = (
  details: readonly AuthorizationDetail[] | undefined,
  known: readonly Resource[],
  reader?: Reader,
): readonly string[] =>
  detailsInWords(details, known, reader).map(({ title, facts }) =>
    [title, facts.map(([label, value]) => `${label} ${value}`).join(', ')].filter((part) => part !== '').join(': '),
  );
