/** What an authentication request (OpenID Connect Core §3.1.2.1) asks for beside an authorization request. */
import { scopeOfClaim } from '../access/identity-claims.ts';
import { signsIn } from '../access/openid-scopes.ts';
import type { Target } from '../access/target.ts';
import type { Parameters } from '../parameters.ts';
import { type ClaimsRequest, parseClaims } from './claims-parameter.ts';

export type OpenidRequest = {
  readonly nonce: string | undefined;
  /** An ID token of ours about the person who is expected; not verified yet. */
  readonly idTokenHint: string | undefined;
  readonly claims: ClaimsRequest;
  /** Whether refreshing is to outlive the person's session here (§11). */
  readonly isOffline: boolean;
  /** Scopes that only the claims parameter asks for: of them no other claim is told. */
  readonly impliedScopes: readonly string[];
};

/** Undefined for a request that signs nobody in. Throws `invalid_request`. */
export const parseOpenidRequest = (parameters: Parameters, { scopes }: Target): OpenidRequest | undefined => {
  if (!signsIn(scopes)) return undefined;
  const claims = parseClaims(parameters.get('claims'));
  const needed = [...claims.userinfo, ...claims.idToken].flatMap((name) => scopeOfClaim(name) ?? []);
  const impliedScopes = [...new Set(needed)].filter((scope) => !scopes.includes(scope));
  return {
    nonce: parameters.get('nonce'),
    idTokenHint: parameters.get('id_token_hint'),
    claims,
    isOffline: parameters.get('scope')?.split(' ').includes('offline_access') ?? false,
    impliedScopes,
  };
};

/** The person is asked about what the claims parameter names as if its scopes had been asked for. */
export const withImpliedScopes = (target: Target, openid: OpenidRequest | undefined): Target => ({
  ...target,
  scopes: [...target.scopes, ...(openid?.impliedScopes ?? [])].sort(),
});
