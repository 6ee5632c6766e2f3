/** The MCP SDK's own client, and the example MCP server on Azure Functions, with Assent between them. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Child } from '../../local/child.ts';
import { startMcpServer } from '../../local/processes.ts';
import { mcpResource } from '../../local/settings.ts';
import { answerOf, jwtPart } from '../support/answer.ts';
import { type DocumentSite, startDocumentSite } from '../support/client-documents.ts';
import { boundTokens, newDpopKey, proofBy } from '../support/dpop.ts';
import { formsIn } from '../support/forms.ts';
import { createPerson, type Person } from '../support/person.ts';
import { registerItself } from '../support/registration.ts';
import { demoServices, okJson, type TokenSet } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { createMcpClient, type McpClient, type McpClientOptions, redirectUrl } from './mcp-client.ts';

let stack: Stack;
let server: Child;
let url: string;
let documents: DocumentSite;

beforeAll(async () => {
  stack = await startStack();
  documents = await startDocumentSite(stack.certificate);
  documents.publish('agent', { redirect_uris: [redirectUrl] });
  url = mcpResource(stack.ports).identifier;
  server = await startMcpServer({ port: stack.ports.mcp, issuer: stack.issuer, resource: url });
});

afterAll(async () => {
  await server.stop('SIGTERM', 5);
  await documents.stop();
  await stack.stop();
});

const personCalled = (login: string): Person =>
  createPerson({ login, issuer: stack.issuer, providerIssuer: stack.provider.issuer });

const parameterOf = (address: URL | undefined, name: string) => address?.searchParams.get(name);

/** As the authorization server that knows it calls it, and bound to that one. */
const demo = () => ({ client_id: 'demo-mcp', issuer: stack.issuer });

const clientOf = (login: string, options: Partial<McpClientOptions> = {}): McpClient =>
  createMcpClient({ sdk: '2', url, person: personCalled(login), registered: demo(), refreshes: true, ...options });

/** Line of the SDK -> the latest revision that it speaks, and whether it knows that a refresh brings no new permissions. */
const lines = [
  { sdk: '1', revision: '2025-11-25', stepsUpWithRefreshToken: false },
  { sdk: '2', revision: '2026-07-28', stepsUpWithRefreshToken: true },
] as const;

describe.each(lines)('a client of the SDK $sdk that knows the address of the server', (line) => {
  const { sdk, stepsUpWithRefreshToken: refreshes } = line;

  it('[MC02] finds Assent, has the person sign in and approve, and calls a tool', async () => {
    const client = clientOf('alice', { sdk });
    expect(await client.call('list_work_items')).toContain('Show build results on the team dashboard');
    const [address] = client.opened;
    expect(address?.href).toMatch(`${stack.issuer}/authorize?`);
    expect(parameterOf(address, 'resource')).toBe(url);
    expect(parameterOf(address, 'scope')).toBe('workitems.read');
    expect(parameterOf(address, 'code_challenge_method')).toBe('S256');
    expect(jwtPart(client.tokens?.access_token ?? '', 'payload')).toMatchObject({ aud: url, scope: 'workitems.read' });
    expect(client.revision).toBe(line.revision);
  });

  it('[MC02] registers itself, and comes as far, with a tool that needs more than it registered for', async () => {
    const client = clientOf('alice', { sdk, refreshes, registered: undefined });
    expect(await client.call('list_work_items')).toContain('Show build results');
    expect(await client.call('add_work_item', { title: 'Ask for more' })).toBe('Added: Ask for more');
  });

  it('[MC02] is known by its document, which is its id (Client ID Metadata Documents), and comes as far', async () => {
    const document = documents.addressOf('agent');
    const client = clientOf('alice', { sdk, refreshes, registered: undefined, document });
    expect(await client.call('list_work_items')).toContain('Show build results');
    expect(await client.call('add_work_item', { title: 'Ask for more' })).toBe('Added: Ask for more');
    expect(client.opened.map((address) => parameterOf(address, 'client_id'))).toEqual([document, document]);
    expect(jwtPart(client.tokens?.access_token ?? '', 'payload').client_id).toBe(document);
  });

  it('comes as far from the address with a slash at its end', async () => {
    const client = clientOf('alice', { sdk, url: `${url}/` });
    expect(await client.call('list_work_items')).toContain('Show build results');
    expect(jwtPart(client.tokens?.access_token ?? '', 'payload').aud).toBe(url);
  });

  it('asks the person once more for what a tool needs, and keeps what it has', async () => {
    const client = clientOf('bob', { sdk, refreshes });
    const title = `Water the plants of ${sdk}`;
    await client.call('list_work_items');
    expect(await client.call('add_work_item', { title })).toBe(`Added: ${title}`);
    expect(client.opened.map((address) => parameterOf(address, 'scope'))).toEqual([
      'workitems.read',
      'workitems.read workitems.write',
    ]);
    expect(client.tokens?.scope).toBe('workitems.read workitems.write');
    expect(await client.call('list_work_items')).toContain(title);
  });

  it('sees nothing of another person', async () => {
    expect(await clientOf('olga', { sdk }).call('list_work_items')).not.toContain('Water the plants');
  });
});

it('a client that asks for one permission more, and for that alone, loses nothing of what it was allowed', async () => {
  const { service } = await registerItself(stack.issuer, { scope: 'workitems.read' });
  const alice = personCalled('alice');
  const ask = (scope: string, more = {}) => service.tokens(alice, { scope, resource: url, ...more });
  const read = await ask('workitems.read');
  expect((await ask('workitems.write')).scope).toBe('workitems.write');
  expect((await okJson<TokenSet>(service.refresh(read.refresh_token))).scope).toBe('workitems.read');
  const both = 'workitems.read workitems.write';
  expect((await ask(both, { prompt: 'none' })).scope).toBe(both);
});

