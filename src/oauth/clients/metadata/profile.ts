/** Registering a client under a security profile (`../profile.ts`): what it forces upon the rest of the registration. */
import * as z from 'zod';
import { fapiAlgorithms, type ProfileFields, profiles, usesFapi } from '../profile.ts';
import { type ClientRegistration, invalid, theme } from './theme.ts';

export const profile = theme({
  shape: { assent_profile: z.enum(profiles).optional() },
  read: (metadata): ProfileFields => ({ profile: metadata.assent_profile }),
  check: (registration) => requireFapi(registration),
  describe: (client) => ({ assent_profile: client.profile }),
});

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
