/** Show the person what is asked for, in a form that only this browser can submit. */

import { type SeenGrant, snapshotOf } from '../../flows/authorization/seen-grant.ts';
import { page, type Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { siteOf } from '../../http/site.ts';
import { detailsInWords } from '../../oauth/access/details.ts';
import { isIdentityResource } from '../../oauth/access/openid-scopes.ts';
import { placesOf } from '../../oauth/access/target.ts';
import { sealApproval } from '../../oauth/authorization/approval.ts';
import type { Asked } from '../../oauth/authorization/asked.ts';
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import { destinationOf, isLoopbackUri } from '../../oauth/authorization/redirect-uri.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { type Client, isConfidential } from '../../oauth/clients/client.ts';
import { base64url } from '../../oauth/crypto.ts';
import { type Approval, approvalPage } from '../../pages/approval.ts';
import type { Server } from '../../server.ts';
import type { Choice } from './approval-choice.ts';
import { askedPermissions, learnedAt } from './asked-permissions.ts';
import { changeSince } from './changed-document.ts';

/** How the answer travels: what the page says of it, and where its forms go. */
export type Way = Pick<Approval, 'action' | 'device' | 'switchAccount'> &
  Pick<Approval['client'], 'redirectHost' | 'recipient'>;

/** Why the person sees the page once more, in words for them. */
const notices = {
  outdated:
    'Nothing has been approved yet: this page had become too old, or the service has changed. Please look at it once more. Your ticks are as you left them.',
  'nothing ticked':
    'Nothing is ticked, so there is nothing to approve. Tick at least one permission and approve, or deny.',
  'decided meanwhile':
    'Nothing has been approved yet: what you allow this service has changed meanwhile. Please look at this page once more. Your ticks are as you left them.',
} as const;

/** Why, as a key of `notices`. */
export type Why = keyof typeof notices;

/** The page comes back to who answered it: with their own choices, as the form sent them, and perhaps why. */
export type Again = Choice & { readonly why?: Why | undefined };

type Person = {
  readonly request: Incoming;
  readonly session: Session;
  readonly seen: SeenGrant;
  readonly again?: Again;
};

export const askForApproval = async (
  asked: Asked,
  { request, session, seen, again, way }: Person & { readonly way: Way },
  server: Server,
): Promise<Reply> => {
  const { client, parameters } = asked;
  const { redirectHost, recipient, ...where } = way;
  const { lifetimes } = server.config;
  const places = placesOf(asked, server.resources);
  const resources = places.filter((one) => !isIdentityResource(one));
  const token = sealApproval(
    {
      request: asked.digest,
      shown: asked.shownDigest,
      grant: snapshotOf(seen),
      nonce: base64url(server.random(16)),
      issuedAt: server.clock(),
    },
    session,
  );
  const view = approvalPage({
    ...(await siteOf(request, server)),
    client: {
      name: client.name,
      ...(client.uri === undefined ? {} : { uri: client.uri }),
      ...(client.policyUri === undefined ? {} : { policyUri: client.policyUri }),
      ...(client.tosUri === undefined ? {} : { tosUri: client.tosUri }),
      verified: client.verified !== undefined,
      ...(client.registrant.by === 'document' ? { documentHost: new URL(client.clientId).host } : {}),
      redirectHost,
      recipient,
    },
    account: { name: session.displayName, accountName: session.accountName },
    resources,
    learns: learnedAt(resources),
    details: detailsInWords(asked.details, server.resources),
    permissions: askedPermissions(asked, { resources: places, grant: seen.inForce }).map((permission) => ({
      ...permission,
      ticked: again?.ticked.includes(permission.id) ?? permission.ticked,
    })),
    ...noticeOf(
      (again?.why && notices[again.why]) ?? changeSince(seen.inForce, { asked, destination: redirectHost }, server),
    ),
    lifetime: {
      idleSeconds: lifetimes.refreshIdleSeconds,
      absoluteSeconds: lifetimes.refreshAbsoluteSeconds,
    },
    hidden: [...parameters, ['approval', token]],
    ...where,
  });
  return page(view, { formAction: 'anywhere' });
};

const noticeOf = (notice: string | undefined) => (notice === undefined ? {} : { notice });

/** To the redirect URI. */
export const byRedirect = ({ client, redirectUri, parameters }: AuthorizationRequest): Way => ({
  action: '/consent',
  redirectHost: destinationOf(redirectUri),
  recipient: recipientOf(client, redirectUri),
  switchAccount: { action: '/authorize', method: 'post', hidden: withAccountChoice(parameters) },
});

/** RFC 8252 §7: apps listen on a scheme or a loopback port. A client with a secret is a website, wherever it runs. */
const recipientOf = (client: Client, redirectUri: string): Approval['client']['recipient'] => {
  if (!redirectUri.startsWith('http')) return 'app';
  if (!isLoopbackUri(redirectUri)) return 'website';
  return isConfidential(client) ? 'local website' : 'app';
};

const withAccountChoice = (parameters: AuthorizationRequest['parameters']): AuthorizationRequest['parameters'] => [
  ...parameters.filter(([name]) => name !== 'prompt' && name !== 'login_hint'),
  ['prompt', 'select_account'],
];
