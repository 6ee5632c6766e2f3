/**
 * The authorization request (OAuth 2.1 §4.1.1) in two steps, because until the first one holds there is nobody to answer
 * but the person: `proveRedirect` may only end in a page, `parseAuthorizationRequest` in a redirect to the proven URI.
 */

import { type Resource, reservedPrefix } from '../access/resources.ts';
import { resolveTarget } from '../access/target.ts';
import type { Client } from '../clients/client.ts';
import { OAuthError } from '../errors.ts';
import { digestOf } from '../grants/grant.ts';
import type { Parameters } from '../parameters.ts';
import { type Asked, askedOf } from './asked.ts';
import { challengeOf } from './challenge.ts';
import { parseOpenidRequest, withImpliedScopes } from './openid-request.ts';
import { type PushedRequest, requestUriOf } from './pushed-request.ts';
import { isRedirectUriOf } from './redirect-uri.ts';
import { type ResponseMode, responseModeOf } from './response-mode.ts';

/** The parameters that we act on. Others are ignored (OAuth 2.1 §3.1) and do not travel on. */
const recognized = [
  'response_type',
  'response_mode',
  'client_id',
  'redirect_uri',
  'scope',
  'resource',
  'authorization_details',
  'state',
  'nonce',
  'claims',
  'code_challenge',
  'code_challenge_method',
  'dpop_jkt',
  'prompt',
  'max_age',
  'login_hint',
  'id_token_hint',
  'acr_values',
  'ui_locales',
] as const;

/** What of these parameters we act on, to be stored or sent on. */
export const recognizedIn = (parameters: Parameters): readonly (readonly [string, string])[] =>
  recognized.flatMap((name) => parameters.all(name).map((value) => [name, value] as const));

/** RFC 8707 §2 lets `resource` repeat; `permission` is the approval form's, which carries the request back to us. */
const repeatable = ['resource', 'permission'];

export const responseTypes = ['code'] as const;
export const prompts = ['none', 'login', 'consent', 'select_account'] as const;
type Prompt = (typeof prompts)[number];

declare const proof: unique symbol;

/** A redirect URI that is registered for the client of its request: nothing else is redirected to. `proveRedirect` makes them. */
export type ProvenUri = string & { readonly [proof]: true };

/** What a person is asked, and how the client is answered at a redirect URI. */
export type AuthorizationRequest = Asked & {
  readonly redirectUri: ProvenUri;
  /** The pushed request that it is, to be consumed by the answer. */
  readonly pushed: PushedRequest | undefined;
  readonly state: string | undefined;
  readonly responseMode: ResponseMode;
  /** Undefined only where the client may do without PKCE. */
  readonly codeChallenge: string | undefined;
  /** Thumbprint of the key that must redeem the code (RFC 9449 §10). */
  readonly dpopJkt: string | undefined;
  readonly prompts: readonly Prompt[];
  readonly maxAgeSeconds: number | undefined;
  readonly loginHint: string | undefined;
  /** Levels of authentication that the service would like (RFC 9470 §4); undefined for any. */
  readonly acrValues: string | undefined;
};

/** The redirect URI of this request, proven to be the client's. Throws `unproven_redirect`, to be shown as a page. */
export const proveRedirect = (parameters: Parameters, client: Client): ProvenUri => {
  const presented = parameters.get('redirect_uri');
  if (presented === undefined) {
    const [only, ...others] = client.redirectUris;
    // OAuth 2.1 §2.3.2: may be left out where there is only one.
    if (only === undefined || others.length > 0)
      throw new OAuthError('redirect_uri_missing', 'redirect_uri is required');
    return only as ProvenUri;
  }
  if (!isRedirectUriOf(client, presented))
    throw new OAuthError('redirect_uri_unregistered', 'redirect_uri is not registered for this client');
  return presented as ProvenUri;
};

/** The state to answer with, also when the rest of the request is wrong; undefined if it cannot be told. */
export const stateOf = (parameters: Parameters): string | undefined => {
  try {
    return parameters.get('state');
  } catch {
    return undefined;
  }
};

/** Throws `invalid_request` if a parameter that we act on cannot be read. */
export const requireReadable = (parameters: Parameters): void => {
  for (const name of recognized) parameters.all(name);
};

type Parsing = {
  readonly client: Client;
  readonly redirectUri: ProvenUri;
  /** The row that the parameters come from. */
  readonly pushed: PushedRequest | undefined;
  /** Whether it came by /par, and whether the client signed it. */
  readonly arrived: { readonly isPushed: boolean; readonly isSigned: boolean };
  /** The deployment takes no others (RFC 9126 §5, `require_pushed_authorization_requests`). */
  readonly requirePushed: boolean;
};

/** How the client's requests must come (RFC 9126 §6, RFC 9101 §10.5). Throws `invalid_request`. */
const requireArrival = ({ client, arrived, requirePushed }: Parsing): void => {
  if (!arrived.isPushed && (requirePushed || client.requiresPushedRequests))
    throw new OAuthError('request_not_pushed', 'the request must be pushed first (RFC 9126)');
  if (!arrived.isSigned && client.requiresSignedRequests)
    throw new OAuthError('request_not_signed', 'the request must be a signed request object (RFC 9101)');
};

