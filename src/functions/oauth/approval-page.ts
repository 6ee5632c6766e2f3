/** Show the person what is asked for, in a form that only this browser can submit. */

import type { SeenGrant } from '../../flows/authorization/seen-grant.ts';
import { page, type Reply } from '../../http/reply.ts';
import { type GrantSnapshot, sealApproval } from '../../oauth/authorization/approval.ts';
import type { AuthorizationRequest } from '../../oauth/authorization/authorization-request.ts';
import { destinationOf, isLoopbackUri } from '../../oauth/authorization/redirect-uri.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { type Client, isConfidential } from '../../oauth/clients/client.ts';
import { base64url } from '../../oauth/crypto.ts';
import { type Approval, approvalPage } from '../../pages/approval.ts';
import type { Server } from '../../server.ts';
import { askedPermissions, learnedAt } from './asked-permissions.ts';

type Person = {
  readonly session: Session;
  readonly seen: SeenGrant;
  /** The page comes back to who answered it: with their own ticks (as the form sent them), and why. */
  readonly again?: { readonly ticked: readonly string[]; readonly notice: string };
};

export const askForApproval = (
  asked: AuthorizationRequest,
  { session, seen, again }: Person,
  server: Server,
): Reply => {
  const { client, parameters, redirectUri } = asked;
  const { lifetimes } = server.config;
  const resources = server.resources.filter(({ identifier }) => asked.resources.includes(identifier));
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
    brandName: server.config.brandName,
    issuer: server.config.issuer,
    client: {
      name: client.name,
      ...(client.uri === undefined ? {} : { uri: client.uri }),
      ...(client.policyUri === undefined ? {} : { policyUri: client.policyUri }),
      ...(client.tosUri === undefined ? {} : { tosUri: client.tosUri }),
      verified: client.verified !== undefined,
      redirectHost: destinationOf(redirectUri),
      recipient: recipientOf(client, redirectUri),
    },
    account: { name: session.displayName, accountName: session.accountName },
    resources,
    learns: learnedAt(resources),
    permissions: askedPermissions(asked, { resources, grant: seen.inForce }).map((permission) => ({
      ...permission,
      ticked: again?.ticked.includes(permission.id) ?? permission.ticked,
    })),
    ...(again === undefined ? {} : { notice: again.notice }),
    lifetime: {
      idleSeconds: lifetimes.refreshIdleSeconds,
      absoluteSeconds: lifetimes.refreshAbsoluteSeconds,
    },
    hidden: [...parameters, ['approval', token]],
    switchAccount: { action: '/authorize', hidden: withAccountChoice(parameters) },
  });
  return page(view, { formAction: 'anywhere' });
};

/** What is no longer in force leaves nothing behind but its row, and the families in it until they leave. */
const snapshotOf = ({ stored, inForce }: SeenGrant): GrantSnapshot | undefined =>
  stored && {
    etag: stored.etag,
    families: stored.families,
    permissions: inForce?.permissions ?? [],
    declined: inForce?.declined ?? [],
    redirectHosts: inForce?.redirectHosts ?? [],
    sessionAt: stored.sessionAt,
    consentAt: stored.consentAt,
    expiresAt: stored.expiresAt,
  };

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
