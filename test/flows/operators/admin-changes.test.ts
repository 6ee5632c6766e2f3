/** What an operator changes of a service takes effect, and what the operator does not change stays (RFC 7592 §2.2). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { type Admin, adminWith, ownTokenOf, refusedWith } from '../../support/admin.ts';
import { jwtPart, redirectOf } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { changeRow, storedRows } from '../../support/rows.ts';
import { demoServices, okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let call: Admin;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  call = adminWith(stack.issuer, await ownTokenOf(services.operator));
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

/** From now on the service may ask for these scopes and no others. */
const allow = async ({ registration }: Service, scope: string): Promise<void> => {
  const body = { client_name: 'Fabrikam Reports', redirect_uris: [registration.redirectUri], scope };
  expect((await call('PUT', `apps/${registration.clientId}`, { body })).status).toBe(200);
};

const invalidScope = { status: 400, error: 'invalid_scope' };

describe('a scope that is taken from a service', () => {
  it('is gone from its next refresh, and the others go on', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice, { scope: 'vso.work vso.code' });
    await allow(service, 'vso.code vso.build');
    const next = await okJson<TokenSet>(service.refresh(tokens.refresh_token));
    expect(next.scope).toBe('vso.code');
    expect(jwtPart(next.access_token, 'payload').scope).toBe('vso.code');
    expect(await refusalOf(service.refresh(next.refresh_token, { scope: 'vso.work' }))).toEqual(invalidScope);
    expect(await okJson(service.refresh(next.refresh_token, { scope: 'vso.code' }))).toMatchObject({
      scope: 'vso.code',
    });
  });

  it('is gone from a code that is redeemed afterwards, and from what follows', async () => {
    const service = await register(stack.issuer);
    const code = await service.code(alice, { scope: 'vso.work vso.code' });
    await allow(service, 'vso.code');
    const tokens = await okJson<TokenSet>(service.redeem(code));
    expect(tokens.scope).toBe('vso.code');
    expect(jwtPart(tokens.access_token, 'payload').scope).toBe('vso.code');
    expect(await okJson(service.refresh(tokens.refresh_token))).toMatchObject({ scope: 'vso.code' });
  });

  it('was the only one: the refresh token gives nothing, and is not spent by that', async () => {
    const service = await register(stack.issuer);
    const { refresh_token: token } = await service.tokens(alice, { scope: 'vso.work' });
    await allow(service, 'vso.code');
    expect(await refusalOf(service.refresh(token))).toEqual(invalidScope);
    // Past the grace window a token that had been rotated would be a replay.
    await stack.clock.move(61);
    expect(await refusalOf(service.refresh(token))).toEqual(invalidScope);
    call = adminWith(stack.issuer, await ownTokenOf(services.operator));
    await allow(service, 'vso.work');
    expect(await okJson(service.refresh(token))).toMatchObject({ scope: 'vso.work' });
    await stack.clock.reset();
  });

  it('was the only one: the code gives nothing, and is not spent by that', async () => {
    const service = await register(stack.issuer);
    const code = await service.code(alice, { scope: 'vso.work' });
    await allow(service, 'vso.code');
    expect(await refusalOf(service.redeem(code))).toEqual(invalidScope);
    await allow(service, 'vso.work');
    expect(await okJson(service.redeem(code))).toMatchObject({ scope: 'vso.work' });
  });

  it('cannot be asked for again, however often the person allowed it', async () => {
    const service = await register(stack.issuer);
    await service.tokens(alice, { scope: 'vso.work vso.code' });
    await allow(service, 'vso.code');
    const refused = await redirectOf(service.authorization({ scope: 'vso.work vso.code' }).url, alice);
    expect(refused.searchParams.get('error')).toBe('invalid_scope');
    const silent = await redirectOf(service.authorization({ scope: 'vso.code' }).url, alice);
    expect(silent.searchParams.get('code')).toMatch(/^assent_ac_/);
  });
});

describe('a service that has an end', () => {
  const machine = {
    client_name: 'Smoke test',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    scope: 'assent.admin',
    assent_operator: true,
  };

  it('keeps its end when it is replaced and when it gets a secret, and then is no more', async () => {
    const service = await register(stack.issuer, machine);
    const { clientId } = service.registration;
    const keys = { PartitionKey: clientKeyOf(clientId).toString('hex'), RowKey: 'client' };
    const endsAt = Math.floor(Date.now() / 1000) + 900;
    const stored = async (): Promise<Readonly<Record<string, unknown>>> =>
      (await storedRows(stack, 'clients', keys.PartitionKey))[0] ?? {};
    await changeRow(stack, 'clients', { ...keys, keepUntil: endsAt });

    expect((await call('PUT', `apps/${clientId}`, { body: { ...machine, client_name: 'Renamed' } })).status).toBe(200);
    expect(await stored()).toMatchObject({ name: 'Renamed', keepUntil: endsAt });
    expect((await call('POST', `apps/${clientId}/secrets`, { body: {} })).status).toBe(201);
    expect(await stored()).toMatchObject({ keepUntil: endsAt });
    await ownTokenOf(service);

    await stack.clock.move(901);
    const later = adminWith(stack.issuer, await ownTokenOf(services.operator));
    expect(refusedWith(await later('GET', `apps/${clientId}`))).toEqual([404, 'not_found']);
    expect(await refusalOf(service.token({ grant_type: 'client_credentials' }))).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    await stack.clock.reset();
  });

  it('is the exception: a service that an operator registers has none, and gets none when it is replaced', async () => {
    const { registration } = await register(stack.issuer, machine);
    const partition = clientKeyOf(registration.clientId).toString('hex');
    await call('PUT', `apps/${registration.clientId}`, { body: machine });
    for (const row of await storedRows(stack, 'clients', partition)) expect(row).not.toHaveProperty('keepUntil');
  });
});

describe('the challenge of the admin API (RFC 6750 §3)', () => {
  const challengeFor = async (authorization: string | undefined) => {
    const response = await fetch(`${stack.issuer}/api/admin/apps`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    const { error } = (await response.json()) as { error: unknown };
    return [response.status, error, response.headers.get('www-authenticate')];
  };

  it.each([undefined, 'Basic eDp5', 'Bearer', 'bearer '])('names no error when no token is sent: %j', async (sent) => {
    expect(await challengeFor(sent)).toEqual([401, 'invalid_token', `Bearer realm="${stack.issuer}"`]);
  });

  it('says invalid_token when a wrong one is', async () => {
    const foreign = await ownTokenOf(services.nightly, { scope: 'vso.work' });
    for (const sent of ['Bearer x', 'Bearer x.y.z', `bearer ${foreign}`]) {
      const [status, error, challenge] = await challengeFor(sent);
      expect([status, error]).toEqual([401, 'invalid_token']);
      expect(challenge).toMatch(/^Bearer realm="[^"]+", error="invalid_token", error_description="[^"]+"$/);
    }
  });
});
