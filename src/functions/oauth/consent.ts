/** POST /consent: the person's answer to the approval page. */

import { approvedCode } from '../../flows/authorization/issue-code.ts';
import { isOutdated } from '../../flows/authorization/outdated.ts';
import { provenRedirect } from '../../flows/authorization/proven-redirect.ts';
import { requestSource } from '../../flows/authorization/request-source.ts';
import { seenGrant } from '../../flows/authorization/seen-grant.ts';
import { ruledAsking } from '../../flows/policy/asking.ts';
import { authorizationResponse } from '../../http/authorization-response.ts';
import { authorizeUrl } from '../../http/authorize-url.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireSameOrigin } from '../../http/form-token.ts';
import { refusedPage } from '../../http/refused-page.ts';
import { type Reply, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { type Approval, openApproval } from '../../oauth/authorization/approval.ts';
import { approvedScopes } from '../../oauth/authorization/asked.ts';
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { usualLasting } from '../../oauth/grants/lasting.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { meetsSignInRule } from '../../oauth/policy/sign-in.ts';
import type { Server } from '../../server.ts';
import { copiedSession, currentSession } from '../sign-in/browser-session.ts';
import { answeringClient } from './answering-client.ts';
import { choiceIn } from './approval-choice.ts';
import { type Again, askForApproval, byRedirect, type Why } from './approval-page.ts';
import { operatorStep } from './operator-approval.ts';
import { recordRefusal } from './record-refusal.ts';

export const consent: Story = async (request, server) => {
  requireSameOrigin(request, server);
  const form = await request.form();
  const source = await requestSource(form, server);
  const proven = await provenRedirect(source.parameters, server);
  return answeringClient({ proven, source, request }, server, (asked) => decide(asked, { form, request }, server));
};

type Sent = { readonly form: Parameters; readonly request: Incoming };

const decide = async (asked: AuthorizationRequest, { form, request }: Sent, server: Server): Promise<Reply> => {
  const decision = form.get('decision');
  // A refusal gives nothing away: the service hears of it however old the page is and whoever is signed in by now.
  if (decision === 'deny') {
    if (asked.pushed !== undefined) await server.store.pushedRequests.consume(asked.pushed, 'denied');
    await recordRefusal(asked, { form, request }, server);
    throw new OAuthError('consent_denied', 'the person did not approve');
  }

  const byCopy = decision === 'approve' ? await codeByCopy(asked, { form, request }, server) : undefined;
  const decided = byCopy ?? (await decideIn(await currentSession(request, server), asked, { form, request }, server));
  return 'code' in decided ? authorizationResponse(asked, { code: decided.code }, { request, server }) : decided.reply;
};

type Decided = { readonly code: string } | { readonly reply: Reply };

/** The session is as it was when this instance showed the page, mostly: then the write alone says so, and it need not be read. */
const codeByCopy = async (
  asked: AuthorizationRequest,
  sent: Sent,
  server: Server,
): Promise<{ readonly code: string } | undefined> => {
  const session = await copiedSession(sent.request, sent.form.get('approval'), server);
  if (session === undefined) return undefined;
  try {
    const decided = await decideIn(session, asked, { ...sent, isCopy: true }, server);
    return 'code' in decided ? decided : undefined;
  } catch (error) {
    if (error instanceof OAuthError) return undefined;
    throw error;
  }
};

const decideIn = async (
  session: Session | undefined,
  asked: AuthorizationRequest,
  sent: Sent & { readonly isCopy?: boolean },
  server: Server,
): Promise<Decided> => {
  const { form, request } = sent;
  const approval = session && openApproval(form.get('approval') ?? '', session);
  if (session === undefined || approval?.request !== asked.digest)
    return { reply: await notOurPage(asked, request, server) };
  const { signIn } = await server.policy();
  if (!meetsSignInRule(session, signIn, server.clock())) return { reply: redirect(authorizeUrl(asked.parameters)) };
  const ruled = await ruledAsking(asked, session, server);
  const way = { request, session, action: '/consent' } as const;
  const toOperators = await operatorStep(form.get('decision'), ruled, way, server);
  return toOperators === undefined
    ? choose(ruled.asked, { ...sent, session, approval }, server)
    : { reply: toOperators };
};

type Submission = Sent & {
  readonly session: Session;
  /** Whether that is a copy. */
  readonly isCopy?: boolean;
  readonly approval: Approval;
};

const choose = async (
  asked: AuthorizationRequest,
  { form, request, session, isCopy = false, approval }: Submission,
  server: Server,
): Promise<Decided> => {
  const decision = form.get('decision');
  if (decision === 'without') return { reply: await showAgain(asked, { request, session }, server) };
  const choice = choiceIn(form, asked);
  if (choice === undefined) return { reply: await notOurPage(asked, request, server) };
  const askAgain = async (why?: Why) => ({
    reply: await showAgain(asked, { request, session, again: { ...choice, why } }, server),
  });
  if (decision !== 'approve') return askAgain();
  if (await isOutdated(approval, asked, { session, server })) return askAgain('outdated');
  if (choice.ticked.length === 0 && asked.details === undefined) return askAgain('nothingTicked');

  const answer = { scopes: approvedScopes(asked, choice.ticked, server.resources), lasting: choice.lasting };
  const approved = await approvedCode(asked, { session, isCopy, approval, answer }, server);
  if (approved.result === 'issued') return { code: approved.code };
  if (approved.result === 'spent') return { reply: await alreadyAnswered(request, server) };
  // The grant has changed since. It may now answer for the person, but not with what they have just left out.
  if (answer.scopes.length === asked.scopes.length && answer.lasting === usualLasting)
    return { reply: redirect(authorizeUrl(asked.parameters)) };
  return askAgain('decidedMeanwhile');
};

type Shown = { readonly request: Incoming; readonly session: Session };

const showAgain = async (
  asked: AuthorizationRequest,
  { request, session, again }: Shown & { readonly again?: Again },
  server: Server,
): Promise<Reply> => {
  const seen = await seenGrant(session, asked.client.clientId, server);
  return askForApproval(asked, { request, session, seen, ...(again && { again }), way: byRedirect(asked) }, server);
};

const notOurPage = (asked: AuthorizationRequest, request: Incoming, server: Server): Promise<Reply> =>
  refusedPage(request, server, ({ refusals }) => ({
    ...refusals.notOurPage,
    action: { href: authorizeUrl(asked.parameters), label: refusals.notOurPage.showAgain },
  }));

const alreadyAnswered = (request: Incoming, server: Server): Promise<Reply> =>
  refusedPage(request, server, ({ refusals, common }) => ({
    ...refusals.answered,
    action: { href: '/authorizations', label: common.manage },
  }));
