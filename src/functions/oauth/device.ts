/**
 * GET, POST /device (RFC 8628 §3.3): a person enters the code that their device shows, and is asked as for any service.
 * Signing in comes first, so that wrong codes are counted against somebody.
 */
import { seenGrant } from '../../flows/authorization/seen-grant.ts';
import { type AskedByDevice, askedByDevice } from '../../flows/device/asked.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireFormToken, requireSameOrigin } from '../../http/form-token.ts';
import { requireWindow } from '../../http/place.ts';
import { page, type Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { shownUserCode, typedUserCode } from '../../oauth/tokens/user-code.ts';
import { devicePage } from '../../pages/device.ts';
import type { Server } from '../../server.ts';
import { beginSignIn } from '../sign-in/begin.ts';
import { currentSession } from '../sign-in/browser-session.ts';
import { askForApproval, type Way } from './approval-page.ts';

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
  const seen = await seenGrant(session, asked.client.clientId, server);
  return askForApproval(asked, { request, session, seen, way: byDevice(asked) }, server);
};

const triesOf = ({ userKey }: Session): string => `user code ${userKey.toString('hex')}`;

type Shown = {
  readonly session: Session;
  readonly request: Incoming;
  readonly userCode: string | undefined;
  readonly problem?: 'unknown' | 'tooMany';
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
