/**
 * POST /token (OAuth 2.1 §3.2): authenticate the client, read the row, check every binding, sign, commit with one
 * conditional write, answer. Signing comes before the commit, so a vault that does not answer consumes nothing.
 */
import { type Endpoint, requireRoom } from '../http/endpoint.ts';
import { json, type Reply } from '../http/reply.ts';
import { type AccessTokenSubject, accessTokenClaims, accessTokenType } from '../oauth/access-token.ts';
import { type Client, type GrantType, grantTypes, isConfidential, requireUnblocked } from '../oauth/client.ts';
import type { DeploymentKeys } from '../oauth/deployment-keys.ts';
import { OAuthError, Unavailable } from '../oauth/errors.ts';
import { byLastUse, type EndReason, type Family, isLive } from '../oauth/family.ts';
import { familiesPerGrant } from '../oauth/grant.ts';
import { type CodeDecision, decideCode, refusedCode } from '../oauth/grants/authorization-code.ts';
import { decideClientCredentials } from '../oauth/grants/client-credentials.ts';
import {
  decideRefresh,
  derivableSuccessor,
  invalidRefreshToken,
  type RefreshContext,
  type RefreshDecision,
  type RefreshRequest,
} from '../oauth/grants/refresh-token.ts';
import { type FamilyAddress, sessionIdOf, subjectOf } from '../oauth/locator.ts';
import type { Parameters } from '../oauth/parameters.ts';
import { claimsFor } from '../oauth/person.ts';
import type { Target } from '../oauth/target.ts';
import { formatRefreshToken, parseCode, parseRefreshToken } from '../oauth/token-strings.ts';
import type { Server } from '../server.ts';
import { competingAttempts, type TransitionResult } from '../storage/families.ts';
import { pause } from '../storage/settle.ts';
import { authenticateClient } from './steps/authenticate-client.ts';

type Grant = (form: Parameters, client: Client, server: Server) => Promise<Reply>;

export const token: Endpoint = {
  name: 'token',
  route: 'token',
  methods: ['POST'],
  audience: 'services',
  crossOrigin: true,
  handle: async (request, server) => {
    const form = await request.form();
    form.requireSound(['resource']);
    const client = await authenticateClient(form, request, server);
    requireUnblocked(client);
    const grantType = requireGrantType(form.get('grant_type'), client);
    return grants[grantType](form, client, server);
  },
};

const requireGrantType = (name: string | undefined, client: Client): GrantType => {
  if (name === undefined) throw new OAuthError('invalid_request', 'grant_type is required');
  const grantType = grantTypes.find((known) => known === name);
  if (grantType === undefined) throw new OAuthError('unsupported_grant_type', 'grant_type is not supported');
  if (!client.grantTypes.includes(grantType))
    throw new OAuthError('unauthorized_client', 'the client may not use this grant type');
  return grantType;
};

const redeemCode: Grant = async (form, client, server) => {
  const keys = await server.keys();
  const code = parseCode(required(form, 'code'), keys);
  if (code === undefined) throw new OAuthError('invalid_grant', 'the code is not valid');
  const request = {
    secret: code.secret,
    redirectUri: form.get('redirect_uri'),
    codeVerifier: form.get('code_verifier'),
    resources: form.all('resource'),
  };
  const family = await server.store.families.read(code.address);
  const context = await contextFor(client, code.address, server);
  const isUndelivered = server.store.families.isUndelivered(family, 'redeemedBy');
  const decision = decideCode(request, { ...context, family, isUndelivered });
  if (family === undefined) throw new OAuthError('invalid_grant', 'the code is not valid');
  if (decision.kind === 'replayed') return endReplayed(family, 'code replayed', server);

  const accessToken = await signFor(family, decision.target, { client, server });
  await commitRedemption(decision, family, server);
  if (family.isCrowded) await makeRoom(family, client, server);
  return tokenResponse(accessToken, decision.target, server, firstRefreshToken(code.address, decision, keys));
};

/** Ends the least recently used connections beyond fifty. The new one stands whatever becomes of that. */
const makeRoom = async ({ address, clientId }: Family, client: Client, server: Server): Promise<void> => {
  const { families } = server.store;
  const at = server.clock();
  const event = { kind: 'pushed out', at, clientId, clientName: client.name } as const;
  try {
    const live = (await families.ofClient(address)).filter((one) => one.state === 'active' && isLive(one, at));
    const excess = live.toSorted(byLastUse).slice(0, Math.max(0, live.length - familiesPerGrant));
    for (const one of excess) await families.end(one, { reason: 'pushed out', at, event });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    server.log({ event: 'no_room_made', client_id: clientId });
  }
};

