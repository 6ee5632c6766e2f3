/** GET, POST /userinfo (OpenID Connect Core §5.3): what a service may know of the person who signed in. */
import { userinfoOf } from '../../flows/token/userinfo.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { json, jwt } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { bearerTokenIn } from '../../oauth/tokens/bearer.ts';

export const userinfo: Endpoint = {
  name: 'userinfo',
  route: 'userinfo',
  methods: ['GET', 'POST'],
  audience: 'services',
  crossOrigin: true,
  handle: async (request, server) => {
    const told = await userinfoOf(await presentedToken(request), server, (clientId) => {
      request.clientId = clientId;
    });
    return 'signed' in told ? jwt(told.signed) : json(told.claims);
  },
};

/** RFC 6750 §2: in the header or in a form. */
const presentedToken = async (request: Incoming): Promise<string> => {
  const isForm = request.method === 'POST' && request.header('content-type')?.startsWith(formType) === true;
  const form = isForm ? await request.form() : undefined;
  form?.rejectDuplicates([]);
  return bearerTokenIn(request.header('authorization'), form);
};

const formType = 'application/x-www-form-urlencoded';
