/** The one place where an error becomes an answer: for services JSON, for people a page, or what the endpoint made of it. */
import type { InvocationContext } from '@azure/functions';
import { dpopAlgorithms } from '../oauth/dpop/proof.ts';
import { OAuthError, Unavailable } from '../oauth/errors.ts';
import type { Server } from '../server.ts';
import { allowedMethods, type Endpoint } from './endpoint.ts';
import { type Code, problem } from './problem.ts';
import { json, type Reply } from './reply.ts';
import type { Incoming } from './request.ts';

/**
 * Thrown by an endpoint that answers a refusal in its own way: at the client's redirect URI, or by a page that knows where
 * to go from here. `label` is the error's name in the log.
 */
export class RefusedWith extends Error {
  override readonly cause: OAuthError;
  readonly reply: Reply;
  readonly label: string;

  constructor(reply: Reply, cause: OAuthError, label: string = cause.code) {
    super(cause.message, { cause });
    this.cause = cause;
    this.reply = reply;
    this.label = label;
  }
}

type Wire = {
  readonly status: number;
  /** Ours, which says more than the wire's word. */
  readonly code: Code;
  readonly error: string;
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
};

type Circumstances = { readonly request: Incoming; readonly server: Server; readonly context: InvocationContext };

/** The answer to whatever an endpoint threw, and its line in the log. */
export const refusalOf = async (
  endpoint: Endpoint,
  error: unknown,
  { request, server, context }: Circumstances,
): Promise<Reply> => {
  const note = (code: string, reason: string | undefined): void =>
    server.refusals.note(
      { endpoint: endpoint.name, error: code, reason, client_id: request.clientId },
      { now: server.clock(), invocation: request.invocation },
    );
  if (error instanceof RefusedWith) {
    note(error.label, error.cause.reason);
    return error.reply;
  }
  const wire = wireOf(endpoint, error, server);
  // While a dependency is away anybody can cause these too: beyond enough to see what fails, they are counted alone.
  const isOurs = wire.status >= 500 && !(error instanceof OAuthError);
  if (isOurs && server.limits.diagnoses.take('all', server.clock()))
    context.error(JSON.stringify(diagnosisOf(endpoint, error)));
  else note(wire.error, error instanceof OAuthError ? error.reason : undefined);
  const { problems } = endpoint;
  if (problems === true || problems?.(request) === true)
    return problem({ ...wire, correlationId: request.invocation }, server.config);
  if (endpoint.audience === 'services') {
    return json({ error: wire.error, error_description: wire.description }, wire);
  }
  // Services never need it.
  const { refusalPage } = await import('./refusal-page.ts');
  const reference = wire.status >= 500 ? { reference: context.invocationId } : {};
  const shown = await refusalPage(error, { status: wire.status, ...reference }, { request, server });
  return { ...shown, headers: { ...shown.headers, ...wire.headers } };
};

/** An error in the words of the wire. What is our fault says nothing but that. */
const wireOf = (endpoint: Endpoint, error: unknown, server: Server): Wire => {
  if (error instanceof OAuthError) {
    return {
      status: error.status,
      code: error.code,
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
    const code = 'temporarily_unavailable';
    return { status: 503, code, error: code, description, headers };
  }
  const code = 'server_error';
  return { status: 500, code, error: code, description: 'something went wrong on our side', headers: {} };
};

/** RFC 9110 §15.5.2: a 401 names the scheme to use. RFC 6749 §5.2 for clients. */
const challengeOf = ({ code, onTheWire, description }: OAuthError, { config }: Server): string => {
  if (code === 'resource_dpop_proof' || code === 'resource_dpop_nonce')
    return `DPoP error="${onTheWire}", error_description="${description}", algs="${dpopAlgorithms.join(' ')}"`;
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
