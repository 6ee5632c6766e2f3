/** Step: show the person what is asked for, in a form that only this browser can submit. */
import { page, type Reply } from '../../http/reply.ts';
import { type GrantSnapshot, sealApproval } from '../../oauth/approval.ts';
import type { AuthorizationRequest } from '../../oauth/authorization-request.ts';
import { base64url } from '../../oauth/crypto.ts';
import { digestOf, includesAll, type StoredGrant } from '../../oauth/grant.ts';
import { destinationOf, isLoopbackUri } from '../../oauth/redirect-uri.ts';
import type { Permission, Resource } from '../../oauth/resources.ts';
import type { Session } from '../../oauth/session.ts';
import { permissionsAt } from '../../oauth/target.ts';
import { type ApprovalPermission, approvalPage } from '../../pages/approval.ts';
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
      ...(client.uri === undefined ? {} : { publisherUri: client.uri }),
      ...(client.policyUri === undefined ? {} : { policyUri: client.policyUri }),
      ...(client.tosUri === undefined ? {} : { tosUri: client.tosUri }),
      verified: true,
      redirectHost: destinationOf(redirectUri),
      redirectIsThisDevice: isLoopbackUri(redirectUri) || !redirectUri.startsWith('http'),
    },
    account: { name: session.displayName, accountName: session.accountName },
    resources: server.resources.filter(({ identifier }) => asked.resources.includes(identifier)),
    permissions: permissionsOf(asked, seen.inForce, server).map((permission) => ({
      ...permission,
      ticked: again?.ticked.includes(permission.id) ?? permission.ticked,
    })),
    ...(again === undefined ? {} : { notice: again.notice }),
    lifetime: {
      idleDays: Math.ceil(lifetimes.refreshIdleSeconds / 86_400),
      absoluteDays: Math.ceil(lifetimes.refreshAbsoluteSeconds / 86_400),
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
  return scopes.flatMap((scope) => {
    const resource = asked.find(({ permissions }) => permissions.has(scope));
    const permission = resource?.permissions.get(scope);
    if (resource === undefined || permission === undefined) return [];
    // One box stands for the scope at every resource that has it: allowed before means at each of them.
    const alreadyGranted =
      grant !== undefined &&
      includesAll(grant.permissions, permissionsAt({ scopes: [scope], resources }, server.resources));
    return [
      { ...permission, required: false, ticked: true, alreadyGranted, includes: includedIn(permission, resource) },
    ];
  });
};

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