/** Throws `invalid_grant` if another request redeemed the code after it was read: no theft, since it was good then. */
const commitRedemption = async (
  { refresh: issued, absoluteExpiresAt, keepUntil }: Extract<CodeDecision, { kind: 'redeem' }>,
  family: Family,
  server: Server,
): Promise<void> => {
  let current: Family | undefined = family;
  const active = { lineage: issued?.lineage, absoluteExpiresAt, keepUntil };
  for (let attempt = 0; attempt < competingAttempts && current !== undefined; attempt++) {
    const redeemed: TransitionResult = await server.store.families.redeem(current, active);
    if (redeemed.result === 'done') return;
    // Still unspent if only a request that got no answer came between: its fence, or its own redemption.
    const { families } = server.store;
    const isUnspent = redeemed.current?.state === 'code' || families.isUndelivered(redeemed.current, 'redeemedBy');
    current = isUnspent ? redeemed.current : undefined;
  }
  throw refusedCode('code_spent');
};

const firstRefreshToken = (
  address: FamilyAddress,
  decision: Extract<CodeDecision, { kind: 'redeem' }>,
  keys: DeploymentKeys,
): string | undefined => decision.refresh && formatRefreshToken({ address, ...decision.refresh }, keys);

const refresh: Grant = async (form, client, server) => {
  const keys = await server.keys();
  const presented = parseRefreshToken(required(form, 'refresh_token'), keys);
  if (presented === undefined) throw invalidRefreshToken();
  const request = { token: presented, scope: form.get('scope'), resources: form.all('resource') };
  const family = await server.store.families.read(presented.address);
  const context = { ...(await contextFor(client, presented.address, server)), successorKey: keys.successor };
  const isUndelivered = server.store.families.isUndelivered(family, 'rotatedBy');
  const decision = decideRefresh(request, { ...context, family, isUndelivered });
  if (family === undefined) throw invalidRefreshToken();
  if (decision.kind === 'replayed') return endReplayed(family, 'refresh token replayed', server);

  const accessToken = await signFor(family, decision.target, { client, server });
  const successor = await commitRefresh(decision, { family, request, context, isUndelivered }, server);
  const refreshToken = formatRefreshToken({ ...presented, secret: successor }, keys);
  return tokenResponse(accessToken, decision.target, server, refreshToken);
};

type RefreshInProgress = {
  readonly family: Family;
  readonly request: RefreshRequest;
  readonly context: Omit<RefreshContext, 'family' | 'isUndelivered'>;
  readonly isUndelivered: boolean;
};

/**
 * The successor to hand out once its write has settled. The row also changes for other reasons than a rotation of this
 * token (a use of the one before is counted, an access token revoked): then it is decided again. A token that was good
 * when it was read is no replay, however far the lineage went on meanwhile: `invalid_grant`, and the family lives.
 */
const commitRefresh = (
  first: Exclude<RefreshDecision, { kind: 'replayed' }>,
  { family, request, context, isUndelivered }: RefreshInProgress,
  server: Server,
): Promise<Buffer> => {
  const { families } = server.store;
  const wasCurrent = first.kind === 'rotate';
  /** What came of the token since: its successor, or what is decided about the row as it is now. */
  const lookAgain = async () => {
    const current = await families.read(family.address);
    const successor =
      wasCurrent && current ? derivableSuccessor(current, request.token, context.successorKey) : undefined;
    if (successor !== undefined) return { successor };
    // Another retry may have taken the undelivered successor meanwhile: it is as good for this one.
    const isStill = isUndelivered && current?.rotatedBy === family.rotatedBy;
    return { current, decision: decideRefresh(request, { ...context, family: current, isUndelivered: isStill }) };
  };
  return families.inTurn(family.address, async (waited) => {
    let seen: Awaited<ReturnType<typeof lookAgain>> = waited ? await lookAgain() : { current: family, decision: first };
    for (let attempt = 0; attempt < competingAttempts; attempt++) {
      if (seen.successor !== undefined) return seen.successor;
      const { current, decision } = seen;
      if (current === undefined || decision.kind === 'replayed') throw invalidRefreshToken();
      if ((await commit(current, decision, { context, server })).result === 'done') return decision.successor;
      await pause(Math.random() * 10 * Math.min(attempt, 10));
      seen = await lookAgain();
    }
    throw new Unavailable('storage');
  });
};

