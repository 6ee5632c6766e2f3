/** What kind of software the client is (OpenID Connect Dynamic Client Registration §2, RFC 7591 §2). */
import * as z from 'zod';
import { isLoopbackUri } from '../../authorization/redirect-uri.ts';
import { OAuthError } from '../../errors.ts';
import { type ClientRegistration, theme } from './theme.ts';
import { text } from './values.ts';

const applicationTypes = ['web', 'native'] as const;
type ApplicationType = (typeof applicationTypes)[number];

export type ApplicationFields = {
  /** Undefined where nobody said: libraries that say nothing register apps as well, for which the default would be wrong. */
  readonly applicationType: ApplicationType | undefined;
  /** The same for all copies of the software; we only give it back. */
  readonly softwareId: string | undefined;
  readonly softwareVersion: string | undefined;
};

export const application = theme({
  shape: {
    application_type: z.enum(applicationTypes).optional(),
    software_id: text.optional(),
    software_version: text.optional(),
  },
  read: (metadata): ApplicationFields => ({
    applicationType: metadata.application_type,
    softwareId: metadata.software_id,
    softwareVersion: metadata.software_version,
  }),
  check: (registration) => requirePlacesOfType(registration),
  describe: (client) => ({
    application_type: client.applicationType,
    software_id: client.softwareId,
    software_version: client.softwareVersion,
  }),
});

const isWebUri = (uri: string): boolean => uri.startsWith('https:');

/**
 * A website has web addresses; on the device itself only while it is developed, and then it has a secret to keep. An app may
 * have any: a claimed https address is the best (RFC 8252 §7.2).
 */
const requirePlacesOfType = ({ applicationType, redirectUris, authenticationMethod }: ClientRegistration): void => {
  if (applicationType !== 'web') return;
  const isFit = (uri: string) => isWebUri(uri) || (isLoopbackUri(uri) && authenticationMethod !== 'none');
  if (!redirectUris.every(isFit))
    throw new OAuthError(
      'metadata_redirect_uri_of_web',
      'a redirect URI is that of an app: register it with application_type native',
    );
};
