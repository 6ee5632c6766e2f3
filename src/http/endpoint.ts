/**
 * The frame around every endpoint: methods, CORS, the source's bucket, and the one place where an error becomes a
 * response. An endpoint itself only tells its story and throws.
 */
import type { HttpHandler, HttpMethod, HttpResponseInit, InvocationContext } from '@azure/functions';
import { takeRateLimit } from '../limits/rate-limit.ts';
import { OAuthError, Unavailable } from '../oauth/errors.ts';
import { errorPage } from '../pages/error.ts';
import type { Server } from '../server.ts';
import { cookieFlags } from './cookies.ts';
import { empty, json, page, type Reply } from './reply.ts';
import { type Incoming, readRequest, requireSmallBody } from './request.ts';
import { wordsFor } from './words.ts';

export type Endpoint = {
  readonly name: string;
  readonly route: string;
  readonly methods: readonly HttpMethod[];
  /** What refusals look like: JSON for services, pages for people. */
  readonly audience: 'services' | 'people';
  /** Whether scripts of other origins may call it. Never true for what a browser authenticates by cookie. */
  readonly crossOrigin: boolean | ((request: Incoming) => boolean);
  /**
   * Whether its pages lie on the way to a service, which may have opened them in a popup and waits for its answer there.
   * No page has a script, so a window that keeps its opener gives nothing away (HTML §7.1.3).
   */
  readonly keepsOpener?: true;
  handle(request: Incoming, server: Server): Promise<Reply>;
};

/** The host answers a bare 404 for methods that are not registered, so all are, and refused here with Allow. */
export const registeredMethods: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The handler to register with `@azure/functions`. Never rejects. */
export const handlerOf =
  (endpoint: Endpoint, server: Server): HttpHandler =>
  async (request, context) => {
    let reply: Reply;
    const incoming = readRequest(request, {
      trustedProxies: server.config.trustedProxies,
      invocation: context.invocationId,
    });
    server.refusals.flush(server.clock());
    try {
      reply = await answer(endpoint, incoming, server);
    } catch (error) {
      reply = refusal(endpoint, error, { request: incoming, server, context });
    }
    return toResponse(endpoint, isOpen(endpoint, incoming) ? openToScripts(reply) : reply, server);
  };

const isOpen = ({ crossOrigin }: Endpoint, request: Incoming): boolean =>
  typeof crossOrigin === 'boolean' ? crossOrigin : crossOrigin(request);

const answer = async (endpoint: Endpoint, request: Incoming, server: Server): Promise<Reply> => {
  const allowed = allowedMethods(endpoint);
  if (request.method === 'OPTIONS' && isOpen(endpoint, request)) return preflight(allowed, request);
  if (!allowed.includes(request.method)) throw new OAuthError('method_unsupported', 'the method is not supported here');
  takeRateLimit('sources', request.source, server);
  requireSmallBody(request);
  return endpoint.handle(request, server);
};

/** RFC 9110 §9.3.2: what answers GET answers HEAD. */
const allowedMethods = ({ methods }: Endpoint): readonly string[] =>
  methods.includes('GET') ? [...methods, 'HEAD'] : methods;

const preflight = (allowed: readonly string[], request: Incoming): Reply =>
  empty(204, {
    'access-control-allow-methods': allowed.join(', '),
    'access-control-allow-headers': allowedHeaders(request.header('access-control-request-headers')),
    'access-control-max-age': '7200',
  });

/** Far more than libraries add; what comes back in a header of ours is bounded. */
const requestedHeadersLimit = 50;
const headerNameLimit = 64;

/**
 * Whatever headers are asked for, as far as they are header names (RFC 9110 §5.6.2): fetch wrappers and tracing libraries add
 * headers that mean nothing here, and none of them is worth a failure. A list of our own and `*` are not enough: `*` does not
 * cover Authorization (Fetch §4.8).
 */
const allowedHeaders = (requested = ''): string => {
  const isName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && name.length <= headerNameLimit;
  const names = requested.split(',', requestedHeadersLimit).map((name) => name.trim());
  return ['Authorization', 'Content-Type', 'DPoP', ...new Set(names.filter(isName))].join(', ');
};

type Wire = {
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
};

type Circumstances = { readonly request: Incoming; readonly server: Server; readonly context: InvocationContext };

