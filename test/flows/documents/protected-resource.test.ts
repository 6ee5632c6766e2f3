/** RFC 9728: what an API is, said by Assent for those that cannot say it themselves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../support/answer.ts';
import { permissionsOf } from '../../support/permissions.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const permissions = permissionsOf('invoices.read', 'invoices.write');

let stack: Stack;
let resources: readonly { readonly identifier: string; readonly name: string; readonly permissions?: readonly [] }[];

beforeAll(async () => {
  stack = await startStack();
  resources = [
    { identifier: 'https://api.example.com', name: 'Root' },
    { identifier: 'https://api.example.com/invoices/v1', name: 'Invoices' },
    { identifier: 'http://localhost:9/mcp', name: 'On this machine' },
    { identifier: 'urn:contoso:invoices', name: 'Named by a URN' },
    { identifier: `${stack.issuer}/own`, name: 'At our own origin' },
    { identifier: 'https://bare.example', name: 'Without permissions', permissions: [] },
  ];
  const setting = JSON.stringify(resources.map((resource) => ({ permissions, ...resource })));
  await stack.restartHost(0, { RESOURCES: setting });
});

afterAll(() => stack.stop());

const wellKnown = '/.well-known/oauth-protected-resource';
const read = async (path: string) => answerOf(await fetch(`${stack.issuer}${wellKnown}${path}`));

describe('protected resource metadata (RFC 9728)', () => {
  it.each([
    ['/api.example.com', 0],
    ['/api.example.com/', 0],
    ['/api.example.com/invoices/v1', 1],
    ['/localhost:9/mcp', 2],
    ['/urn:contoso:invoices', 3],
    ['/own', 4],
  ] as const)('[MD16] describes at %s the resource whose identifier it holds', async (path, index) => {
    const { status, headers, body } = await read(path);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(body).toEqual({
      resource: resources[index]?.identifier,
      authorization_servers: [stack.issuer],
      resource_name: resources[index]?.name,
      scopes_supported: ['invoices.read', 'invoices.write'],
      bearer_methods_supported: ['header'],
    });
  });

  it('[MD16] has no empty array (RFC 9728 §3.2)', async () => {
    expect((await read('/bare.example')).body).toEqual({
      resource: 'https://bare.example',
      authorization_servers: [stack.issuer],
      resource_name: 'Without permissions',
      bearer_methods_supported: ['header'],
    });
  });

  it('[MD16] is for scripts of other origins, and for caches', async () => {
    const { headers } = await read('/api.example.com');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cache-control')).toBe('public, max-age=3600');
    expect(headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
  });

  it.each([
    '',
    '/',
    '/api.example.com/invoices',
    '/API.example.com',
    '/api/admin',
    '/userinfo',
    '/%2F',
    '/a//b',
    '/..%2f',
  ])('[MD16] is nothing for a resource that is not in RESOURCES: %j', async (path) => {
    const { status, body } = await read(path);
    expect([status, body.error]).toEqual([404, 'not_found']);
  });

  it('[MD16] is announced by the authorization server (RFC 9728 §4)', async () => {
    const { body } = await answerOf(await fetch(`${stack.issuer}/.well-known/oauth-authorization-server`));
    expect(body.protected_resources).toEqual(resources.map(({ identifier }) => identifier));
  });
});
