/** Resource servers and their permissions. A permission is what a scope means to a person. */
import type { DetailType } from './detail-types.ts';
import type { PersonClaim } from './person.ts';

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
export type Translations = Readonly<Record<string, Readonly<Record<string, string>>>>;

type ResourceSigningAlgorithm = 'RS256' | 'PS256' | 'ES256';

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

/** What a token for these resources is signed with: the first of them that minds decides; undefined for the usual one. */
export const signingAlgorithmAt = (
  identifiers: readonly string[],
  known: readonly Resource[],
): ResourceSigningAlgorithm | undefined =>
  known.find(({ identifier, signingAlgorithm }) => signingAlgorithm !== undefined && identifiers.includes(identifier))
    ?.signingAlgorithm;

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
