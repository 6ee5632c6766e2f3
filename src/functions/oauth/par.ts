/** POST /par (RFC 9126): a client pushes its authorization request, and gets a name for it to send the person with. */

import { pushRequest } from '../../flows/authorization/push.ts';
import { spendProof } from '../../flows/clients/dpop.ts';
import { requireAccessOn, requireMayAsk } from '../../flows/policy/service.ts';
import type { Story } from '../../http/endpoint.ts';
import { json } from '../../http/reply.ts';
import { authenticateClient } from './authenticate-client.ts';
import { dpopProofOf } from './dpop-proof.ts';

export const par: Story = async (request, server) => {
  const form = await request.form();
  form.rejectDuplicates(['resource']);
  const proof = await dpopProofOf(request, 'par', server);
  const client = await authenticateClient(form, request, server);
  await requireMayAsk(client, server);
  await requireAccessOn('service', server);
  await spendProof(proof, server);
  const { requestUri, expiresIn } = await pushRequest({ form, client, jkt: proof?.jkt }, server);
  return json({ request_uri: requestUri, expires_in: expiresIn }, { status: 201 });
};
