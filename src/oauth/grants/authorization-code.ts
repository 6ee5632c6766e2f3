/** grant_type=authorization_code (OAuth 2.1 §4.1.3): decides; nothing is signed or stored here. */

import { narrowTarget, stillAllowed } from '../access/target.ts';
import { isVerifierOf } from '../authorization/pkce.ts';
import { isRedirectUriOf, isSameRedirectUri } from '../authorization/redirect-uri.ts';
import { equalBytes, sha256 } from '../crypto.ts';
import { OAuthError, type ReasonOf } from '../errors.ts';
import type { Family } from './family.ts';
import { type Instants, isVoid } from './not-before.ts';
import { type Redemption, type RedemptionContext, redemption } from './redemption.ts';

export type CodeRequest = {
  readonly secret: Buffer;
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
  readonly resources: readonly string[];
  readonly details?: string | undefined;
};

export type CodeDecision =
  /** The code was used before, and this request could have used it: somebody else has it. */
  { readonly kind: 'replayed' } | Redemption;

export type CodeContext = RedemptionContext & { readonly family: Family | undefined; readonly instants: Instants };

/** Without a word of why to whoever it was not issued to: nobody learns which codes exist. */
export const invalidCode = (reason: ReasonOf<'invalid_grant'>): OAuthError =>
  new OAuthError(reason, 'the code is not valid');

/** Said only to the client that the code was issued to, and to a request that knows all of the code: they can mend it. */
const problems = {
  redirect_uri_differs: 'redirect_uri differs from the one of the authorization request',
  redirect_uri_gone: 'redirect_uri of the authorization request is no longer registered',
  code_verifier_missing: 'code_verifier is missing; turn on PKCE (S256) in the client library',
  code_verifier_wrong: 'code_verifier is not the one that code_challenge of the authorization request was made from',
  code_key_differs: 'the request is not proven by the key that dpop_jkt of the authorization request named',
  code_spent: 'the code was used before',
  code_ended: 'the authorization behind the code has been ended',
  code_expired: 'the code has expired',
} as const;

/** The refusal of a code that this client was given, for a reason that it may know. */
export const refusedCode = (reason: keyof typeof problems): OAuthError => new OAuthError(reason, problems[reason]);

/**
 * Every binding is checked before anything else is: a wrong verifier, client or redirect URI neither burns the code nor
 * ends what came of it (RFC 9700 §4.5.3). Throws `invalid_grant`, `invalid_target`, `invalid_scope`.
 */
export const decideCode = (request: CodeRequest, context: CodeContext): CodeDecision => {
  const { client, family, now } = context;
  if (family === undefined) throw invalidCode('code_unknown');
  if (family.clientId !== client.clientId) throw invalidCode('code_of_other_client');
  const { code } = family;
  if (code === undefined || !equalBytes(sha256(request.secret), code.codeHash)) throw invalidCode('code_altered');
  // OAuth 2.1 §4.1.3 no longer asks for redirect_uri here; one that is sent must be the one of the request.
  if (request.redirectUri !== undefined && !isSameRedirectUri(request.redirectUri, code.redirectUri))
    throw refusedCode('redirect_uri_differs');
  if (!isRedirectUriOf(client, code.redirectUri)) throw refusedCode('redirect_uri_gone');
  if (request.codeVerifier === undefined && code.codeChallenge !== undefined)
    throw refusedCode('code_verifier_missing');
  if (!isVerifierOf(code.codeChallenge, request.codeVerifier)) throw refusedCode('code_verifier_wrong');
  if (code.dpopJkt !== undefined && code.dpopJkt !== context.jkt) throw refusedCode('code_key_differs');
  if (family.state !== 'code') return replayOf(family);
  if (now >= code.codeExpiresAt) throw refusedCode('code_expired');
  if (isVoid(family, context.instants)) throw invalidCode('code_void');
  const target = narrowTarget(
    stillAllowed(family, client),
    { scope: undefined, resources: request.resources, details: request.details },
    context.resources,
  );
  return redemption(target, family, context);
};

/** RFC 6749 §4.1.2: a code used twice takes its tokens with it. A family that was ended already has none. */
const replayOf = (family: Family): CodeDecision => {
  if (family.state === 'ended') throw refusedCode(family.redeemedBy === undefined ? 'code_ended' : 'code_spent');
  return { kind: 'replayed' };
};
