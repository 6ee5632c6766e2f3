/** Where the client takes people after signing out, and how it hears of it (RP-Initiated Logout §3.1, Back-Channel Logout §2.2). */
import * as z from 'zod';
import { problemOfRedirectUri } from '../../authorization/redirect-uri.ts';
import { invalid, theme } from './theme.ts';
import { webAddress } from './values.ts';

export type LogoutFields = {
  readonly postLogoutRedirectUris: readonly string[];
  /** Undefined for a client that is not told. */
  readonly backchannelLogoutUri: string | undefined;
  /** Each logout token names the session in any case; this is only given back. */
  readonly backchannelLogoutSessionRequired: boolean;
};

export const logout = theme({
  shape: {
    post_logout_redirect_uris: z.array(z.string()).max(20).default([]),
    backchannel_logout_uri: webAddress.refine((uri) => !uri.includes('#'), 'must not have a fragment').optional(),
    backchannel_logout_session_required: z.boolean().default(false),
  },
  read: (metadata): LogoutFields => {
    requirePlaces(metadata.post_logout_redirect_uris);
    return {
      postLogoutRedirectUris: [...new Set(metadata.post_logout_redirect_uris)],
      backchannelLogoutUri: metadata.backchannel_logout_uri,
      backchannelLogoutSessionRequired: metadata.backchannel_logout_session_required,
    };
  },
  describe: (client) => ({
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    backchannel_logout_uri: client.backchannelLogoutUri,
    backchannel_logout_session_required: client.backchannelLogoutSessionRequired,
  }),
});

/** A browser is sent there as it is with an answer. */
const requirePlaces = (uris: readonly string[]): void => {
  for (const uri of uris) {
    const problem = problemOfRedirectUri(uri);
    if (problem !== undefined) throw invalid('metadata_post_logout_uri', `post_logout_redirect_uris: one ${problem}`);
  }
};
