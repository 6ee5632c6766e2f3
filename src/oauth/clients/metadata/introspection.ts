/** How a resource server reads what it asked about a token (RFC 9701 §6). */
import { theme } from './theme.ts';
import { type ClientSigningAlgorithm, offeredIn, signingAlgorithm } from './values.ts';

export type IntrospectionFields = {
  /** What signed answers are signed with; undefined for the usual one. Whether an answer is signed each request says. */
  readonly introspectionAlgorithm: ClientSigningAlgorithm | undefined;
};

export const introspection = theme({
  shape: { introspection_signed_response_alg: signingAlgorithm.optional() },
  read: (metadata, { signingAlgorithms: offered }): IntrospectionFields => ({
    introspectionAlgorithm: offeredIn(offered, metadata.introspection_signed_response_alg),
  }),
  describe: (client) => ({ introspection_signed_response_alg: client.introspectionAlgorithm }),
});
