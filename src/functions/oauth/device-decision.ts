/** POST /device/decision: the person's answer to a device's request. */
import { approve } from '../../flows/authorization/approve.ts';
import { isOutdated } from '../../flows/authorization/outdated.ts';
import { seenGrant } from '../../flows/authorization/seen-grant.ts';
import { type AskedByDevice, askedByDevice } from '../../flows/device/asked.ts';
import { ruledAsking } from '../../flows/policy/asking.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireSameOrigin } from '../../http/form-token.ts';
import { refusedPage } from '../../http/refused-page.ts';
import { page, type Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import { type Answer, type Approval, derivedCode, openApproval } from '../../oauth/authorization/approval.ts';
import { approvedScopes } from '../../oauth/authorization/asked.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { nameIn } from '../../oauth/clients/translated.ts';
import { equalBytes } from '../../oauth/crypto.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { typedUserCode } from '../../oauth/tokens/user-code.ts';
import { deviceConnectedPage, deviceRefusedPage } from '../../pages/device.ts';
import type { Server } from '../../server.ts';
import { currentSession } from '../sign-in/browser-session.ts';
import { choiceIn } from './approval-choice.ts';
import { type Again, askForApproval, type Why } from './approval-page.ts';
import { byDevice, isSignedInAsRuled } from './device.ts';
import { operatorStep } from './operator-approval.ts';
import { recordRefusal } from './record-refusal.ts';

export const deviceDecision: Story = async (request, server) => {
  requireSameOrigin(request, server);
  const form = await request.form();
  const session = await currentSession(request, server);
  const approval = session && openApproval(form.get('approval') ?? '', session);
  const userCode = typedUserCode(form.get('user_code') ?? '');
  if (session === undefined || approval === undefined || userCode === undefined) return notOurPage(request, server);
  const asked = await askedByDevice(userCode, server);
  if (asked === undefined) return tooLate(request, server);
  if (approval.request !== asked.digest) return notOurPage(request, server);
  request.clientId = asked.client.clientId;
  return decide(asked, { session, approval, form, request }, server);
};

type Submission = {
  readonly session: Session;
  readonly approval: Approval;
  readonly form: Parameters;
  readonly request: Incoming;
};

const decide = async (asked: AskedByDevice, submission: Submission, server: Server): Promise<Reply> => {
  const { session, form, request } = submission;
  const decision = form.get('decision');
  if (decision === 'deny') return deny(asked, { form, request }, server);
  if (!(await isSignedInAsRuled(session, server))) return notOurPage(request, server);
  const ruled = await ruledAsking(asked, session, server);
  const toOperators = await operatorStep(decision, ruled, { request, session, action: '/device/decision' }, server);
  return toOperators ?? choose(ruled.asked, submission, server);
};

const choose = async (asked: AskedByDevice, submission: Submission, server: Server): Promise<Reply> => {
  const { session, approval, form, request } = submission;
  const decision = form.get('decision');
  const show = async (again?: Again): Promise<Reply> => {
    const seen = await seenGrant(session, asked.client.clientId, server);
    return askForApproval(asked, { request, session, seen, ...(again && { again }), way: byDevice(asked) }, server);
  };
  if (decision === 'without') return show();
  const choice = choiceIn(form, asked);
  if (choice === undefined) return notOurPage(request, server);
  const askAgain = (why?: Why): Promise<Reply> => show({ ...choice, why });
  const answer = { scopes: approvedScopes(asked, choice.ticked, server.resources), lasting: choice.lasting };
  if (isAnsweredSo(asked, { session, approval, answer })) return connected(asked, request, server);
  if (!asked.isOpen) return tooLate(request, server);
  if (decision !== 'approve') return askAgain();
  if (await isOutdated(approval, asked, { session, server })) return askAgain('outdated');
  if (choice.ticked.length === 0 && asked.details === undefined) return askAgain('nothingTicked');
  const outcome = await connect(asked, { ...submission, answer }, server);
  if (outcome === 'stale') return askAgain('decidedMeanwhile');
  return outcome === 'connected' ? connected(asked, request, server) : tooLate(request, server);
};

type Answered = Pick<Submission, 'session' | 'approval'> & { readonly answer: Answer };

/** The same page sent again, because its answer got lost: it names the family that it made. */
const isAnsweredSo = ({ request: { family } }: AskedByDevice, { session, approval, answer }: Answered): boolean =>
  family !== undefined &&
  equalBytes(family.userKey, session.userKey) &&
  equalBytes(family.familyId, derivedCode(approval, answer, session).familyId);

const connected = async (asked: AskedByDevice, request: Incoming, server: Server): Promise<Reply> => {
  const site = await siteOf(request, server);
  return page(deviceConnectedPage(site, nameIn(asked.client, site.words.language)));
};

const deny = async (
  asked: AskedByDevice,
  { form, request }: Pick<Submission, 'form' | 'request'>,
  server: Server,
): Promise<Reply> => {
  // Denied is denied, whoever did it first.
  const isDenied = asked.request.state === 'denied';
  if (!isDenied && !(asked.isOpen && (await server.store.deviceRequests.decide(asked.request, { state: 'denied' }))))
    return tooLate(request, server);
  if (!isDenied) await recordRefusal(asked, { form, request }, server);
  const site = await siteOf(request, server);
  return page(deviceRefusedPage(site, nameIn(asked.client, site.words.language)));
};

/**
 * First the grant, then the device's request: whoever polls finds the family. A request that somebody else decided meanwhile
 * leaves a family that nothing can redeem, and that ends with the device code.
 */
const connect = async (
  asked: AskedByDevice,
  { session, approval, answer }: Submission & { readonly answer: Answer },
  server: Server,
): Promise<'connected' | 'stale' | 'too late'> => {
  const { familyId } = derivedCode(approval, answer, session);
  const { codeHash, expiresAt } = asked.request;
  const device = { deviceCodeHash: codeHash, deviceCodeExpiresAt: expiresAt };
  const credential = { familyId, code: undefined, device };
  const approved = await approve(asked, { session, approval, answer, credential, destination: undefined }, server);
  if (approved.result !== 'added') return approved.result === 'stale' ? 'stale' : 'too late';
  const family = { userKey: session.userKey, familyId };
  const isFirst = await server.store.deviceRequests.decide(asked.request, { state: 'approved', family });
  return isFirst ? 'connected' : 'too late';
};

const notOurPage = (request: Incoming, server: Server): Promise<Reply> =>
  refusedPage(request, server, ({ refusals }) => ({
    ...refusals.notOurPage,
    action: { href: '/device', label: refusals.notOurPage.enterAgain },
  }));

const tooLate = (request: Incoming, server: Server): Promise<Reply> =>
  refusedPage(request, server, ({ refusals }) => ({
    ...refusals.codeNotOpen,
    action: { href: '/device', label: refusals.codeNotOpen.enterAnother },
  }));
