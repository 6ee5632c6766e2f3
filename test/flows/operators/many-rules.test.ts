/** Ten thousand rules of other services cost nobody anything: neither a decision, nor whoever reads or changes one of them. */
import { TableClient, type TransactionAction } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataIdentity, storageAudience } from '../../../local/identity/identities.ts';
import { clientKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { signedInAt } from '../../support/people.ts';
import { ruleService } from '../../support/policy.ts';
import { demoServices, okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const count = 10_000;
const batchSize = 100;

let stack: Stack;
let call: Admin;
let service: Service;
let tokens: TokenSet;

/** Past every host and proxy. */
const openDeployment = (): TableClient => {
  const getToken = async () => ({
    token: await stack.identity.issue(dataIdentity, storageAudience),
    expiresOnTimestamp: Date.now() + 600_000,
  });
  const url = `https://localhost:${stack.ports.tables}/devstoreaccount1`;
  return new TableClient(url, 'deployment', { getToken }, { tlsOptions: { ca: stack.certificate.authority } });
};

const plantRules = async (): Promise<void> => {
  const table = openDeployment();
  const ruleOf = (index: number): TransactionAction => {
    const clientId = `planted-${index}`;
    const rowKey = clientKeyOf(clientId).toString('hex');
    const rule = JSON.stringify({ kind: 'blocked' });
    return ['create', { partitionKey: 'client-rules', rowKey, clientId, rule, changedAt: 1 }];
  };
  for (let start = 0; start < count; start += batchSize)
    await table.submitTransaction(Array.from({ length: batchSize }, (_, at) => ruleOf(start + at)));
};

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  const { operator } = demoServices(stack.issuer);
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(operator))(...args);
  service = await register(stack.issuer);
  tokens = await service.tokens(await signedInAt(stack));
  await plantRules();
  // Whoever changes one tells the hosts that there are rules.
  await ruleService(stack, call, { clientId: service.registration.clientId, access: 'allowed' });
});

afterAll(() => stack.stop());

/** Storage calls of a request. */
const callsOf = async (send: () => Promise<unknown>): Promise<readonly string[]> => {
  stack.tableProxy.requests.length = 0;
  await send();
  return stack.tableProxy.requests.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);
};

const isOfRules = (one: string): boolean => one.includes('client-rules');

describe('ten thousand rules', () => {
  it('are not read to decide about a service: its own is, once a minute', async () => {
    const refresh = async () => {
      tokens = await okJson<TokenSet>(service.refresh(tokens.refresh_token));
    };
    const first = (await callsOf(refresh)).filter(isOfRules);
    expect(first.length).toBeLessThanOrEqual(1);
    for (const one of first) expect(one).toContain(clientKeyOf(service.registration.clientId).toString('hex'));
    const second = await callsOf(refresh);
    expect(second.filter(isOfRules)).toEqual([]);
    // The write: what is refreshed was written by this instance.
    expect(second).toHaveLength(1);
  });

  it('hold, each of them', async () => {
    const { clientId } = service.registration;
    await ruleService(stack, call, { clientId, access: 'blocked' });
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toMatchObject({ error: 'unauthorized_client' });
    await ruleService(stack, call, { clientId, access: 'allowed' });
    expect(await okJson(service.refresh(tokens.refresh_token))).toHaveProperty('access_token');
  });

  it('are listed a hundred at a time, each page by one read', async () => {
    let after: string | undefined;
    for (let page = 0; page < 3; page += 1) {
      const query: string = after === undefined ? '' : `?${new URLSearchParams({ after })}`;
      let answered: Awaited<ReturnType<Admin>> | undefined;
      const calls = await callsOf(async () => {
        answered = await call('GET', `policy/services${query}`);
      });
      expect(calls.filter((one) => isOfRules(one) && /RowKey.ge/.test(one))).toHaveLength(1);
      expect(answered?.body.services).toHaveLength(100);
      after = String(answered?.body.next);
    }
  });

  it('of the policy itself are bounded, and said so', async () => {
    const needs_operator = Array.from({ length: 501 }, (_, index) => ({
      resource: 'https://api.assent.localhost',
      scope: `p${index}`,
    }));
    const body = { ...(await call('GET', 'policy')).body, needs_operator };
    const { status, body: problem } = await call('PUT', 'policy', { body });
    expect([status, problem.error_description]).toEqual([400, expect.stringMatching(/needs_operator: .*500/)]);
  });
});
