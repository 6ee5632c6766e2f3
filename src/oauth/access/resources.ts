/**
 * Resource servers and their permissions. A permission is what a scope means to a person; the default catalogue is
 * modelled on the permissions of Azure DevOps.
 */
import catalogue from './catalogue.json' with { type: 'json' };
import { type DetailType, parseDetailTypes } from './detail-types.ts';
import { openidScopes } from './openid-scopes.ts';
import { type PersonClaim, personClaims } from './person.ts';

export type Permission = {
  /** The scope token on the wire. */
  readonly id: string;
  readonly category: string;
  readonly name: string;
  /** One sentence in plain words, shown on the approval page. */
  readonly description: string;
  readonly highPrivilege: boolean;
  /** Id of the permission that this one includes. */
  readonly inheritsFrom: string | undefined;
  /** Name of the picture beside it; undefined for the usual one. */
  readonly icon?: string | undefined;
  /** Of the catalogue that comes with Assent: its words are known in other languages. */
  readonly isBuiltIn?: boolean | undefined;
  /** Other languages' words for it, by language. */
  readonly translations?: Translations | undefined;
};

/** By language tag, in lower case: texts by the name of their member. */
type Translations = Readonly<Record<string, Readonly<Record<string, string>>>>;

const signingAlgorithms = ['RS256', 'PS256', 'ES256'] as const;
type ResourceSigningAlgorithm = (typeof signingAlgorithms)[number];

export type Resource = {
  /** RFC 8707 resource identifier: an absolute URI without fragment; the `aud` of its tokens. */
  readonly identifier: string;
  readonly name: string;
  readonly translations?: Translations | undefined;
  readonly permissions: ReadonlyMap<string, Permission>;
  /** What its tokens tell of the person. */
  readonly claims: readonly PersonClaim[];
  /** What its access tokens are signed with; undefined for the usual one. */
  readonly signingAlgorithm?: ResourceSigningAlgorithm | undefined;
  /** What can be asked for there in detail (RFC 9396): each type is of one resource. Undefined for nothing. */
  readonly detailTypes?: ReadonlyMap<string, DetailType> | undefined;
};

/** Names that start so are Assent's own and never in a catalogue: nobody can be asked to approve them. */
export const reservedPrefix = 'assent.';

/** True of the admin API, which is ours: no other resource has a permission of a reserved name. */
export const isOurOwn = ({ permissions }: Pick<Resource, 'permissions'>): boolean =>
  [...permissions.keys()].some((scope) => scope.startsWith(reservedPrefix));

/** The scopes of the admin API: everything, and reading alone. */
export const adminScope = 'assent.admin';
export const auditScope = 'assent.audit';

/** RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ) */
export const scopeTokenPattern = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

const iconsByArea: Readonly<Record<string, string>> = catalogue.icons;

const defaultPermissions: readonly Permission[] = catalogue.scopes
  .filter((scope) => scope.public)
  .map((scope) => ({
    ...scope,
    inheritsFrom: scope.inheritsFrom ?? undefined,
    icon: iconsByArea[scope.category],
    isBuiltIn: true,
  }));

/** Members such as `name#de` (RFC 7591 §2.2), as far as they are texts. */
const translationsIn = (row: Readonly<Record<string, unknown>>): Translations | undefined => {
  const texts = Object.entries(row).flatMap(([member, text]) => {
    const [, name = '', tag = ''] = /^(name|category|description)#([A-Za-z]{2,8})$/.exec(member) ?? [];
    return name !== '' && typeof text === 'string' && text !== '' ? [{ name, text, tag: tag.toLowerCase() }] : [];
  });
  if (texts.length === 0) return undefined;
  const byTag = Map.groupBy(texts, ({ tag }) => tag);
  return Object.fromEntries(
    Array.from(byTag, ([tag, all]) => [tag, Object.fromEntries(all.map(({ name, text }) => [name, text]))]),
  );
};

/**
 * The admin API as a resource of its own, so that its tokens are worth nothing elsewhere and other tokens are worth
 * nothing there.
 */
export const adminResource = (issuer: string): Resource => ({
  identifier: `${issuer}/api/admin`,
  name: 'Assent administration',
  permissions: new Map([
    administration(adminScope, 'Administer Assent', 'Register, change and delete services.'),
    administration(auditScope, 'Audit Assent', 'Read what is registered and what happened.'),
  ]),
  claims: [],
});

const administration = (id: string, name: string, description: string): [string, Permission] => [
  id,
  { id, category: 'Administration', name, description, highPrivilege: true, inheritsFrom: undefined },
];

/**
 * Parses the RESOURCES setting: `[{ "identifier", "name", "permissions"?, "claims"?, "signingAlgorithm"?,
 * "authorizationDetails"? }]`; without `permissions` a resource has the default catalogue, without `claims` its tokens name the
 * person by the provider's stable id alone. Throws an Error whose message names the first problem.
 */
