/** The table of operations, and what derives from it. */
import { describe, expect, it } from 'vitest';
import { operations } from '../../src/functions/admin/operations.ts';
import { admin } from '../../src/functions/routes.ts';

describe('the operations of the admin API', () => {
  it('are at the routes and methods that the host is told of at start', () => {
    const told = Object.values(admin).flatMap(({ route, methods }) =>
      methods.map((method: string) => `${method} ${route}`),
    );
    expect(operations.map(({ method, route }) => `${method} api/admin/${route}`).toSorted()).toEqual(told.toSorted());
  });

  it('have names of their own, and a word about each', () => {
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
    for (const { name, summary } of operations)
      expect([name, summary]).toEqual([name, expect.stringMatching(/^[A-Z].{5,}[^.]$/)]);
  });

  it.each(operations)('say for each segment what it is: $method $route', ({ route, path }) => {
    const segments = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(path?.shape ?? {})).toEqual(segments);
  });

  it.each(operations.filter(({ method }) => method === 'GET'))('read alone by GET: $name', (one) => {
    expect([one.role, one.body, one.creates, one.versioned]).toEqual(['auditor', undefined, undefined, undefined]);
  });

  it.each(operations.filter(({ method }) => method === 'PUT'))('name the version that a PUT replaces: $name', (one) => {
    expect(one.versioned).toBe(true);
  });

  it.each(operations.filter(({ status }) => status === 201))(
    'take an idempotency key where they make something: $name',
    (one) => {
      expect(one.creates).toBe(true);
    },
  );
});
