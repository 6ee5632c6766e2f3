/** The console does nothing by itself: it calls the operations of the admin API, by the same roles, shapes and audit. */
import type { Acting } from '../../flows/operators/acting.ts';
import { createOnce } from '../../flows/operators/create-once.ts';
import { creationKeyIn } from '../../oauth/access/creation.ts';
import { requireRole } from '../admin/endpoint.ts';
import type { Input, Outcome } from '../admin/operation.ts';
import { parsed } from '../admin/operation.ts';
import { operations } from '../admin/operations.ts';
import type { Visit } from './visit.ts';

type Said = Partial<Pick<Input, 'path' | 'query' | 'body' | 'ifMatch'>>;

/**
 * Runs the operation of that name. `Body` is what its `answer` shape says (a test holds every answer to its shape). Throws as
 * it does, and `insufficient_scope` for auditors who would change something. A form that comes twice makes what it makes once.
 */
export const call = async <Body>(name: string, said: Said, visit: Visit): Promise<Outcome<Body>> => {
  const operation = operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  requireRole(operation, visit.principal);
  const { path, query, body, malformed } = operation;
  const input: Input = {
    ifMatch: said.ifMatch ?? '',
    sent: said.body,
    path: path === undefined ? {} : (parsed(path, said.path ?? {}) as Input['path']),
    query: query === undefined ? {} : (parsed(query, said.query ?? {}) as Input['query']),
    body: body === undefined ? undefined : parsed(body, said.body, malformed),
  };
  const run = (acting: Acting) => operation.run(input, acting) as Promise<Outcome<Body>>;
  if (operation.creates !== true || visit.once === undefined) return run(visit);
  return createOnce({ key: creationKeyIn(visit.once), operation: name, input }, visit, run);
};

/** The answer of an operation that has one. */
export const answerOf = async <Body>(name: string, said: Said, visit: Visit): Promise<Body> => {
  const { body } = await call<Body>(name, said, visit);
  if (body === undefined) throw new Error(`${name} answers nothing`);
  return body;
};
