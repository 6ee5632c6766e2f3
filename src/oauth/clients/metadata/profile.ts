/** A security profile that an operator puts a client under: what it forces upon the rest of the registration. */
import * as z from 'zod';
import type { Client } from '../client.ts';
import { type ClientAlgorithm, clientAlgorithms } from '../signed-by-client.ts';
import { type ClientRegistration, invalid, theme } from './theme.ts';
import type { ClientSigningAlgorithm } from './values.ts';

const profiles = ['fapi2'] as const;

export type ProfileFields = {
  /** FAPI 2.0 Security Profile (Final); undefined for OAuth 2.1 as everybody has it. */
  readonly profile: (typeof profiles)[number] | undefined;
};

export const profile = theme({
  shape: { assent_profile: z.enum(profiles).optional() },
  read: (metadata): ProfileFields => ({ profile: metadata.assent_profile }),
  check: (registration) => requireFapi(registration),
  describe: (client) => ({ assent_profile: client.profile }),
});

export const usesFapi = ({ profile: one }: Pick<Client, 'profile'>): boolean => one === 'fapi2';

/** FAPI 2.0 §5.4.1. */
const fapiAlgorithms: readonly string[] = ['PS256', 'ES256', 'EdDSA'];

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

/**
 * What the profile decides is not the registration's to say (§5.3.2.1, §5.3.2.2): requests are pushed, tokens are bound, PKCE
 * is never left out, and no assertion names an endpoint.
 */
export const underProfile = (registration: ClientRegistration): ClientRegistration =>
  usesFapi(registration)
    ? {
        ...registration,
        requiresPushedRequests: true,
        dpopBound: true,
        mayOmitPkce: false,
        assertsToEndpoint: false,
      }
    : registration;

/** What the client must bring along. Throws `invalid_client_metadata`. */
const requireFapi = (registration: ClientRegistration): void => {
  if (!usesFapi(registration)) return;
  const { authenticationMethod, redirectUris } = registration;
  if (authenticationMethod !== 'private_key_jwt')
    throw invalid('metadata_fapi_method', 'fapi2 needs token_endpoint_auth_method private_key_jwt');
  if (!redirectUris.every((uri) => uri.startsWith('https:')))
    throw invalid('metadata_fapi_redirect_uri', 'fapi2 needs https redirect URIs');
  const algorithms = [
    registration.assertionAlgorithm,
    registration.requestObjectAlgorithm,
    registration.idTokenAlgorithm,
    registration.userinfoAlgorithm,
    registration.answerAlgorithm,
    registration.introspectionAlgorithm,
  ];
  if (algorithms.some((one) => one !== undefined && !fapiAlgorithms.includes(one)))
    throw invalid('metadata_fapi_algorithm', `fapi2 takes ${fapiAlgorithms.join(', ')} alone`);
};
