/** A security profile that an operator puts a client under: what it means wherever the client is met. */
import type { Client } from './client.ts';
import type { ClientSigningAlgorithm } from './metadata/values.ts';
import { type ClientAlgorithm, clientAlgorithms } from './signed-by-client.ts';

export const profiles = ['fapi2'] as const;

export type ProfileFields = {
  /** FAPI 2.0 Security Profile (Final); undefined for OAuth 2.1 as everybody has it. */
  readonly profile: (typeof profiles)[number] | undefined;
};

export const usesFapi = ({ profile: one }: Pick<Client, 'profile'>): boolean => one === 'fapi2';

/** FAPI 2.0 §5.4.1. */
export const fapiAlgorithms: readonly string[] = ['PS256', 'ES256', 'EdDSA'];

/** What may sign a JWT of the client's: the one that it is registered for, or those that its profile leaves. */
export const algorithmsOf = (
  client: Pick<Client, 'profile'>,
  registered: ClientAlgorithm | undefined,
): readonly ClientAlgorithm[] => {
  const allowed = registered === undefined ? clientAlgorithms : [registered];
  return usesFapi(client) ? allowed.filter((one) => fapiAlgorithms.includes(one)) : allowed;
};

/** What we sign with for the client, of what our keys sign with; undefined for the usual one. */
export const signingAlgorithmFor = (
  client: Pick<Client, 'profile'>,
  offered: readonly ClientSigningAlgorithm[],
): ClientSigningAlgorithm | undefined =>
  usesFapi(client) ? offered.find((one) => fapiAlgorithms.includes(one)) : undefined;

/** A code lives no longer (§5.3.2.1), whatever the deployment gives others. */
export const fapiCodeSeconds = 60;
