/** Show the person what is asked for, in a form that only this browser can submit. */

import { type SeenGrant, snapshotOf } from '../../flows/authorization/seen-grant.ts';
import { lastingLimits } from '../../flows/policy/lasting-limits.ts';
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
import {
  type Lasting,
  type LastingLimits,
  longestSeconds,
  offeredLastings,
  usualLasting,
} from '../../oauth/grants/lasting.ts';
import { type Approval, approvalPage } from '../../pages/approval.ts';
import { readerOf, resourceNameIn } from '../../pages/permission-words.ts';
import type { Server } from '../../server.ts';
import type { Choice } from './approval-choice.ts';
import { askedPermissions, learnedAt } from './asked-permissions.ts';
import { changesSince } from './changes-since.ts';
import { shownClient, whole } from './shown-client.ts';

/** How the answer travels: what the page says of it, and where its forms go. */
export type Way = Pick<Approval, 'action' | 'device' | 'switchAccount'> &
  Pick<Approval['client'], 'redirectHost' | 'recipient'>;

/** Why the person sees the page once more. */
export type Why = NonNullable<Approval['notice']>;

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
  server.store.sessions.keepCopy(session, token);
  const site = await siteOf(request, server);
  const { words } = site;
  const { inForce } = seen;
  const view = approvalPage({
    ...site,
    client: { ...shownClient(client, words), redirectHost, recipient },
    account: { name: session.displayName, accountName: session.accountName },
    resources: resources.map((one) => ({ identifier: one.identifier, name: resourceNameIn(one, words) })),
    learns: learnedAt(resources),
    details: detailsInWords(asked.details, server.resources, readerOf(words)),
    permissions: askedPermissions(asked, { resources: places, grant: inForce, ticked: again?.ticked, words }),
    ...whole({ notice: again?.why, changes: changesSince(inForce, { asked, destination: redirectHost }, server) }),
    lasting: lastingView(again?.lasting ?? inForce?.lasting, await lastingLimits(server), server),
    hidden: [...parameters, ['approval', token]],
    ...where,
  });
  return page(view, { formAction: 'anywhere' });
};

/** A choice that is not offered (any more) is the usual one. */
const lastingView = (
  chosen: Lasting = usualLasting,
  limits: LastingLimits,
  { config }: Server,
): Approval['lasting'] => {
  const offered = offeredLastings(limits);
  const { accessTokenSeconds, refreshIdleSeconds, refreshAbsoluteSeconds } = config.lifetimes;
  return {
    offered,
    chosen: offered.includes(chosen) ? chosen : usualLasting,
    tokenSeconds: accessTokenSeconds,
    idleSeconds: refreshIdleSeconds,
    longestSeconds: longestSeconds(limits),
    isRuled: longestSeconds(limits) < refreshAbsoluteSeconds,
  };
};

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
