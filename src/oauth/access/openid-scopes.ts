/**
 * The scopes of OpenID Connect (Core §5.4, §11). They are no permissions of a resource: with `openid` a service learns who
 * the person is, with the others what they are called. People see and untick them as if they were permissions of our own
 * userinfo endpoint, and that endpoint is the audience of a token that is for nothing else.
 */
import type { Permission, Resource } from './resources.ts';

/** What signs a person in. */
export const openidScope = 'openid';

/** In one order for all documents. What a service may ask a person beside permissions. */
export const offeredOpenidScopes = ['openid', 'profile', 'email', 'offline_access'] as const;

/** Names that no resource may use: a token has one list of scopes, and each of them must mean one thing. */
export const openidScopes: readonly string[] = [...offeredOpenidScopes, 'address', 'phone'];

const permission = (id: string, name: string, description: string, icon: string): Permission => ({
  id,
  category: 'Who you are',
  name,
  description,
  highPrivilege: false,
  inheritsFrom: undefined,
  icon,
  isBuiltIn: true,
});

const identityPermissions: ReadonlyMap<string, Permission> = new Map(
  [
    permission('openid', 'Sign you in', 'Recognize you as the same person each time you come back.', 'key'),
    permission(
      'profile',
      'See your name',
      'Your name, as one and in its parts, and the name of your account.',
      'person',
    ),
    permission('email', 'See your e-mail address', 'Your e-mail address, and whether it has been verified.', 'mail'),
  ].map((one) => [one.id, one]),
);

/** The userinfo endpoint (OpenID Connect Core §5.3) as a resource of our own. */
export const identityResource = (issuer: string): Resource => ({
  identifier: `${issuer}/userinfo`,
  name: 'Your account',
  permissions: identityPermissions,
  claims: [],
});

export const isIdentityResource = ({ permissions }: Pick<Resource, 'permissions'>): boolean =>
  permissions === identityPermissions;

/** True of scopes that ask who the person is: the others of OpenID Connect mean nothing without this one. */
export const signsIn = (scopes: readonly string[]): boolean => scopes.includes(openidScope);

/** True of those that people decide about; `offline_access` is no decision of theirs. */
export const isIdentityScope = (scope: string): boolean => identityPermissions.has(scope);

/** True of what comes with any approval of a request that asks for it: a service that signs people in can do nothing without. */
export const isRequired = (scope: string): boolean => scope === openidScope;

/** In the order in which people read them: below those of the resources that the page names. */
export const identityLast = (scopes: readonly string[]): readonly string[] => [
  ...scopes.filter((scope) => !isIdentityScope(scope)),
  ...[...identityPermissions.keys()].filter((scope) => scopes.includes(scope)),
];
