/** The smoke test and the hooks around it, against the built bundle in the local host. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRows } from '../support/rows.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { infra } from './bicep/files.ts';
import { execute, runHook } from './stand-ins/azure.ts';
import { deployedAt, tokenOf } from './stand-ins/deployed.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

const smoke = (words: readonly string[], env: Record<string, string> = {}) =>
  execute([`${infra}hooks/smoke-test.mjs`, ...words], env);

describe('the smoke test', () => {
  it('passes against a server that works, with a secret that is on no command line', async () => {
    const words = ['--url', stack.issuer, '--client-id', 'demo-service'];
    const { exitCode, output } = await smoke(words, { ASSENT_CLIENT_SECRET: 'demo-service-secret' });
    expect(output).toContain('12 passed, 0 failed, 1 skipped');
    expect(output).toContain('SKIPPED  does not answer over plain http (needs https)');
    expect(exitCode).toBe(0);
  });

  it('says what it skips without a client', async () => {
    const { exitCode, output } = await smoke(['--url', `${stack.issuer}/`]);
    expect(output).toContain('SKIPPED  issues a token that verifies (client_credentials) (needs a client)');
    expect(output).toContain('10 passed, 0 failed, 3 skipped');
    expect(exitCode).toBe(0);
  });

  it('fails when the client is not accepted', async () => {
    const { exitCode, output } = await smoke(['--url', stack.issuer, '--client-id', 'x', '--client-secret', 'y']);
    expect(output).toMatch(/FAILED {3}issues a token that verifies \(client_credentials\): answered 401/);
    expect(exitCode).toBe(1);
  });

  it('fails when the server calls itself something else', async () => {
    const { exitCode, output } = await smoke(['--url', stack.issuer, '--issuer', 'https://id.example.com']);
    expect(output).toMatch(
      /FAILED {3}describes itself .*: issuer is http:\/\/localhost:\d+, not https:\/\/id.example.com/,
    );
    expect(exitCode).toBe(1);
  });

  it('fails everywhere against a server that answers everything with 200', async () => {
    const server = createServer((_, response) => response.end('{}'));
    const port = await listen(server);
    const { output } = await smoke(['--url', `http://localhost:${port}`, '--client-id', 'x', '--client-secret', 'y']);
    server.closeAllConnections();
    server.close();
    expect(output).toContain('1 passed, 11 failed, 1 skipped');
  });

  it('fails when the Functions host cannot look up its keys, which it does for every request with a code', async () => {
    const server = createServer(async (request, response) => {
      const hasCode = new URL(request.url ?? '/', stack.issuer).searchParams.has('code');
      const answer = await fetch(`${stack.issuer}${request.url}`, { redirect: 'manual' });
      response.writeHead(hasCode ? 500 : answer.status).end();
    });
    const port = await listen(server);
    const { output } = await smoke(['--url', `http://localhost:${port}`]);
    server.closeAllConnections();
    server.close();
    expect(output).toContain('ok       is alive');
    expect(output).toMatch(/FAILED {3}lets a sign-in come back.*: \/readyz\?code=smoke-test answered 500/);
  });

  it('fails when nothing answers', async () => {
    const { exitCode, output } = await smoke(['--url', `http://localhost:${await freePort()}`]);
    expect(output).toMatch(/FAILED {3}is alive.*/);
    expect(exitCode).toBe(1);
  });
});

