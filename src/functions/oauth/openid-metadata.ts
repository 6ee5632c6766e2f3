/** What the metadata document says of OpenID Connect (Discovery 1.0 §3). */
import type { Config } from '../../config.ts';
import { identityClaimNames } from '../../oauth/access/identity-claims.ts';
import { subjectTypes } from '../../oauth/clients/sign-in.ts';
import { idTokenClaimNames } from '../../oauth/tokens/id-token.ts';
import { languages } from '../../pages/words/languages.ts';
import { routes } from '../routes.ts';

export const openidMetadata = ({ issuer, signing }: Config) => ({
  userinfo_endpoint: `${issuer}/${routes.userinfo.route}`,
  subject_types_supported: subjectTypes,
  id_token_signing_alg_values_supported: signing.algorithms,
  userinfo_signing_alg_values_supported: signing.algorithms,
  claim_types_supported: ['normal'],
  claims_supported: [...idTokenClaimNames, ...identityClaimNames],
  ui_locales_supported: languages,
  claims_parameter_supported: true,
  request_parameter_supported: true,
  // Left out, it would mean that it is supported.
  request_uri_parameter_supported: false,
});
