/** What an operator or an owner takes from a service's permissions is gone at once, from tokens that it has as well. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientKeyOf } from '../../../src/oauth/tokens/locator.ts';
import type { RevocationList } from '../../../src/oauth/tokens/revocation-list.ts';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { listWhen } from '../../support/revocations.ts';
import { demoServices, okJson, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;
let services: ReturnType<typeof demoServices>;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  call = adminWith(stack.issuer, await ownTokenOf(services.operator));
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const metadata = {
  client_name: 'Fabrikam Reports',
  redirect_uris: ['https://reports.fabrikam.example/callback'],
  scope: 'vso.work vso.code',
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
};

const set = async ({ registration: { clientId } }: Service, change: object): Promise<void> => {
  const answer = await call('PUT', `apps/${clientId}`, { body: { ...metadata, ...change } });
  expect(answer.status).toBe(200);
};

const instantFor = ({ registration: { clientId } }: Service, list: RevocationList): number | undefined =>
  list.not_before.client_id[clientKeyOf(clientId).toString('base64url')];

const scopeOf = async (token: string) => (await okJson(services.api.introspect({ token }))).scope;

describe('a permission that a service loses', () => {
  it('is not in its tokens any more: of a person, of its own, and refreshed', async () => {
    const service = await register(stack.issuer, metadata);
    const tokens = await service.tokens(alice, { scope: 'vso.work vso.code' });
    const own = await ownTokenOf(service, { scope: 'vso.work vso.code' });
    expect([await scopeOf(tokens.access_token), await scopeOf(own)]).toEqual([
      'vso.code vso.work',
      'vso.code vso.work',
    ]);
    await set(service, { scope: 'vso.work' });
    expect([await scopeOf(tokens.access_token), await scopeOf(own)]).toEqual(['vso.work', 'vso.work']);
    expect(await okJson(service.refresh(tokens.refresh_token))).toMatchObject({ scope: 'vso.work' });
  });

  it('makes a token inactive that was for nothing else', async () => {
    const service = await register(stack.issuer, metadata);
    const { access_token: token } = await service.tokens(alice, { scope: 'vso.code' });
    await set(service, { scope: 'vso.work' });
    expect(await okJson(services.api.introspect({ token }))).toEqual({ active: false });
  });

  it('is told to resource servers that check tokens by themselves: those from before count no more', async () => {
    const service = await register(stack.issuer, metadata);
    await set(service, { scope: 'vso.work' });
    const list = await listWhen(stack.issuer, (one) => instantFor(service, one) !== undefined);
    expect(instantFor(service, list)).toBeGreaterThan(Date.now() / 1000);
  });

  it('is announced when it is lost, and not when there is one more', async () => {
    const [more, less] = [await register(stack.issuer, metadata), await register(stack.issuer, metadata)];
    await set(more, { scope: 'vso.work vso.code vso.build' });
    await set(less, { scope: 'vso.work' });
    const list = await listWhen(stack.issuer, (one) => instantFor(less, one) !== undefined);
    expect(instantFor(more, list)).toBeUndefined();
  });
});
