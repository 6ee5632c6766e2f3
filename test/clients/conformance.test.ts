/**
 * What the MCP project itself tests implementations with: its scenarios for authorization servers against Assent, and those
 * for clients against the client with which the tests here connect, so that it stands for those that people use.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mcpResource } from '../../local/settings.ts';
import { type DocumentSite, startDocumentSite } from '../support/client-documents.ts';
import { personAt } from '../support/people.ts';
import { registerItself } from '../support/registration.ts';
import { register } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
const program = `${project}node_modules/@modelcontextprotocol/conformance/dist/index.js`;

type Run = { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number | null> };

const conformance = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run => {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  return {
    child,
    output: () => output,
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
};

describe('the scenarios for authorization servers', () => {
  let stack: Stack;
  let documents: DocumentSite;

  beforeAll(async () => {
    stack = await startStack();
    documents = await startDocumentSite();
  });

  afterAll(async () => {
    await documents.stop();
    await stack.stop();
  });

  const metadata = { redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' };

  /** How a client is known -> its id. */
  const ids = {
    'an operator registered': async () =>
      (await register(stack.issuer, { ...metadata, scope: 'workitems.read' })).registration.clientId,
    'registered itself': async () => (await registerItself(stack.issuer, metadata)).service.registration.clientId,
    'is known by its document': async () => {
      documents.publish('conformance', metadata);
      return documents.addressOf('conformance');
    },
  } as const;

  const revisions = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'];
  const cases = Object.entries(ids).flatMap(([how, idOf]) => revisions.map((revision) => ({ how, idOf, revision })));

  it.each(cases)('[MC01] pass in revision $revision with a client that $how', async ({ idOf, revision }) => {
    const args = ['authorization', '--url', stack.issuer, '--spec-version', revision, '--verbose'];
    const port = String(stack.ports.service);
    const client = ['--client-id', await idOf(), '--resource', mcpResource(stack.ports).identifier, '--port', port];
    const { output, ended } = conformance([...args, ...client]);
    const asked = () => /^http\S+\/authorize\?\S+$/m.exec(output())?.[0];
    await expect.poll(asked, { timeout: 60_000, message: 'it asks for a browser' }).toBeDefined();
    const answer = await personAt(stack).authorize(asked() ?? '');
    expect((await fetch(answer)).status).toBe(200);
    expect(await ended, output()).toBe(0);
    expect(output()).toMatch(/authorization-code-grant: 1 passed, 0 failed/);
    expect(output()).not.toMatch(/"(?:FAILURE|WARNING|SKIPPED)"/);
  });
});

describe('the scenarios for clients', () => {
  const lines = [
    { sdk: '1', revision: '2025-11-25' },
    { sdk: '2', revision: '2025-11-25' },
    { sdk: '2', revision: '2026-07-28' },
  ] as const;

  it.each(lines)(
    'are passed by the client of these tests on the SDK $sdk, in revision $revision',
    async ({ sdk, revision }) => {
      const command = `${process.execPath} ${project}test/clients/conformance-client.ts`;
      const args = ['client', '--suite', 'auth', '--command', command, '--spec-version', revision];
      const { output, ended } = conformance(args, { SDK: sdk });
      expect(await ended, output()).toBe(0);
      expect(output()).toMatch(/^Total: [1-9]\d+ passed, 0 failed, 0 warnings$/m);
    },
  );
});
