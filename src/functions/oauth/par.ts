/** POST /par (RFC 9126): a client pushes its authorization request, and gets a name for it to send the person with. */

import { pushRequest } from '../../flows/authorization/push.ts';
import { spendProof } from '../../flows/clients/dpop.ts';
import type { Story } from '../../http/endpoint.ts';
import { json } from '../../http/reply.ts';
import { requireUnblocked } from '../../oauth/clients/client.ts';
import { authenticateClient } from './authenticate-client.ts';
import { dpopProofOf } from './dpop-proof.ts';

export const par: Story = async (request, server) => {
  const form = await request.form();
  form.rejectDuplicates(['resource']);
  const proof = await dpopProofOf(request, 'par', server);
  const client = await authenticateClient(form, request, server);
  requireUnblocked(client);
  await spendProof(proof, server);
  const { requestUri, expiresIn } = await pushRequest({ form, client, jkt: proof?.jkt }, server);
  return json({ request_uri: requestUri, expires_in: expiresIn }, { status: 201 });
};
