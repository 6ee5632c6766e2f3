/** Who is it, and can it prove that? */
import { authenticate } from '../../flows/clients/authenticate.ts';
import { clientAuthenticationMethods } from '../../flows/clients/methods.ts';
import type { Incoming } from '../../http/request.ts';
import type { Client } from '../../oauth/clients/client.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';

/** The client that sent the form, by whichever method. Throws what `authenticate` does. */
export const authenticateClient = (form: Parameters, request: Incoming, server: Server): Promise<Client> => {
  const { source } = request;
  const onClient = ({ clientId }: Client): void => {
    request.clientId = clientId;
  };
  const authorization = request.header('authorization');
  return authenticate({ form, authorization, source, onClient }, clientAuthenticationMethods, server);
};
