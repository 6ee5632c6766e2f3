/** What no function may be brought down by, whoever asks: derived from the table of functions, so that a new one is in it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '../../../src/functions/table.ts';
import { pathOf } from '../../support/paths.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const cases = endpoints.flatMap((endpoint) =>
  endpoint.methods.map((method) => ({ method, path: pathOf(endpoint), name: endpoint.name })),
);
const takesBody = ({ method }: { readonly method: string }): boolean => ['POST', 'PUT', 'PATCH'].includes(method);

/** In the body where the method has one, in the query where it has none; as a form of our own pages would send it. */
const send = ({ method, path }: { readonly method: string; readonly path: string }, parameters: string) => {
  const url = `${stack.issuer}${path}`;
  if (!takesBody({ method })) return fetch(`${url}?${parameters}`, { method, redirect: 'manual' });
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: stack.issuer,
    'sec-fetch-site': 'same-origin',
  };
  return fetch(url, { method, body: parameters, headers, redirect: 'manual' });
};

const names = ['client_id', 'token', 'request', 'user_code', 'state', 'code', 'scope', 'grant_type', 'decision'];
const repeated = names.flatMap((name) => [`${name}=a`, `${name}=b`]).join('&');

describe('every function, at every method', () => {
  it.each(cases)('lives through parameters that are sent twice: $method $name', async (one) => {
    const { status } = await send(one, repeated);
    expect(status).toBeLessThan(500);
  });

  it.each(cases.filter(takesBody))('answers 413 to a body of a megabyte: $method $name', async (one) => {
    const { status } = await send(one, `client_id=x&padding=${'x'.repeat(1_100_000)}`);
    expect(status).toBe(413);
  });

  it.each(cases)('answers twenty requests at once alike: $method $name', async (one) => {
    const parameters = 'client_id=demo-web&client_secret=demo-web-secret&token=x';
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(one, parameters)));
    const statuses = [...new Set(answers.map(({ status }) => status))];
    expect(statuses).toHaveLength(1);
    expect(statuses[0]).toBeLessThan(500);
  });
});
