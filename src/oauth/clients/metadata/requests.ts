/** How the client's requests must reach us, and by what its tokens are held. */
import * as z from 'zod';
import { theme } from './theme.ts';

export type RequestFields = {
  /** RFC 9126 §6. */
  readonly requiresPushedRequests: boolean;
  /** RFC 9449 §5.2: no token of it goes without a key. */
  readonly dpopBound: boolean;
};

export const requests = theme({
  shape: {
    require_pushed_authorization_requests: z.boolean().default(false),
    dpop_bound_access_tokens: z.boolean().default(false),
  },
  read: (metadata): RequestFields => ({
    requiresPushedRequests: metadata.require_pushed_authorization_requests,
    dpopBound: metadata.dpop_bound_access_tokens,
  }),
  describe: (client) => ({
    require_pushed_authorization_requests: client.requiresPushedRequests,
    dpop_bound_access_tokens: client.dpopBound,
  }),
});
