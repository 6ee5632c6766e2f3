/** What a service asks for needs an operator's approval first: show that, and take the person's request for it. */
import type { RuledAsking } from '../../flows/policy/asking.ts';
import { page, type Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import { findPermission } from '../../oauth/access/target.ts';
import { sealApproval } from '../../oauth/authorization/approval.ts';
import type { Asked } from '../../oauth/authorization/asked.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { nameIn } from '../../oauth/clients/translated.ts';
import { base64url } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { OperatorRequest } from '../../oauth/policy/operator-request.ts';
import { type OperatorApproval, operatorApprovalPage } from '../../pages/operator-approval.ts';
import type { Server } from '../../server.ts';

type Where = {
  readonly request: Incoming;
  readonly session: Session;
  readonly action: OperatorApproval['action'];
};

/** What is missing, what became of the request for it, and the ways on. */
export const showMissing = async (
  { asked, missing, hasMore, request: made }: RuledAsking<Asked>,
  { request, session, action }: Where,
  server: Server,
): Promise<Reply> => {
  const token = sealApproval(
    {
      request: asked.digest,
      shown: asked.shownDigest,
      grant: undefined,
      nonce: base64url(server.random(16)),
      issuedAt: server.clock(),
    },
    session,
  );
  const site = await siteOf(request, server);
  return page(
    operatorApprovalPage({
      ...site,
      account: { name: session.displayName, accountName: session.accountName },
      clientName: nameIn(asked.client, site.words.language),
      look: { logo: asked.client.logo, seed: asked.client.clientId },
      permissions: missing.flatMap((one) => findPermission(one, server.resources)?.permission ?? []),
      ...stateOf(made, missing),
      now: server.clock(),
      hasMore,
      action,
      hidden: [...asked.parameters, ['approval', token]],
    }),
    { formAction: 'anywhere' },
  );
};

const stateOf = (
  request: OperatorRequest | undefined,
  missing: readonly string[],
): Pick<OperatorApproval, 'state' | 'reason' | 'since'> => {
  const isAboutAll = missing.every((one) => request?.permissions.includes(one));
  if (request === undefined || request.state === 'approved' || !isAboutAll) return { state: 'not asked' };
  const { state, reason, askedAt, decidedAt } = request;
  return { state, since: decidedAt ?? askedAt, ...(reason === undefined ? {} : { reason }) };
};

/**
 * The answer to what the person decided on that page, or to an approval of what needs an operator's by now; undefined where it
 * is for the approval page to answer.
 */
export const operatorStep = async (
  decision: string | undefined,
  ruled: RuledAsking<Asked>,
  where: Where,
  server: Server,
): Promise<Reply | undefined> => {
  if (decision === 'ask operator') return showMissing(await askOperator(ruled, where.session, server), where, server);
  return ruled.hasMore ? undefined : showMissing(ruled, where, server);
};

/** Puts the person's request into the operators' queue. Throws `too_many_requests`, `Unavailable`. */
const askOperator = async <A extends Asked>(
  ruled: RuledAsking<A>,
  session: Session,
  server: Server,
): Promise<RuledAsking<A>> => {
  const { client } = ruled.asked;
  const { userKey, displayName, accountName } = session;
  if (ruled.missing.length === 0) return ruled;
  if (!server.limits.failures.take(`asks operators ${userKey.toString('hex')}`, server.clock()))
    throw new OAuthError('limit_of_failures', 'too many requests', { retryAfterSeconds: 5 });
  const { clientId, name: clientName } = client;
  const permissions = ruled.missing;
  const asking = { userKey, personName: displayName, accountName, clientId, clientName, permissions };
  await server.store.operatorRequests.ask({ ...asking, askedAt: server.clock() });
  server.log({ event: 'operator_approval_requested', client_id: clientId });
  return { ...ruled, request: await server.store.operatorRequests.read(userKey, clientId) };
};