describe('a client of 2025-03-26, which takes the server for its own authorization server', () => {
  it.each(['oauth-authorization-server', 'openid-configuration', 'oauth-authorization-server/mcp'])(
    '[MC02] finds Assent at /.well-known/%s there, and gets a token that is good there',
    async (name) => {
      const found = await fetch(new URL(`/.well-known/${name}`, url), {
        headers: { 'mcp-protocol-version': '2025-03-26' },
      });
      const { registration_endpoint: at, ...metadata } = await okJson<Record<string, string>>(found);
      expect([metadata.issuer, at]).toEqual([stack.issuer, `${stack.issuer}/register`]);
      const redirectUris = { redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' };
      const { service } = await registerItself(stack.issuer, { ...redirectUris, scope: 'workitems.read' });
      // Without resource, which came with the revision after it.
      const tokens = await service.tokens(personCalled('alice'), { scope: 'workitems.read' });
      const request = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens.access_token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2025-03-26',
        },
        body: JSON.stringify(request),
      });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('list_work_items')]);
    },
  );
});

describe('the example MCP server', () => {
  const wellKnown = () => url.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');
  const call = (headers: Readonly<Record<string, string>>, method = 'POST') =>
    fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'POST' && { body: '{}' }),
    });

  it.each(['POST', 'GET', 'DELETE'])('says to a %s without a token whom to ask, and for what', async (method) => {
    const { status, headers } = await call({}, method);
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer scope="workitems.read", resource_metadata="${wellKnown()}"`,
    ]);
    expect(headers.get('access-control-expose-headers')).toBe('www-authenticate');
  });

  it('says so with the metadata that Assent would serve for it, less what nobody should start with', async () => {
    const own = await answerOf(await fetch(wellKnown()));
    const ours = await answerOf(
      await fetch(`${stack.issuer}/.well-known/oauth-protected-resource/${url.replace('http://', '')}`),
    );
    // What a server verifies beyond bearer tokens it knows itself.
    const { dpop_signing_alg_values_supported: algorithms, ...shared } = own.body;
    expect(algorithms).toEqual(['ES256', 'PS256', 'EdDSA', 'RS256']);
    expect(ours.body).toEqual({
      ...shared,
      resource_name: 'Work items (MCP)',
      scopes_supported: ['workitems.read', 'workitems.write'],
    });
  });

  it('takes no token for another API, and opens no stream', async () => {
    const { access_token: other } = await demoServices(stack.issuer).web.tokens(personCalled('alice'));
    const refused = await call({ authorization: `Bearer ${other}` });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer error="invalid_token", scope="workitems.read", resource_metadata="${wellKnown()}"`,
    ]);
    const client = clientOf('alice');
    await client.call('list_work_items');
    const stream = await call({ authorization: `Bearer ${client.tokens?.access_token}` }, 'GET');
    expect([stream.status, stream.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('takes a token that is bound to a key with a proof for its own address, and from nobody else (RFC 9449 §7)', async () => {
    const { service } = await registerItself(stack.issuer, {
      redirect_uris: [redirectUrl],
      token_endpoint_auth_method: 'none',
    });
    const key = await newDpopKey();
    const code = await service.code(personCalled('alice'), { scope: 'workitems.read', resource: url });
    const { access_token: token } = await boundTokens(stack.issuer, service.registration, { code, key });
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
    const send = (headers: Readonly<Record<string, string>>) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
        body: JSON.stringify(list),
      });
    const proof = () => proofBy(key, { url, token });
    const good = await send({ authorization: `DPoP ${token}`, dpop: await proof() });
    expect([good.status, await good.text()]).toEqual([200, expect.stringContaining('add_work_item')]);
    const refused = await send({ authorization: `Bearer ${token}`, dpop: await proof() });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      `DPoP error="invalid_token", scope="workitems.read", resource_metadata="${wellKnown()}", algs="ES256 PS256 EdDSA RS256"`,
    ]);
  });

  it('refuses within 15 seconds what the person took back, without asking anybody for each request', async () => {
    const client = clientOf('olga');
    await client.call('list_work_items');
    const authorization = `Bearer ${client.tokens?.access_token}`;
    const status = async () => (await call({ authorization, accept: 'application/json, text/event-stream' })).status;
    expect(await status()).not.toBe(401);
    const olga = personCalled('olga');
    const page = await olga.visit(`${stack.issuer}/authorizations`);
    if (page.kind !== 'page') throw new Error('olga has no page');
    const revoke = formsIn(page.html).find(({ action }) => action === '/authorizations/revoke');
    if (revoke === undefined) throw new Error('olga has nothing to revoke');
    await olga.submit(page, revoke);
    await vi.waitFor(async () => expect(await status()).toBe(401), { timeout: 60_000, interval: 250 });
  });

  it.each([
    '{',
    '[]',
    'null',
    '"x"',
    '[null, 5, {"method":"tools/call"}]',
    '{"method":"tools/call","params":{"name":"__proto__"}}',
  ])('answers %s without falling over', async (body) => {
    const client = clientOf('alice');
    await client.call('list_work_items');
    const headers = {
      authorization: `Bearer ${client.tokens?.access_token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const { status } = await fetch(url, { method: 'POST', headers, body });
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
  });
});
