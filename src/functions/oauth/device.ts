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
  if (session !== undefined && !otherAccount) return codePage(session, { userCode }, server);
  const prompt = otherAccount ? ('select_account' as const) : undefined;
  return beginSignIn(request, server, { destination: { page: 'device', userCode }, prompt });
};

const problems = {
  unknown: 'This code is not known, or no longer. Compare it with the device, or start again there.',
  'too many': 'That were too many codes. Please wait a moment and try again.',
} as const;

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
    return codePage(session, { userCode, problem: problems['too many'] }, server);
  const asked = userCode === undefined ? undefined : await askedByDevice(userCode, server);
  if (!asked?.isOpen) return codePage(session, { userCode, problem: problems.unknown }, server);
  server.limits.failures.give(triesOf(session), server.clock());
  request.clientId = asked.client.clientId;
  const seen = await seenGrant(session, asked.client.clientId, server);
  return askForApproval(asked, { session, seen, way: byDevice(asked) }, server);
};

const triesOf = ({ userKey }: Session): string => `user code ${userKey.toString('hex')}`;

type Shown = { readonly userCode: string | undefined; readonly problem?: string };

const codePage = (session: Session, { userCode, problem }: Shown, { config }: Server): Reply =>
  page(
    devicePage({
      brandName: config.brandName,
      issuer: config.issuer,
      account: { name: session.displayName, accountName: session.accountName },
      formToken: formTokenOf(session),
      ...(userCode === undefined ? {} : { userCode: shownUserCode(userCode) }),
      ...(problem === undefined ? {} : { problem }),
    }),
    { status: problem === undefined ? 200 : 400 },
  );

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
