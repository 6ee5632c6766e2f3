/** What every story of the admin API begins with: an operator who calls. */
import type { Story } from '../../http/endpoint.ts';
import type { Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import { authenticateOperator } from './authenticate-operator.ts';

export type Handler = (request: Incoming, server: Server, operator: Client) => Promise<Reply>;

/** The operator first, then the handler of the method. */
export const adminStory =
  (handlers: Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Handler>>): Story =>
  async (request, server) => {
    const operator = await authenticateOperator(request, server);
    const handler = handlers[request.method === 'HEAD' ? 'GET' : (request.method as keyof typeof handlers)];
    if (handler === undefined) throw new OAuthError('method_unsupported', 'the method is not supported here');
    return handler(request, server, operator);
  };