export const parseResources = (value: unknown): readonly Resource[] => {
  if (!Array.isArray(value)) throw new Error('must be a JSON array');
  const resources = value.map(parseResource);
  const keys = resources.map(({ identifier }) => resourceKey(identifier));
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw new Error(`${twice}: is there twice`);
  const types = resources.flatMap(({ detailTypes }) => [...(detailTypes?.keys() ?? [])]);
  const typeTwice = types.find((type, index) => types.indexOf(type) < index);
  if (typeTwice !== undefined) throw new Error(`${typeTwice}: authorizationDetails has it at two resources`);
  return resources;
};

const parseResource = (value: unknown): Resource => {
  const {
    identifier,
    name,
    permissions,
    claims = ['subject'],
    signingAlgorithm,
    authorizationDetails,
  } = (value ?? {}) as Record<string, unknown>;
  if (typeof identifier !== 'string' || !isResourceIdentifier(identifier))
    throw new Error('identifier must be an absolute URI without fragment');
  if (typeof name !== 'string' || name === '') throw new Error(`${identifier}: name is missing`);
  if (permissions !== undefined && !Array.isArray(permissions))
    throw new Error(`${identifier}: permissions is no array`);
  if (!Array.isArray(claims) || !claims.every(isPersonClaim))
    throw new Error(`${identifier}: claims must be a list out of ${personClaims.join(', ')}`);
  if (signingAlgorithm !== undefined && !isSigningAlgorithm(signingAlgorithm))
    throw new Error(`${identifier}: signingAlgorithm must be one of ${signingAlgorithms.join(', ')}`);
  const rows = permissions === undefined ? defaultPermissions : permissions.map(parsePermission);
  const own = {
    identifier,
    name,
    translations: translationsIn(value as Readonly<Record<string, unknown>>),
    permissions: new Map(rows.map((row) => [row.id, row])),
    claims,
    signingAlgorithm,
  };
  return authorizationDetails === undefined ? own : { ...own, detailTypes: parseDetailTypes(authorizationDetails) };
};

const isSigningAlgorithm = (value: unknown): value is ResourceSigningAlgorithm =>
  signingAlgorithms.some((one) => one === value);

/** What a token for these resources is signed with: the first of them that minds decides; undefined for the usual one. */
export const signingAlgorithmAt = (
  identifiers: readonly string[],
  known: readonly Resource[],
): ResourceSigningAlgorithm | undefined =>
  known.find(({ identifier, signingAlgorithm }) => signingAlgorithm !== undefined && identifiers.includes(identifier))
    ?.signingAlgorithm;

const isPersonClaim = (value: unknown): value is PersonClaim => personClaims.some((claim) => claim === value);

const parsePermission = (value: unknown): Permission => {
  const row = (value ?? {}) as Record<string, unknown>;
  if (typeof row.id !== 'string' || !scopeTokenPattern.test(row.id)) throw new Error('a permission lacks an id');
  if (row.id.startsWith(reservedPrefix)) throw new Error(`${row.id}: names that start with assent. are reserved`);
  if (openidScopes.includes(row.id)) throw new Error(`${row.id}: OpenID Connect's own scopes cannot be permissions`);
  return {
    id: row.id,
    category: typeof row.category === 'string' ? row.category : 'Other',
    name: typeof row.name === 'string' ? row.name : row.id,
    description: typeof row.description === 'string' ? row.description : row.id,
    highPrivilege: row.highPrivilege === true,
    inheritsFrom: typeof row.inheritsFrom === 'string' ? row.inheritsFrom : undefined,
    icon: typeof row.icon === 'string' ? row.icon : undefined,
    translations: translationsIn(row),
  };
};

/** What is the same for two spellings of one identifier: RFC 9110 §4.2.3 makes an empty path and "/" equal, and no more. */
export const resourceKey = (identifier: string): string => identifier.replace(/^(https?:\/\/[^/?]+)\/$/, '$1');

/** True for two spellings of one identifier. */
export const isSameResource = (a: string, b: string): boolean => resourceKey(a) === resourceKey(b);

/** The resource of this name, under the spelling that is configured; undefined when there is none. */
export const findResource = <R extends { readonly identifier: string }>(
  name: string,
  known: readonly R[],
): R | undefined => known.find(({ identifier }) => isSameResource(identifier, name));

/**
 * The resource that a client names: some write the host in capitals, some a slash at the end of the path (MCP, "Canonical Server
 * URI"). Where both spellings are configured, each is a resource of its own. Undefined when there is none.
 */
export const namedResource = <R extends { readonly identifier: string }>(
  name: string,
  known: readonly R[],
): R | undefined => {
  const key = looseKey(name);
  return findResource(name, known) ?? known.find(({ identifier }) => looseKey(identifier) === key);
};

const looseKey = (identifier: string): string =>
  identifier.replace(
    /^(https?:\/\/[^/?]+)([^?]*?)\/?(\?.*)?$/i,
    (_all, origin: string, path: string, query = '') => origin.toLowerCase() + path + query,
  );

/** RFC 8707 §2: an absolute URI that has no fragment component. */
export const isResourceIdentifier = (text: string): boolean =>
  URL.canParse(text) && !text.includes('#') && /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/.test(text);
