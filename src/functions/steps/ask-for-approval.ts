/** Step: show the person what is asked for, in a form that only this browser can submit. */
import { page, type Reply } from '../../http/reply.ts';
import { type GrantSnapshot, sealApproval } from '../../oauth/approval.ts';
import type { AuthorizationRequest } from '../../oauth/authorization-request.ts';
import { type Client, isConfidential } from '../../oauth/client.ts';
import { base64url } from '../../oauth/crypto.ts';
import { digestOf, includesAll, type StoredGrant } from '../../oauth/grant.ts';
import { destinationOf, isLoopbackUri } from '../../oauth/redirect-uri.ts';
import type { Permission, Resource } from '../../oauth/resources.ts';
import type { Session } from '../../oauth/session.ts';
import { permissionsAt } from '../../oauth/target.ts';
import { type Approval, type ApprovalPermission, approvalPage } from '../../pages/approval.ts';
import type { Server } from '../../server.ts';
import { shownTo } from './authorization-request.ts';
import type { SeenGrant } from './seen-grant.ts';

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
  const token = sealApproval(
    {
      request: asked.digest,
      shown: digestOf(shownTo(client, permissionsAt(asked, server.resources), server)),
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
    resources: server.resources.filter(({ identifier }) => asked.resources.includes(identifier)),
    permissions: permissionsOf(asked, seen.inForce, server).map((permission) => ({
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

const permissionsOf = (
  { scopes, resources }: AuthorizationRequest,
  grant: StoredGrant | undefined,
  server: Server,
): readonly ApprovalPermission[] => {
  const asked = server.resources.filter(({ identifier }) => resources.includes(identifier));
  const found = scopes.flatMap((scope) => {
    const resource = asked.find(({ permissions }) => permissions.has(scope));
    const permission = resource?.permissions.get(scope);
    if (resource === undefined || permission === undefined) return [];
    return [{ ...permission, includes: includedIn(permission, resource) }];
  });
  return nestedInOrder(found).map((permission) => {
    // One box stands for the scope at every resource that has it: allowed before means at each of them.
    const everywhere = permissionsAt({ scopes: [permission.id], resources }, server.resources);
    const alreadyGranted = grant !== undefined && includesAll(grant.permissions, everywhere);
    const wasDeclined = grant?.declined.some((one) => everywhere.includes(one)) === true;
    return {
      ...permission,
      required: false,
      // Leaving it out was a decision; being asked again does not take it back.
      ticked: !wasDeclined,
      alreadyGranted,
      isNew: grant !== undefined && !alreadyGranted && !wasDeclined,
      partOf: found.filter(({ includes }) => includes.some(({ id }) => id === permission.id)).map(({ name }) => name),
    };
  });
};

/** Category by category as they come, in each what is included before what includes it. */
const nestedInOrder = <P extends { readonly category: string; readonly includes: readonly unknown[] }>(
  permissions: readonly P[],
): readonly P[] =>
  [...Map.groupBy(permissions, ({ category }) => category).values()].flatMap((members) =>
    members.toSorted((a, b) => a.includes.length - b.includes.length),
  );

/** What a permission brings with it, nearest first. Permissions that the catalogue does not offer are not worth a word. */
const includedIn = (permission: Permission, resource: Resource): readonly Permission[] => {
  const included: Permission[] = [];
  let next = permission.inheritsFrom;
  while (next !== undefined) {
    const one = resource.permissions.get(next);
    if (one === undefined || included.includes(one)) break;
    included.push(one);
    next = one.inheritsFrom;
  }
  return included;
};
