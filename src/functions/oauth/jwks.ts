/** GET /.well-known/jwks.json (RFC 7517 §5): the keys to verify our tokens with, the next one included. */
import type { Story } from '../../http/endpoint.ts';
import { publicDocument } from '../../http/reply.ts';
import { jwksMaxAgeSeconds } from '../../signing/key-ring.ts';

export const jwks: Story = async (request, server) =>
  publicDocument(
    { keys: await server.signer.publicKeys() },
    { maxAgeSeconds: jwksMaxAgeSeconds, presented: request.header('if-none-match') },
  );
