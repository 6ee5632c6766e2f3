/** What the metadata document says of signing out (RP-Initiated Logout §2.1, Back-Channel Logout §2.1). */
import type { Config } from '../../config.ts';
import { routes } from '../routes.ts';

export const logoutMetadata = ({ issuer }: Config) => ({
  end_session_endpoint: `${issuer}/${routes['end-session'].route}`,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
});
