/** The frame around every endpoint: methods, CORS, the source's rate limit. An endpoint itself only tells its story and throws. */
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { takeRateLimit } from '../limits/rate-limit.ts';
import { OAuthError } from '../oauth/errors.ts';
import { asOfNow, type Server } from '../server.ts';
import { cookieFlags } from './cookies.ts';
import { openToScripts, preflight } from './cors.ts';
import { allowedMethods, type Endpoint } from './endpoint.ts';
import { everyAnswer } from './headers.ts';
import { refusalOf } from './refusal.ts';
import type { Reply } from './reply.ts';
import { type Incoming, readRequest, requireSmallBody } from './request.ts';

/** An answer in the library's words. */
export type Answer = Required<Pick<HttpResponseInit, 'status' | 'cookies'>> & {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Reply['body'];
};

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<Answer>;

/** What answers for an endpoint. Never rejects. */
export const handlerOf =
  (endpoint: Endpoint, server: Server): Handler =>
  async (request, context) => {
    let reply: Reply;
    const incoming = readRequest(request, {
      trustedProxies: server.config.trustedProxies,
      invocation: context.invocationId,
      limit: endpoint.bodyLimitBytes,
      parametersLimit: endpoint.parametersLimit,
    });
    server.refusals.flush(server.clock());
    try {
      reply = await answer(endpoint, incoming, server);
    } catch (error) {
      reply = await refusalOf(endpoint, error, { request: incoming, server, context });
    }
    const { dpopNonce } = incoming;
    if (dpopNonce !== undefined) reply = { ...reply, headers: { ...reply.headers, 'dpop-nonce': dpopNonce } };
    return answerOf(endpoint, isOpen(endpoint, incoming) ? openToScripts(reply) : reply, server);
  };

const isOpen = ({ crossOrigin }: Endpoint, request: Incoming): boolean =>
  typeof crossOrigin === 'boolean' ? crossOrigin : crossOrigin(request);

const answer = async (endpoint: Endpoint, request: Incoming, server: Server): Promise<Reply> => {
  const allowed = allowedMethods(endpoint);
  if (request.method === 'OPTIONS' && isOpen(endpoint, request)) return preflight(allowed, request);
  if (!allowed.includes(request.method)) throw new OAuthError('method_unsupported', 'the method is not supported here');
  takeRateLimit('sources', request.source, server);
  requireSmallBody(request, endpoint.bodyLimitBytes);
  return endpoint.handle(
    request,
    endpoint.withoutStorage ? { ...server, resources: server.offered.atHand() } : await asOfNow(server),
  );
};

const answerOf = (endpoint: Endpoint, reply: Reply, { config }: Server): Answer => ({
  status: reply.status,
  headers: {
    ...reply.headers,
    ...everyAnswer({
      keepsOpener: endpoint.keepsOpener === true && reply.body !== undefined,
      https: !config.insecureLoopback,
    }),
  },
  cookies: reply.cookies.map(({ name, value, maxAgeSeconds }) => ({
    name,
    value,
    maxAge: maxAgeSeconds,
    ...cookieFlags(config.insecureLoopback),
  })),
  body: reply.body,
});
