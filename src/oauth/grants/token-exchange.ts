/** Token exchange (RFC 8693): decides whether one of our access tokens becomes another. It can only become less. */
import { isIdentityScope } from '../access/openid-scopes.ts';
import { isSameResource, type Resource, reservedPrefix } from '../access/resources.ts';
import { narrowTarget, type Target } from '../access/target.ts';
import type { Client } from '../clients/client.ts';
import type { ExchangePolicy } from '../clients/metadata/exchange.ts';
import { OAuthError } from '../errors.ts';
import type { AccessToken, Actor } from '../tokens/access-token.ts';

/** RFC 8693 §3: the only type that is taken and given. */
export const accessTokenUri = 'urn:ietf:params:oauth:token-type:access_token';

/** Actors behind one token, the newest included: each of them makes it longer. */
const longestChain = 5;

export type ExchangeRequest = {
  readonly scope: string | undefined;
  /** Of `resource` and `audience` alike: an audience is known here by its identifier. */
  readonly resources: readonly string[];
  readonly details?: string | undefined;
};

export type ExchangeContext = {
  readonly client: Client;
  /** Alive, with the scopes that are left of it. */
  readonly subject: AccessToken;
  /** Alive; undefined where the client takes the subject's place without a word of who acts (§1.1). */
  readonly actor: AccessToken | undefined;
  readonly resources: readonly Resource[];
  /** Thumbprint of the key that the request proved to hold; undefined without one. */
  readonly jkt: string | undefined;
};

export type Exchange = { readonly target: Target; readonly actor: Actor | undefined };

/**
 * Throws `invalid_request`, `invalid_target`, `invalid_scope`, `invalid_authorization_details`, `invalid_dpop_proof`
 * (RFC 8693 §2.2.2).
 */
export const decideExchange = (request: ExchangeRequest, context: ExchangeContext): Exchange => {
  const { client, subject, actor, resources, jkt } = context;
  const policy = client.tokenExchange;
  if (policy === undefined || !isFrom(policy, subject)) throw unacceptable('subject_token_not_allowed');
  if (actor !== undefined && !mayAct(actor, policy, client)) throw unacceptable('actor_token_not_allowed');
  for (const token of [subject, actor]) if (token !== undefined) requireKey(token, client, jkt);
  const granted = {
    scopes: subject.scopes.filter((scope) => isExchangeable(scope) && client.scopes.includes(scope)),
    resources: subject.audience.filter((one) => policy.to.some((allowed) => isSameResource(allowed, one))),
    details: subject.details?.filter(({ type }) => client.detailTypes.includes(type)),
  };
  return { target: narrowTarget(granted, request, resources), actor: chainOf(subject, actor) };
};

/** Of a token that is not acceptable nobody learns why (§2.2.2). */
export const unacceptable = (
  reason: 'subject_token_unknown' | 'subject_token_not_allowed' | 'actor_token_unknown' | 'actor_token_not_allowed',
): OAuthError =>
  new OAuthError(reason, `the ${reason.startsWith('actor') ? 'actor' : 'subject'} token is not valid here`);

const isFrom = ({ from }: ExchangePolicy, { clientId, audience }: AccessToken): boolean =>
  from.includes(clientId) || audience.some((one) => from.some((allowed) => isSameResource(allowed, one)));

/** What acts for another itself is no actor: its own chain would be lost. */
const mayAct = (actor: AccessToken, { mayAct: others }: ExchangePolicy, { clientId }: Client): boolean =>
  actor.actor === undefined && (actor.clientId === clientId || others.includes(actor.clientId));

/**
 * What was bound to a key (RFC 9449) does not become what anybody can use; and a client's own is worth nothing without its key.
 */
const requireKey = (token: AccessToken, { clientId }: Client, jkt: string | undefined): void => {
  if (token.jkt === undefined) return;
  if (jkt === undefined || (token.clientId === clientId && token.jkt !== jkt))
    throw new OAuthError('dpop_required', 'a DPoP proof by the right key is required');
};

/** Signing in is between the person and one service, and what begins with assent. is for operators alone. */
const isExchangeable = (scope: string): boolean => !isIdentityScope(scope) && !scope.startsWith(reservedPrefix);

/** §4.1: the newest actor outside, those before it within. */
const chainOf = ({ actor: before }: AccessToken, actor: AccessToken | undefined): Actor | undefined => {
  if (actor === undefined) return before;
  const chain = { sub: actor.subject, client_id: actor.clientId, ...(before === undefined ? {} : { act: before }) };
  if (lengthOf(chain) > longestChain)
    throw new OAuthError('actor_chain_too_long', `no more than ${longestChain} actors can stand behind one token`);
  return chain;
};

const lengthOf = (actor: Actor | undefined): number => (actor === undefined ? 0 : 1 + lengthOf(actor.act));
