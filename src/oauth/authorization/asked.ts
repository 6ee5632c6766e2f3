/** What a person is asked to allow, however the request reached us. */
import { detailsInWords } from '../access/details.ts';
import { withIncluded } from '../access/included.ts';
import { isRequired } from '../access/openid-scopes.ts';
import type { Resource } from '../access/resources.ts';
import { findPermission, permissionsAt, type Target } from '../access/target.ts';
import type { Client } from '../clients/client.ts';
import { OAuthError } from '../errors.ts';
import { digestOf } from '../grants/grant.ts';
import { clientKeyOf } from '../tokens/locator.ts';
import type { OpenidRequest } from './openid-request.ts';

export type Asked = Target & {
  readonly client: Client;
  readonly clientKey: Buffer;
  /** Everything that is asked for, each at its resource (`permissionsAt`). */
  readonly permissions: readonly string[];
  /** Digest of what the person is shown about it. */
  readonly shownDigest: string;
  /** Of a request that signs the person in, where it says more than its scopes do. */
  readonly openid?: OpenidRequest | undefined;
  /** Permissions that an operator approved for this person, where some of those that are asked for need that. */
  readonly operatorApproved?: readonly string[] | undefined;
  /** The request as its own recognized parameters, to travel through sign-in and approval and be read again. */
  readonly parameters: readonly (readonly [string, string])[];
  /** Digest of the request, whether it travels or has been pushed. */
  readonly digest: string;
};

/** Three times the built-in catalogue, counted at each resource: nobody reads a longer page, and no form token holds it. */
const permissionsPerRequest = 250;

/** Throws `invalid_scope` for more than a person can decide about at once. */
export const askedOf = (
  target: Target,
  { client, parameters, digest }: Pick<Asked, 'client' | 'parameters' | 'digest'>,
  resources: readonly Resource[],
): Asked => {
  const permissions = permissionsAt(target, resources);
  if (permissions.length > permissionsPerRequest)
    throw new OAuthError(
      'request_too_many_permissions',
      `more than ${permissionsPerRequest} permissions at once are too many to decide about`,
    );
  return {
    ...target,
    client,
    clientKey: clientKeyOf(client.clientId),
    permissions,
    shownDigest: withDetails(shownDigestOf(client, permissions, resources), target, resources),
    parameters,
    digest,
  };
};

/** Nothing remembers details: they are a part of this one page alone. */
const withDetails = (shown: string, { details }: Target, resources: readonly Resource[]): string =>
  details === undefined ? shown : digestOf([shown, detailsInWords(details, resources)]);

/** What a person allows who ticked these: with a permission comes what it includes, ticked or not. */
export const approvedScopes = (
  asked: Asked,
  ticked: readonly string[],
  known: readonly Resource[],
): readonly string[] => {
  const chosen = withIncluded(asked, ticked, known);
  return asked.scopes.filter((scope) => chosen.includes(scope) || isRequired(scope));
};

/** What the person is shown about a client and permissions: remembered consent holds only while it stays the same. */
export const shownDigestOf = (
  { name, publisher, uri, policyUri, tosUri, translations, registrant }: Client,
  permissions: readonly string[],
  resources: readonly Resource[],
): string => {
  const shown = permissions.map((remembered) => {
    const { permission, resource } = findPermission(remembered, resources) ?? {};
    return [remembered, permission?.name, permission?.description, permission?.highPrivilege, resource?.claims];
  });
  // Nobody looks after what a document says of itself: whoever takes its host over is another client.
  const identity = registrant.by === 'document' ? [registrant.digest] : [];
  // Not in the digests of services that have none, which people have approved already.
  const published = publisher === undefined ? [] : [{ publisher }];
  const translated = translations === undefined ? [] : [translations];
  return digestOf([name, uri, policyUri, tosUri, shown, ...identity, ...published, ...translated]);
};
