/** The scope parameter (RFC 6749 §3.3), taken apart. */
import { OAuthError } from '../errors.ts';
import { isIdentityScope, openidScopes, signsIn } from './openid-scopes.ts';
import { scopeTokenPattern } from './resources.ts';

export type ScopeRequest = {
  readonly scope: string | undefined;
  /** Whether a refresh token comes with what is asked for, so that nobody needs to ask for one. */
  readonly refreshes?: boolean;
  /** The client asks for itself: there is no person to sign in. */
  readonly forItself?: boolean;
};

/** An absent or empty scope is no scope. Throws `invalid_scope` outside the grammar of RFC 6749 §3.3. */
const parseScope = (text: string | undefined): readonly string[] => {
  if (text === undefined || text === '') return [];
  const tokens = text.split(' ');
  if (!tokens.every((token) => scopeTokenPattern.test(token)))
    throw new OAuthError('scope_malformed', 'scope is not a list of scope tokens with single spaces between them');
  return [...new Set(tokens)];
};

/** Scopes of permissions, and those of OpenID Connect. */
export type AskedScopes = { readonly scopes: readonly string[]; readonly identity: readonly string[] };

/**
 * The scopes asked for. Of OpenID Connect's those that mean nothing here are ignored (Core §3.1.2.1): `offline_access`, which
 * many libraries send of themselves, where a refresh token comes by registration, and all of them without `openid`. Throws
 * `invalid_scope` for a request that is left with nothing by that.
 */
export const askedScopes = ({ scope, refreshes = false, forItself = false }: ScopeRequest): AskedScopes => {
  const tokens = parseScope(scope);
  const isSignIn = signsIn(tokens) && !forItself;
  if (tokens.includes('offline_access') && !refreshes && !isSignIn)
    throw new OAuthError(
      'scope_offline_access_unsupported',
      'no refresh token comes with this; ask without offline_access',
    );
  if (forItself) return { scopes: tokens, identity: [] };
  const scopes = tokens.filter((token) => !openidScopes.includes(token));
  const identity = isSignIn ? tokens.filter(isIdentityScope) : [];
  if (tokens.length > 0 && scopes.length + identity.length === 0)
    throw new OAuthError('scope_without_openid', 'these scopes ask for nothing by themselves; ask for openid, too');
  return { scopes, identity };
};
