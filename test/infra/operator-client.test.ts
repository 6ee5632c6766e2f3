/** The first operator client, and a deployment that nobody can sign in to yet, against the built bundle in the local host. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unregisteredClientId } from '../../src/config.ts';
import { auditRows } from '../support/rows.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { infra } from './bicep/files.ts';
import { execute, runHook } from './stand-ins/azure.ts';
import { deployedAt, operatorToken } from './stand-ins/deployed.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

const smoke = (words: readonly string[]) => execute([`${infra}hooks/smoke-test.mjs`, ...words], {});

describe('a deployment without an application to sign in through', () => {
  beforeAll(() => stack.restartHost(0, { SIGN_IN_CLIENT_ID: unregisteredClientId, RESOURCES: '[]' }, 'listening'));
  afterAll(() => stack.restartHost(0));

  it('is not what the smoke test calls ready', async () => {
    const { exitCode, output } = await smoke(['--url', stack.issuer]);
    expect(output).toMatch(/FAILED {3}is alive and reaches.*"sign-in":"not configured"/);
    expect(exitCode).toBe(1);
  });

  it('passes the rest of the test when postdeploy knows that there is none, and says so loudly', async () => {
    const { exitCode, output } = await runHook('postdeploy', await deployedAt(stack, { ENTRA_CLIENT_ID: '' }));
    expect(output).toContain('Smoke test: 12 passed, 0 failed, 1 skipped.');
    expect(output).toContain('NOBODY CAN SIGN IN');
    expect(exitCode).toBe(0);
  });

  it('is waited for in vain when postdeploy knows of an application that the server does not', async () => {
    const { exitCode, output } = await runHook('postdeploy', await deployedAt(stack, { READY_SECONDS: '0' }));
    expect(output).toMatch(/not ready after 0 seconds.*not configured/);
    expect(exitCode).toBe(1);
  });

  it('registers the service that first-operator-client prints although no API is configured, and says what is missing', async () => {
    const { output } = await runHook('first-operator-client', await deployedAt(stack));
    const created = await fetch(`${stack.issuer}/api/admin/apps`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await operatorToken(stack.issuer, output)}`,
        'content-type': 'application/json',
      },
      body: /-d '(\{.*\})'/.exec(output)?.[1] ?? '',
    });
    expect([created.status, await created.clone().text()]).toEqual([201, expect.stringContaining('client_secret')]);
    expect(output).toContain('azd env set RESOURCES');
  });
});

describe('first-operator-client', () => {
  it('writes a client that the server reads: a token for the admin API, and a service registered with it', async () => {
    const { exitCode, output } = await runHook('first-operator-client', await deployedAt(stack));
    expect(exitCode).toBe(0);
    const token = await operatorToken(stack.issuer, output);
    const created = await fetch(`${stack.issuer}/api/admin/apps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: /-d '(\{.*\})'/.exec(output)?.[1] ?? '',
    });
    expect([created.status, await created.clone().text()]).toEqual([201, expect.stringContaining('client_secret')]);
  });

  it('is announced in the audit, by whoever ran it', async () => {
    const { output, world } = await runHook('first-operator-client', await deployedAt(stack));
    const clientId = /client_id +(\S+)/.exec(output)?.[1];
    expect((await auditRows(stack)).filter(({ client }) => client === clientId)).toMatchObject([
      { event: 'client.created', actor: 'deployer:caller-1' },
    ]);
    expect(world.assignments).toEqual([]);
  });

  it('is not written when it cannot be announced', async () => {
    const world = { ...(await deployedAt(stack)), storageToken: 'not-a-token' };
    const { exitCode, output } = await runHook('first-operator-client', world);
    expect(output).toContain('may not write the table audit');
    expect(output).not.toContain('client_secret');
    expect(exitCode).toBe(1);
  });

  it('ends after a day', async () => {
    const { output } = await runHook('first-operator-client', await deployedAt(stack));
    const until = Date.parse(/valid until (\S+)\./.exec(output)?.[1] ?? '');
    expect(Math.round((until - Date.now()) / 60_000)).toBe(24 * 60);
  });

  it('reads the azd environment itself, since azd does not start it', async () => {
    const environment = { NODE_EXTRA_CA_CERTS: stack.certificate.authorityFile };
    const { exitCode, output } = await runHook('first-operator-client', await deployedAt(stack), { environment });
    expect(output).toContain('Operator client');
    expect(exitCode).toBe(0);
  });
});