describe('postdeploy', () => {
  it('proves the deployment with a client of its own and leaves none behind', async () => {
    const { exitCode, output, world } = await runHook('postdeploy', await deployedAt(stack));
    expect(output).toContain('Smoke test: 12 passed, 0 failed, 1 skipped.');
    expect(output).toContain('  ok       issues a token that verifies');
    expect(exitCode).toBe(0);
    expect(await clientsNamed('Smoke test')).toEqual([]);
    expect(world.assignments).toEqual([]);
  });

  it('announces its client in the audit, and may write the two tables only while it does', async () => {
    const { world } = await runHook('postdeploy', await deployedAt(stack));
    const rights = world.calls.filter((call) => /role assignment (create|delete)/.test(call));
    expect(rights.map((call) => /(create|delete).*?(?:tables\/(\w+)|$)/.exec(call)?.slice(1))).toEqual([
      ['create', 'audit'],
      ['create', 'clients'],
      ['delete', undefined],
    ]);
    const rows = (await auditRows(stack)).filter(({ details }) => String(details).includes('Smoke test'));
    const ofOne = rows.filter(({ client }) => client === rows.at(-1)?.client);
    expect(ofOne.map(({ event }) => event).sort()).toEqual(['client.created', 'client.deleted']);
    expect(new Set(ofOne.map(({ actor }) => actor))).toEqual(new Set(['deployer:caller-1']));
  });

  it('takes the right back when the test does not pass, and leaves one alone that was there', async () => {
    const failing = await runHook(
      'postdeploy',
      await deployedAt(stack, { READY_SECONDS: '0', ASSENT_PLATFORM_URL: 'http://localhost:9' }),
    );
    expect(failing.exitCode).toBe(1);
    expect(failing.world.assignments).toEqual([]);
    const scope = (table: string): string =>
      `/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-test/providers/Microsoft.Storage/storageAccounts/localhost/tableServices/default/tables/${table}`;
    const standing = ['audit', 'clients'].map((table) => ({ id: table, scope: scope(table) }));
    const { world } = await runHook('postdeploy', { ...(await deployedAt(stack)), assignments: standing });
    expect(world.assignments).toEqual(standing);
  });

  it('names no tenant when it asks for a token, which Cloud Shell and managed identities refuse', async () => {
    const { world } = await runHook('postdeploy', await deployedAt(stack));
    const asked = world.calls.filter((call) => call.startsWith('az account get-access-token'));
    expect(asked.filter((call) => !call.includes('--subscription 11111111-1111-4111-8111-111111111111'))).toEqual([]);
    expect(asked.join()).not.toContain('--tenant');
  });

  it('says where to sign in, who operates, and how to register the first service', async () => {
    const { output } = await runHook('postdeploy', await deployedAt(stack));
    expect(output).toContain(`${stack.issuer}/authorizations`);
    expect(output).toContain('first-operator');
    expect(output).toContain('node infra/hooks/first-operator-client.mjs');
  });

  it('says that a pipeline cannot sign in, and that nobody can without an application', async () => {
    const world = await deployedAt(stack, { ENTRA_CLIENT_ID: '' });
    world.accounts = world.accounts.map((account) => ({ ...account, user: { type: 'servicePrincipal' } }));
    const { output } = await runHook('postdeploy', world);
    expect(output).toContain('set OPERATORS to a person');
    expect(output).toContain('NOBODY CAN SIGN IN');
  });

  it('says loudly what private networking keeps it from testing', async () => {
    const { exitCode, output, world } = await runHook(
      'postdeploy',
      await deployedAt(stack, { ASSENT_PRIVATE_NETWORKING: 'true' }),
    );
    expect(output).toContain('SKIPPED: everything that needs a client.');
    expect(world.calls.join()).not.toContain('get-access-token');
    expect(exitCode).toBe(0);
  });

  it('goes on at the platform address while the custom domain does not lead there', async () => {
    const { output } = await runHook('postdeploy', await deployedAt(stack, { ASSENT_ISSUER: 'https://id.invalid' }));
    expect(output).toContain('https://id.invalid does not lead here yet');
  });

  it('stops with the last answer when the server does not get ready', async () => {
    const world = await deployedAt(stack, {
      ASSENT_PLATFORM_URL: `http://localhost:${await freePort()}`,
      READY_SECONDS: '0',
    });
    const { exitCode, output } = await runHook('postdeploy', world);
    expect(output).toMatch(/not ready after 0 seconds; its last answer: .*ECONNREFUSED/);
    expect(exitCode).toBe(1);
  });

  it('says whose account is wrong when it may not write the clients table', async () => {
    const world = { ...(await deployedAt(stack)), storageToken: 'not-a-token' };
    const { exitCode, output } = await runHook('postdeploy', world);
    expect(output).toContain('may not write the table audit');
    expect(exitCode).toBe(1);
  });
});

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return (server.address() as AddressInfo).port;
};

/** A port that nothing listens on. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const clientsNamed = async (name: string): Promise<readonly unknown[]> => {
  const headers = { authorization: `Bearer ${await tokenOf(stack.issuer, 'local-operator', 'local-operator-secret')}` };
  const response = await fetch(`${stack.issuer}/api/admin/apps`, { headers });
  const { apps } = (await response.json()) as { apps: readonly { client_name: string }[] };
  return apps.filter((app) => app.client_name === name);
};
