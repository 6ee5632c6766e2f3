/**
 * grant_type=refresh_token (RFC 6749 §6): read the row, check every binding, sign, commit with one conditional write.
 * Retries, lost answers and parallel requests converge on one successor; what only a second holder can present ends all.
 */
import type { Family } from '../../oauth/grants/family.ts';
import {
  decideRefresh,
  derivableSuccessor,
  invalidRefreshToken,
  type RefreshContext,
  type RefreshDecision,
  type RefreshRequest,
} from '../../oauth/grants/refresh-token.ts';
import { hasSameScopes, outdated, type Seen } from '../../oauth/grants/seen.ts';
import type { Use } from '../../oauth/grants/use.ts';
import { formatRefreshToken, parseRefreshToken, type RefreshTokenParts } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';
import { requireRuling, rulingOnFamily, within } from '../policy/held.ts';
import { byFamily } from './by-family.ts';
import { signedTokensOf, tokenResponse } from './issue.ts';
import { endReplayed } from './replay.ts';
import {
  circumstancesOf,
  type GrantHandler,
  requiredParameter,
  type TokenRequest,
  type TokenResponse,
} from './request.ts';

export const refreshToken: GrantHandler = async (request, server) => {
  const presented = parseRefreshToken(requiredParameter(request, 'refresh_token'), await server.keys());
  if (presented === undefined) throw invalidRefreshToken('refresh_token_unreadable');
  return byFamily(presented.address, server, (seen) => refreshed(presented, { request, seen }, server));
};

type Refreshing = { readonly request: TokenRequest; readonly seen: Seen | undefined };

const refreshed = async (
  presented: RefreshTokenParts,
  { request, seen }: Refreshing,
  server: Server,
): Promise<TokenResponse | typeof outdated> => {
  if (seen === undefined) throw invalidRefreshToken('refresh_token_unknown');
  const { family, isCopy, isAgain } = seen;
  const keys = await server.keys();
  const { form, client, jkt } = request;
  const asked = {
    token: presented,
    scope: form.get('scope'),
    resources: form.all('resource'),
    details: form.get('authorization_details'),
  };
  const ruling = await rulingOnFamily(family, server);
  const ruled = { ...request, client: within(client, ruling, family) };
  const circumstances = await circumstancesOf(ruled, presented.address, server);
  const context = { ...circumstances, successorKey: keys.successor };
  const decision = decideRefresh(asked, { ...context, family });
  if (decision.kind === 'replayed') {
    if (isCopy) return outdated;
    if (isAgain) throw invalidRefreshToken('refresh_token_overtaken');
    return endReplayed(family, 'refresh token replayed', server);
  }
  requireRuling(ruling);

  const { endsAt } = ruling;
  const signed = await signedTokensOf(family, decision.target, { client, jkt, server, endsAt });
  const secret = await commit(decision, { seen, asked, context, use: request.use }, server);
  if (secret === outdated) return outdated;
  const successor = formatRefreshToken({ ...presented, secret }, keys);
  return tokenResponse({ ...signed, refreshToken: successor, jkt, expiresAt: endsAt }, decision.target, server);
};

type Good = Exclude<RefreshDecision, { kind: 'replayed' }>;

type InProgress = {
  readonly seen: Seen;
  readonly asked: RefreshRequest;
  readonly context: Omit<RefreshContext, 'family'>;
  readonly use: Use;
};

/**
 * The successor to hand out once its write has settled. The row also changes for other reasons than a rotation of this
 * token (a use of the one before is counted, an access token revoked): then it is decided again. A token that was good
 * when it was read is no replay, however far the lineage went on meanwhile: `invalid_grant`, and the family lives. What was
 * signed for more than is left is not handed out: `outdated`.
 */
const commit = async (
  first: Good,
  { seen, asked, context, use }: InProgress,
  server: Server,
): Promise<Buffer | typeof outdated> => {
  const stepOf = (decision: Good) =>
    decision.kind === 'rotate' ? ({ ...decision, use } as const) : ({ ...decision, at: context.now } as const);
  const decideAgain = (current: Family | undefined) => {
    if (current === undefined || !hasSameScopes(current, seen.family)) return outdated;
    const theirs = first.kind === 'rotate' ? derivableSuccessor(current, asked.token, context.successorKey) : undefined;
    if (theirs !== undefined) return { kind: 'follow', successor: theirs } as const;
    const decision = decideRefresh(asked, { ...context, family: current });
    if (decision.kind === 'replayed') throw invalidRefreshToken('refresh_token_overtaken');
    return stepOf(decision);
  };
  type Step = Exclude<ReturnType<typeof decideAgain>, typeof outdated>;
  const done = await server.store.families.refresh<Step>(seen, stepOf(first), decideAgain);
  if (done === outdated) return outdated;
  if (done.kind === 'repeat') noteRepeat(seen.family, context, server);
  return done.successor;
};

/** One of these is a lost answer; many are a second holder of the lineage, and operators should see them come. */
const noteRepeat = ({ clientId, address, lineage }: Family, { now }: InProgress['context'], server: Server): void =>
  server.log({
    event: 'previous_refresh_token_used',
    client_id: clientId,
    family: address.familyId.toString('hex'),
    seconds_since_rotation: now - (lineage?.rotatedAt ?? now),
    streak: (lineage?.graceStreak ?? 0) + 1,
  });
