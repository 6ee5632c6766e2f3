/**
 * GET, POST /device (RFC 8628 §3.3): a person enters the code that their device shows, and is asked as for any service.
 * Signing in comes first, so that wrong codes are counted against somebody.
 */
import { seenGrant } from '../../flows/authorization/seen-grant.ts';
import { type AskedByDevice, askedByDevice } from '../../flows/device/asked.ts';
import { ruledAsking } from '../../flows/policy/asking.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireFormToken, requireSameOrigin } from '../../http/form-token.ts';
import { requireWindow } from '../../http/place.ts';
import { page, type Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { meetsSignInRule } from '../../oauth/policy/sign-in.ts';
import { shownUserCode, typedUserCode } from '../../oauth/tokens/user-code.ts';
import { devicePage } from '../../pages/device.ts';
import type { Server } from '../../server.ts';
import { beginSignIn } from '../sign-in/begin.ts';
import { currentSession } from '../sign-in/browser-session.ts';
import { askForApproval, type Way } from './approval-page.ts';
import { showMissing } from './operator-approval.ts';

export const device: Story = (request, server) =>
  request.method === 'POST' ? submit(request, server) : show(request, server);

const show = async (request: Incoming, server: Server): Promise<Reply> => {
  requireWindow(request);
  const query = parseParameters(request.query);
  const userCode = typedUserCode(query.get('user_code') ?? '');
  const session = await currentSession(request, server);
  const otherAccount = query.get('prompt') === 'select_account';
  if (session !== undefined && !otherAccount) return codePage({ session, request, userCode }, server);
  const prompt = otherAccount ? ('select_account' as const) : undefined;
  return beginSignIn(request, server, { destination: { page: 'device', userCode }, prompt });
};

const submit = async (request: Incoming, server: Server): Promise<Reply> => {
  requireSameOrigin(request, server);
  const form = await request.form();
  const session = await currentSession(request, server);
  if (session === undefined)
    return beginSignIn(request, server, { destination: { page: 'device', userCode: undefined } });
  requireFormToken(form, session);
  const userCode = typedUserCode(form.get('user_code') ?? '');
  // Before looking, or a right guess would pass when wrong ones no longer do (RFC 8628 §5.1).
  if (!server.limits.failures.take(triesOf(session), server.clock()))
    return codePage({ session, request, userCode, problem: 'tooMany' }, server);
  const asked = userCode === undefined ? undefined : await askedByDevice(userCode, server);
  if (!asked?.isOpen) return codePage({ session, request, userCode, problem: 'unknown' }, server);
  server.limits.failures.give(triesOf(session), server.clock());
  request.clientId = asked.client.clientId;
  if (!(await isSignedInAsRuled(session, server))) return signInAsRuled(request, server, { session, userCode });
  const ruled = await ruledAsking(asked, session, server);
  if (ruled.missing.length > 0) return showMissing(ruled, { request, session, action: '/device/decision' }, server);
  const seen = await seenGrant(session, asked.client.clientId, server);
  return askForApproval(ruled.asked, { request, session, seen, way: byDevice(asked) }, server);
};

/** True if the session is what operators want a sign-in to be. */
export const isSignedInAsRuled = async (session: Session, server: Server): Promise<boolean> =>
  meetsSignInRule(session, (await server.policy()).signIn, server.clock());

/** Whoever comes from there without it must not be sent there for ever. */
const justNowSeconds = 60;

type Unmet = { readonly session: Session; readonly userCode: string | undefined };

const signInAsRuled = async (request: Incoming, server: Server, { session, userCode }: Unmet): Promise<Reply> => {
  const { acr, maxAgeSeconds } = (await server.policy()).signIn;
  if (server.clock() - session.createdAt < justNowSeconds)
    return codePage({ session, request, userCode, problem: 'signIn' }, server);
  const acrValues = acr.length === 0 ? undefined : acr.join(' ');
  return beginSignIn(request, server, { destination: { page: 'device', userCode }, maxAgeSeconds, acrValues });
};

const triesOf = ({ userKey }: Session): string => `user code ${userKey.toString('hex')}`;

type Shown = {
  readonly session: Session;
  readonly request: Incoming;
  readonly userCode: string | undefined;
  readonly problem?: 'unknown' | 'tooMany' | 'signIn';
};

const codePage = async ({ session, request, userCode, problem }: Shown, server: Server): Promise<Reply> => {
  const site = await siteOf(request, server);
  return page(
    devicePage({
      ...site,
      account: { name: session.displayName, accountName: session.accountName },
      formToken: formTokenOf(session),
      ...(userCode === undefined ? {} : { userCode: shownUserCode(userCode) }),
      ...(problem === undefined ? {} : { problem: site.words.device[problem] }),
    }),
    { status: problem === undefined ? 200 : 400 },
  );
};

/** To a device that shows a code. */
export const byDevice = ({ request }: AskedByDevice): Way => {
  const userCode = shownUserCode(request.userCode);
  const { place, agent } = request;
  return {
    action: '/device/decision',
    redirectHost: '',
    recipient: 'device',
    device: { userCode, ...(place === undefined ? {} : { place }), ...(agent === undefined ? {} : { agent }) },
    switchAccount: {
      action: '/device',
      method: 'get',
      hidden: [
        ['user_code', userCode],
        ['prompt', 'select_account'],
      ],
    },
  };
};
