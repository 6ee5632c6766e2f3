/** How a client that signs people in (`metadata/openid.ts` registers it) is told of them. */
import type { Client } from './client.ts';
import type { ClientSigningAlgorithm } from './metadata/values.ts';
import { signingAlgorithmFor } from './profile.ts';

/** What `sub` can be to a client (OpenID Connect Core §8), as the metadata document lists it. */
export const subjectTypes = ['public', 'pairwise'] as const;

/**
 * The sector among whose clients a person has one `sub` (Core §8.1): a host. Undefined for a client whose people have the
 * one that all others see.
 */
export const sectorOf = ({
  subjectType,
  sectorIdentifierUri,
  redirectUris,
}: Pick<Client, 'subjectType' | 'sectorIdentifierUri' | 'redirectUris'>): string | undefined => {
  if (subjectType !== 'pairwise') return undefined;
  const [host, ...others] = new Set((sectorIdentifierUri ? [sectorIdentifierUri] : redirectUris).map(hostOf));
  return others.length > 0 || host === '' ? undefined : host;
};

const hostOf = (uri: string): string => new URL(uri).hostname;

/** What an ID token for the client is signed with: without its word RS256, as Core §2 has it, where the keys can. */
export const idTokenAlgorithm = (
  client: Pick<Client, 'idTokenAlgorithm' | 'profile'>,
  { algorithms }: { readonly algorithms: readonly ClientSigningAlgorithm[] },
): ClientSigningAlgorithm | undefined =>
  [client.idTokenAlgorithm, signingAlgorithmFor(client, algorithms), 'RS256' as const].find(
    (one) => one !== undefined && algorithms.includes(one),
  ) ?? algorithms[0];