const commit = async (
  family: Family,
  decision: Exclude<RefreshDecision, { kind: 'replayed' }>,
  { context, server }: { readonly context: { readonly now: number }; readonly server: Server },
): Promise<TransitionResult> => {
  const { families } = server.store;
  if (decision.kind === 'rotate') return families.rotate(family, decision);
  const counted = await families.countGraceUse(family, context.now);
  // One of these is a lost answer; many are a second holder of the lineage, and operators should see them come.
  if (counted.result === 'done')
    server.log({
      event: 'previous_refresh_token_used',
      client_id: family.clientId,
      family: family.address.familyId.toString('hex'),
      seconds_since_rotation: context.now - (family.lineage?.rotatedAt ?? context.now),
      streak: (family.lineage?.graceStreak ?? 0) + 1,
    });
  return counted;
};

const clientCredentials: Grant = async (form, client, server) => {
  const request = { scope: form.get('scope'), resources: form.all('resource') };
  const target = decideClientCredentials(request, client, server.resources);
  const subject = { ...target, clientId: client.clientId, subject: client.clientId };
  return tokenResponse(await sign(subject, server), target, server, undefined);
};

/** One row per grant type that the metadata document lists. */
const grants: Readonly<Record<GrantType, Grant>> = {
  authorization_code: redeemCode,
  refresh_token: refresh,
  client_credentials: clientCredentials,
};

const required = (form: Parameters, name: string): string => {
  const value = form.get(name);
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is required`);
  return value;
};

const contextFor = async (client: Client, { clientKey, userKey }: FamilyAddress, server: Server) => ({
  client,
  now: server.clock(),
  instants: await server.store.deployment.notBefore.instantsFor({ clientKey, userKey }),
  lifetimes: server.config.lifetimes,
  resources: server.resources,
  random: server.random,
});

/** Ends the family, tells the person's history and the operators' log, and refuses. */
const endReplayed = async (
  family: Family,
  reason: Extract<EndReason, 'code replayed' | 'refresh token replayed'>,
  server: Server,
): Promise<never> => {
  const at = server.clock();
  const { clientId, address } = family;
  const client = await server.store.clients.find(clientId);
  const event = { kind: reason, at, clientId, clientName: client?.name ?? clientId };
  await server.store.families.end(family, { reason, at, event });
  server.log({ event: 'replay_detected', reason, client_id: clientId, family: address.familyId.toString('hex') });
  throw new OAuthError('invalid_grant', 'the token or code was used before; the authorization has been ended');
};

const signFor = async (
  family: Family,
  target: Target,
  { client, server }: { readonly client: Client; readonly server: Server },
): Promise<string> => {
  const keys = await server.keys();
  const sessionId = sessionIdOf(family.address, keys.locator);
  requireRoom(server.limits.families, sessionId, server);
  // Anybody can be a public client: what one person does with many sessions must not use up everybody's share of it.
  if (!isConfidential(client))
    requireRoom(server.limits.people, `${client.clientId} ${family.address.userKey.toString('hex')}`, server);
  const subject = subjectOf(family.address.userKey, keys.subject);
  const { clientId, authTime, person } = family;
  const personClaims = claimsFor(person, target.resources, server.resources);
  return sign({ ...target, clientId, subject, sessionId, authTime, personClaims }, server);
};

const sign = (subject: AccessTokenSubject, server: Server): Promise<string> => {
  requireRoom(server.limits.clients, subject.clientId, server);
  // While Key Vault throttles, no client gets more than its share, so that one that loops does not use it up for all others.
  if (server.signer.isThrottled()) requireRoom(server.limits.shares, subject.clientId, server);
  const claims = accessTokenClaims(subject, {
    issuer: server.config.issuer,
    now: server.clock(),
    lifetimeSeconds: server.config.lifetimes.accessTokenSeconds,
    random: server.random,
  });
  return server.signer.sign(accessTokenType, claims);
};

/** RFC 6749 §5.1; `scope` always, so that nobody has to guess what was granted. */
const tokenResponse = (accessToken: string, target: Target, server: Server, refreshToken: string | undefined): Reply =>
  json({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: server.config.lifetimes.accessTokenSeconds,
    scope: target.scopes.join(' '),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  });
