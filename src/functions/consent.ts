/** POST /consent: the person's answer to the approval page. */
import type { Endpoint } from '../http/endpoint.ts';
import { type Reply, redirect } from '../http/reply.ts';
import type { Incoming } from '../http/request.ts';
import { type Approval, openApproval } from '../oauth/approval.ts';
import type { AuthorizationRequest } from '../oauth/authorization-request.ts';
import { OAuthError } from '../oauth/errors.ts';
import { digestOf } from '../oauth/grant.ts';
import { clientKeyOf } from '../oauth/locator.ts';
import type { Parameters } from '../oauth/parameters.ts';
import type { Session } from '../oauth/session.ts';
import { permissionsAt } from '../oauth/target.ts';
import type { Server } from '../server.ts';
import { askForApproval } from './steps/ask-for-approval.ts';
import { answeringClient, authorizeUrl, provenRedirect, shownTo } from './steps/authorization-request.ts';
import { currentSession, requireSameOrigin } from './steps/browser-session.ts';
import { approvedCode } from './steps/issue-code.ts';
import { refusedPage } from './steps/refused-page.ts';

export const consent: Endpoint = {
  name: 'consent',
  route: 'consent',
  methods: ['POST'],
  audience: 'people',
  crossOrigin: false,
  handle: async (request, server) => {
    requireSameOrigin(request, server);
    const form = await request.form();
    const proven = await provenRedirect(form, server);
    return answeringClient(proven, server, (asked) => decide(asked, { form, request }, server), form);
  },
};

const decide = async (
  asked: AuthorizationRequest,
  { form, request }: { readonly form: Parameters; readonly request: Incoming },
  server: Server,
): Promise<Reply> => {
  const session = await currentSession(request, server);
  const approval = session && (await approvalOf(form, asked, { session, server }));
  if (session === undefined || approval === undefined) return askAgain(asked, server);

  const decision = form.get('decision');
  if (decision !== 'approve' && decision !== 'deny') return askAgain(asked, server);
  const scopes = asked.scopes.filter((scope) => form.all('permission').includes(scope));
  if (form.all('permission').some((scope) => !asked.scopes.includes(scope))) return askAgain(asked, server);
  if (decision === 'deny' || scopes.length === 0) throw new OAuthError('access_denied', 'the person did not approve');

  const approved = await approvedCode(asked, { session, approval, scopes }, server);
  if (approved.result === 'answered') return approved.reply;
  if (approved.result === 'spent') return alreadyAnswered(server);
  // The grant has changed since. It may now answer for the person, but not with what they have just left out.
  if (scopes.length === asked.scopes.length) return redirect(authorizeUrl(asked.parameters));
  const grant = await server.store.grants.read(session.userKey, clientKeyOf(asked.client.clientId));
  return askForApproval(asked, { session, grant }, server);
};

/** The approval that this form carries, if it was made by this browser's session for this very request. */
const approvalOf = async (
  form: Parameters,
  asked: AuthorizationRequest,
  { session, server }: { readonly session: Session; readonly server: Server },
): Promise<Approval | undefined> => {
  const approval = openApproval(form.get('approval') ?? '', session, {
    now: server.clock(),
    lifetimeSeconds: server.config.lifetimes.approvalSeconds,
  });
  const { userKey } = session;
  const notBefore = await server.store.deployment.notBefore.instantFor({
    clientKey: clientKeyOf(asked.client.clientId),
    userKey,
  });
  // The page may be older than the session.
  const isForThis =
    approval !== undefined &&
    approval.issuedAt > notBefore &&
    approval.request === asked.digest &&
    approval.shown === digestOf(shownTo(asked.client, permissionsAt(asked, server.resources), server));
  return isForThis ? approval : undefined;
};

const askAgain = (asked: AuthorizationRequest, server: Server): Reply =>
  refusedPage(server, {
    title: 'This page is no longer valid',
    message: 'It is too old, was opened in another browser or for another account, or the service has changed since.',
    action: { href: authorizeUrl(asked.parameters), label: 'Show it again' },
  });

const alreadyAnswered = (server: Server): Reply =>
  refusedPage(server, {
    title: 'You have answered this already',
    message: 'Your approval reached the service. To see it or take it back, go to Manage authorizations.',
    action: { href: '/authorizations', label: 'Manage authorizations' },
  });
