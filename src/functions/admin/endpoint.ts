/** How an operation is called: who is it, may they, what do they say; then the operation itself, once. */
import type { Acting } from '../../flows/operators/acting.ts';
import { createOnce } from '../../flows/operators/create-once.ts';
import type { Story } from '../../http/endpoint.ts';
import { empty, json, jsonLines, type Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { creationKeyIn } from '../../oauth/access/creation.ts';
import { includesRole, type Principal } from '../../oauth/access/principal.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { authenticate } from './authenticate.ts';
import { changesUnversioned, type Input, type Operation, type Outcome, parsed } from './operation.ts';
import { operations } from './operations.ts';

/** The host reserves /admin. */
const prefix = 'api/admin/';

/** What is answered at a route of the admin API. Throws as its operations do. */
export const operationsAt = (route: string): Story => {
  const here = operations.filter((one) => prefix + one.route === route);
  return async (request, server) => {
    const principal = await authenticate(request, server);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const operation = here.find((one) => one.method === method);
    if (operation === undefined) throw new OAuthError('method_unsupported', 'the method is not supported here');
    requireRole(operation, principal);
    const input = await inputOf(operation, request);
    const { source, invocation: correlationId } = request;
    const acting: Acting = { server, principal, source, correlationId, random: server.random };
    return replyOf(operation, await run(operation, input, { acting, header: request.header('idempotency-key') }));
  };
};

export const requireRole = ({ role }: Operation, principal: Principal): void => {
  if (!includesRole(principal.role, role))
    throw new OAuthError('role_missing', 'auditors read; this changes something');
};

const inputOf = async (operation: Operation, request: Incoming): Promise<Input> => {
  const ifMatch = request.header('if-match') ?? '';
  // RFC 6585 §3. Without it two operators would undo each other's changes unseen.
  if (operation.versioned === true && ifMatch.trim() === '')
    throw new OAuthError('version_missing', 'If-Match must name the version that you have read, or be *');
  // RFC 9110 §13.1.1: a condition that is not met forbids the change.
  if (changesUnversioned(operation) && !['', '*'].includes(ifMatch.trim()))
    throw new OAuthError('version_outdated', 'this has no versions: If-Match may only be *');
  const { path, query, body, malformed } = operation;
  const segments = Object.keys(path?.shape ?? {}).map((name) => [name, request.segment(name) ?? '']);
  const sent = body === undefined ? undefined : await request.json();
  return {
    ifMatch,
    sent,
    path: path === undefined ? {} : (parsed(path, Object.fromEntries(segments)) as Input['path']),
    query: query === undefined ? {} : (parsed(query, queryOf(query, request)) as Input['query']),
    body: body === undefined ? undefined : parsed(body, sent, malformed),
  };
};

/** Other parameters are ignored, as RFC 6749 §3.1 has it elsewhere. */
const queryOf = (shape: NonNullable<Operation['query']>, request: Incoming) => {
  const parameters = parseParameters(request.query);
  return Object.fromEntries(Object.keys(shape.shape).map((name) => [name, parameters.get(name)]));
};

type Calling = { readonly acting: Acting; readonly header: string | undefined };

const run = (operation: Operation, input: Input, { acting, header }: Calling): Promise<Outcome> => {
  if (operation.creates !== true || header === undefined) return operation.run(input, acting);
  const asked = { key: creationKeyIn(header), operation: operation.name, input };
  return createOnce(asked, acting, (seeded) => operation.run(input, seeded));
};

const replyOf = ({ status, lines }: Operation, { body, etag, location, next }: Outcome): Reply => {
  const headers = {
    ...(etag === undefined ? {} : { etag }),
    ...(location === undefined ? {} : { location }),
    // RFC 8288 §3
    ...(next === undefined ? {} : { link: `<${next}>; rel="next"` }),
  };
  if (lines === true) return jsonLines(String(body), headers);
  return body === undefined ? empty(status, headers) : json(body, { status, headers });
};