const refusal = (endpoint: Endpoint, error: unknown, { request, server, context }: Circumstances): Reply => {
  const wire = wireOf(endpoint, error, server);
  const now = server.clock();
  // While a dependency is away anybody can cause these too: beyond enough to see what fails, they are counted alone.
  if (wire.status >= 500 && server.limits.diagnoses.take('all', now))
    context.error(JSON.stringify(diagnosisOf(endpoint, error)));
  else
    server.refusals.note(
      { endpoint: endpoint.name, error: wire.error, reason: reasonOf(error), client_id: request.clientId },
      { now, invocation: request.invocation },
    );
  if (endpoint.audience === 'services') {
    return json({ error: wire.error, error_description: wire.description }, wire);
  }
  const view = errorPage({
    brandName: server.config.brandName,
    issuer: server.config.issuer,
    ...wordsFor(error),
    ...(wire.status >= 500 ? { reference: context.invocationId } : {}),
    action: { href: '/', label: 'Go to the start page' },
  });
  const shown = page(view, wire);
  return { ...shown, headers: { ...shown.headers, ...wire.headers } };
};

/** For the log: which check it was. */
const reasonOf = (error: unknown): string | undefined => (error instanceof OAuthError ? error.reason : undefined);

/** An error in the words of the wire. What is our fault says nothing but that. */
const wireOf = (endpoint: Endpoint, error: unknown, server: Server): Wire => {
  if (error instanceof OAuthError) {
    return {
      status: error.status,
      error: error.onTheWire,
      description: error.description,
      headers: {
        ...(error.status === 405 ? { allow: allowedMethods(endpoint).join(', ') } : {}),
        ...(error.status === 401 || error.code === 'insufficient_scope'
          ? { 'www-authenticate': challengeOf(error, server) }
          : {}),
        ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
      },
    };
  }
  if (error instanceof Unavailable) {
    const description = 'the service is not available for a moment; please try again';
    const headers = { 'retry-after': String(error.retryAfterSeconds) };
    return { status: 503, error: 'temporarily_unavailable', description, headers };
  }
  return { status: 500, error: 'server_error', description: 'something went wrong on our side', headers: {} };
};

/** RFC 9110 §15.5.2: a 401 names the scheme to use. RFC 6749 §5.2 for clients. */
const challengeOf = ({ code, description }: OAuthError, { config }: Server): string => {
  // RFC 6750 §3.1: who sent no token is told no error.
  if (code === 'missing_token') return `Bearer realm="${config.issuer}"`;
  return code === 'invalid_token' || code === 'insufficient_scope'
    ? `Bearer realm="${config.issuer}", error="${code}", error_description="${description}"`
    : `Basic realm="${config.issuer}", charset="UTF-8"`;
};

/** For the log only: dependencies' messages are not for callers. Never a parameter, a cookie or a token. */
const diagnosisOf = (endpoint: Endpoint, error: unknown) => {
  const chain: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && chain.length < 4; cause = cause.cause)
    chain.push(
      cause instanceof OAuthError || cause instanceof Unavailable ? cause.message : `${cause.name}: ${cause.message}`,
    );
  const stack = error instanceof Error && !(error instanceof Unavailable) ? error.stack : undefined;
  return { event: error instanceof Unavailable ? 'unavailable' : 'failed', endpoint: endpoint.name, chain, stack };
};

const toResponse = (endpoint: Endpoint, reply: Reply, { config }: Server): HttpResponseInit => ({
  status: reply.status,
  headers: {
    ...reply.headers,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    ...(endpoint.keepsOpener && reply.body !== undefined ? { 'cross-origin-opener-policy': 'unsafe-none' } : {}),
    ...(config.insecureLoopback ? {} : { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  },
  cookies: reply.cookies.map(({ name, value, maxAgeSeconds }) => ({
    name,
    value,
    maxAge: maxAgeSeconds,
    ...cookieFlags(config.insecureLoopback),
  })),
  ...(reply.body === undefined ? {} : { body: reply.body }),
});

/** Without credentials: a page of another origin gets what anybody could fetch, errors included. */
const openToScripts = (reply: Reply): Reply => ({
  ...reply,
  headers: {
    ...reply.headers,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce, Retry-After',
    vary: 'Origin',
  },
});
