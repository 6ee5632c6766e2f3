/** How the client's authorization requests must reach us. */
import * as z from 'zod';
import { theme } from './theme.ts';

export type RequestFields = {
  /** RFC 9126 §6. */
  readonly requiresPushedRequests: boolean;
};

export const requests = theme({
  shape: { require_pushed_authorization_requests: z.boolean().default(false) },
  read: (metadata): RequestFields => ({ requiresPushedRequests: metadata.require_pushed_authorization_requests }),
  describe: (client) => ({ require_pushed_authorization_requests: client.requiresPushedRequests }),
});
