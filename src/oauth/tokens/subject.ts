/** Under which name a client knows a person. */
import type { Client } from '../clients/client.ts';
import { sectorOf } from '../clients/sign-in.ts';
import type { DeploymentKeys } from './deployment-keys.ts';
import { pairwiseSubjectOf, subjectOf } from './locator.ts';

/**
 * The `sub` of a person in whatever a client is given: its ID tokens, its access tokens, the answers of userinfo and
 * introspection. The same at every client, unless it was registered for one of its sector alone (OpenID Connect Core §8).
 */
export const subjectFor = (
  client: Pick<Client, 'subjectType' | 'sectorIdentifierUri' | 'redirectUris'>,
  userKey: Buffer,
  { subject }: Pick<DeploymentKeys, 'subject'>,
): string => {
  const sector = sectorOf(client);
  return sector === undefined ? subjectOf(userKey, subject) : pairwiseSubjectOf(userKey, sector, subject);
};
