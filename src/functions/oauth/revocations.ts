/**
 * GET /revocations: what ended within the life of an access token, signed, for resource servers that want to refuse what was
 * revoked without asking about every token. Not more than three seconds old, and kept by nobody for longer than that.
 */
import type { Story } from '../../http/endpoint.ts';
import { publicText } from '../../http/reply.ts';
import { revocationListType } from '../../oauth/tokens/revocation-list.ts';

const maxAgeSeconds = 3;

export const revocations: Story = async (request, server) => {
  const { jws, version } = await server.revocationLists();
  // Weak: each instance signs its own (RFC 9110 §8.8.1).
  const etag = `W/"${version}"`;
  const presented = request.header('if-none-match');
  return publicText({ text: jws, type: `application/${revocationListType}`, etag }, { maxAgeSeconds, presented });
};