/** All that an address of ours says of a pushed request (RFC 9126 §4): nothing of what is in it. */
const pushedName = ({ clientId }: Client, { requestId }: PushedRequest) =>
  [
    ['client_id', clientId],
    ['request_uri', requestUriOf(requestId)],
  ] as const;

/** The rest of the request. Throws `OAuthError`s that go to the proven redirect URI (OAuth 2.1 §4.1.2.1). */
export const parseAuthorizationRequest = (
  parameters: Parameters,
  parsing: Parsing,
  resources: readonly Resource[],
): AuthorizationRequest => {
  const { client, redirectUri, pushed } = parsing;
  requireArrival(parsing);
  for (const check of checks) check(parameters, client);
  const asked = resolveTarget(
    {
      scope: parameters.get('scope'),
      resources: parameters.all('resource'),
      allowed: client.scopes.filter((scope) => !scope.startsWith(reservedPrefix)),
      refreshes: client.grantTypes.includes('refresh_token'),
      details: parameters.get('authorization_details'),
      detailTypes: client.detailTypes,
    },
    resources,
  );
  const openid = parseOpenidRequest(parameters, asked);
  const codeChallenge = challengeOf(parameters, { client, openid });
  const target = withImpliedScopes(asked, openid);
  const content = recognizedIn(parameters);
  const travelling = pushed === undefined ? content : pushedName(client, pushed);
  return {
    ...askedOf(target, { client, parameters: travelling, digest: digestOf([...content, ...travelling]) }, resources),
    openid,
    redirectUri,
    pushed,
    state: parameters.get('state'),
    responseMode: requireResponseMode(parameters, { client, redirectUri }),
    codeChallenge,
    dpopJkt: dpopJktOf(parameters.get('dpop_jkt')),
    prompts: promptsOf(parameters.get('prompt')),
    maxAgeSeconds: maxAgeOf(parameters.get('max_age')) ?? client.defaultMaxAgeSeconds,
    loginHint: parameters.get('login_hint'),
    acrValues: parameters.get('acr_values'),
  };
};

type Check = (parameters: Parameters, client: Client) => void;

const rejectDuplicates: Check = (parameters) => parameters.rejectDuplicates(repeatable);

/** By name, so that nothing in them is taken for unsaid (RFC 9101 §10.4, OpenID Connect Core §7.2.1). A request object has become its parameters by now. */
const rejectReferences: Check = (parameters) => {
  if (parameters.get('request_uri') !== undefined)
    throw new OAuthError('request_uri_unsupported', 'request_uri is not supported');
  if (parameters.get('registration') !== undefined)
    throw new OAuthError('registration_unsupported', 'registration in a request is not supported');
};

const requireGrantType: Check = (_parameters, client) => {
  if (!client.grantTypes.includes('authorization_code'))
    throw new OAuthError('client_without_code_grant', 'the client may not ask for authorizations');
};

const requireResponseType: Check = (parameters) => {
  const type = parameters.get('response_type');
  if (type === undefined) throw new OAuthError('response_type_missing', 'response_type is required');
  if (!responseTypes.some((known) => known === type))
    throw new OAuthError('response_type_unsupported', 'response_type must be code');
};

/** Asked for nothing, it is the usual one of the client. */
const requireResponseMode = (
  parameters: Parameters,
  recipient: { readonly client: Client; readonly redirectUri: ProvenUri },
): ResponseMode => {
  const asked = parameters.get('response_mode');
  const mode = responseModeOf(parameters, recipient);
  if (asked !== undefined && asked !== mode)
    throw new OAuthError('response_mode_unsupported', 'response_mode is not one in which this client can be answered');
  return mode;
};

/** In this order, and before anything of the request is understood. */
const checks: readonly Check[] = [rejectDuplicates, rejectReferences, requireResponseType, requireGrantType];

/** OpenID Connect Core §3.1.2.1: `none` stands alone. */
const promptsOf = (text: string | undefined): readonly Prompt[] => {
  const words = (text ?? '').split(' ').filter((word) => word !== '');
  const known = words.filter((word): word is Prompt => prompts.some((prompt) => prompt === word));
  if (known.length !== words.length) throw new OAuthError('prompt_unsupported', 'prompt is not one that is supported');
  if (known.includes('none') && known.length > 1)
    throw new OAuthError('prompt_none_with_others', 'prompt none goes with no other');
  return known;
};

/** Base64url of a SHA-256 (RFC 7638 §3). */
const dpopJktOf = (text: string | undefined): string | undefined => {
  if (text !== undefined && !/^[\w-]{43}$/.test(text))
    throw new OAuthError('dpop_jkt_malformed', 'dpop_jkt must be the SHA-256 thumbprint of a key');
  return text;
};

const maxAgeOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new OAuthError('max_age_malformed', 'max_age must be a number of seconds');
  return Number(text);
};
