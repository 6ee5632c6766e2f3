/** A service that an operator blocks gets nothing, and has everything again when that is lifted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { type Admin, adminWith, ownTokenOf, refusedWith } from '../../support/admin.ts';
import { answerOf } from '../../support/answer.ts';
import { approvalPageOf, sendApproval } from '../../support/approval.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { auditRows, storedRows } from '../../support/rows.ts';
import { demoServices, okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;
let alice: Person;
let services: ReturnType<typeof demoServices>;

beforeAll(async () => {
  stack = await startStack({ hosts: 2 });
  services = demoServices(stack.issuer);
  call = adminWith(stack.issuer, await ownTokenOf(services.operator));
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const metadata = {
  client_name: 'Fabrikam Reports',
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  redirect_uris: ['https://reports.fabrikam.example/callback'],
  scope: 'vso.work vso.code',
};

const set = async ({ registration }: Service, change: object) => {
  const answer = await call('PUT', `apps/${registration.clientId}`, { body: { ...metadata, ...change } });
  expect(answer.status).toBe(200);
  return answer.body;
};

const refused = { status: 400, error: 'unauthorized_client' };
const itself = { grant_type: 'client_credentials', scope: 'vso.work' };

describe('a blocked service', () => {
  it('gets no token: not for a code, not for a refresh token, not for itself; and keeps them all', async () => {
    const service = await register(stack.issuer, metadata);
    const { refresh_token: token } = await service.tokens(alice, { scope: 'vso.work' });
    const code = await service.code(alice, { scope: 'vso.work' });
    expect(await set(service, { assent_blocked: true })).toMatchObject({ assent_blocked: true });
    for (const asked of [service.redeem(code), service.refresh(token), service.token(itself)])
      expect(await refusalOf(await asked)).toEqual(refused);

    expect(await set(service, { assent_blocked: false })).toMatchObject({ assent_blocked: false });
    for (const asked of [service.redeem(code), service.refresh(token), service.token(itself)])
      expect(await okJson<TokenSet>(await asked)).toHaveProperty('access_token');
  });

  it('is not sent anybody: the person reads why, before and after the approval page', async () => {
    const service = await register(stack.issuer, metadata);
    const { url } = service.authorization({ scope: 'vso.work' });
    const page = await approvalPageOf(alice, url);
    await set(service, { assent_blocked: true });
    for (const asked of [alice.send(url), fetch(url, { redirect: 'manual' }), sendApproval(alice, page)]) {
      const { status, text, headers } = await answerOf(asked);
      expect([status, headers.get('location')]).toEqual([400, null]);
      expect(text).toContain('The people who run this site have blocked it');
    }
    await set(service, { assent_blocked: false });
    expect((await sendApproval(alice, page)).headers.get('location')).toContain('code=');
  });

  it('has only tokens that introspection calls inactive, and learns nothing there itself', async () => {
    const service = await register(stack.issuer, metadata);
    const { access_token: ofPerson } = await service.tokens(alice, { scope: 'vso.work' });
    const ofService = await ownTokenOf(service, { scope: 'vso.work' });
    const describeBoth = async () =>
      Promise.all(
        [ofPerson, ofService].map(async (token) => (await okJson(services.api.introspect({ token }))).active),
      );
    expect(await describeBoth()).toEqual([true, true]);
    await set(service, { assent_blocked: true });
    expect(await describeBoth()).toEqual([false, false]);
    expect(await refusalOf(service.introspect({ token: ofPerson }))).toEqual(refused);
    await set(service, { assent_blocked: false });
    expect(await describeBoth()).toEqual([true, true]);
  });

  it('may still give back what it has', async () => {
    const service = await register(stack.issuer, metadata);
    const { refresh_token: token } = await service.tokens(alice, { scope: 'vso.work' });
    await set(service, { assent_blocked: true });
    expect((await service.revoke({ token })).status).toBe(200);
    await set(service, { assent_blocked: false });
    expect(await refusalOf(service.refresh(token))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('stays so when its metadata is replaced, until somebody says otherwise', async () => {
    const service = await register(stack.issuer, { ...metadata, assent_blocked: true });
    expect(await set(service, { client_name: 'Renamed' })).toMatchObject({ assent_blocked: true });
    expect(await refusalOf(service.token(itself))).toEqual(refused);
  });

  it('is refused everywhere within a minute', async () => {
    const service = await register(stack.issuer, metadata);
    const ask = (host: string) => fetch(`${host}/token`, { method: 'POST', ...formOf(service) });
    const other = stack.hosts[1] ?? '';
    expect((await ask(other)).status).toBe(200);
    await set(service, { assent_blocked: true });
    await stack.clock.move(60);
    expect(await refusalOf(ask(other))).toEqual(refused);
    await stack.clock.reset();
  });

  it('may not administer, and no operator can shut itself out', async () => {
    const machine = {
      client_name: 'Second operator',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      scope: 'assent.admin',
      assent_operator: true,
    };
    const second = await register(stack.issuer, machine);
    const bearer = await ownTokenOf(second);
    const { clientId } = second.registration;
    const own = await call('PUT', `apps/${clientId}`, { bearer, body: { ...machine, assent_blocked: true } });
    expect(refusedWith(own)).toEqual([409, 'conflict']);
    expect((await call('PUT', `apps/${clientId}`, { body: { ...machine, assent_blocked: true } })).status).toBe(200);
    expect(refusedWith(await call('GET', 'apps', { bearer }))).toEqual([401, 'invalid_token']);
  });
});

describe('what operators decide about a service', () => {
  it('is in the audit: who blocked it, who let it go, who vouched for it', async () => {
    const service = await register(stack.issuer, metadata);
    const { clientId } = service.registration;
    await set(service, { assent_blocked: true });
    const answer = await set(service, { assent_blocked: false, assent_verified: true });
    expect(answer).toMatchObject({
      assent_verified: true,
      assent_verified_by: 'local-operator',
      assent_verified_at: expect.any(Number),
    });
    const rows = await auditRows(stack);
    const decisions = rows
      .filter(({ client, event }) => client === clientId && event === 'client.updated')
      .map(({ actor, details }) => {
        const { client } = JSON.parse(String(details)) as { client: Record<string, unknown> };
        return [actor, client.assent_blocked, client.assent_verified];
      });
    expect(decisions).toHaveLength(2);
    expect(decisions).toEqual(
      expect.arrayContaining([
        ['local-operator', true, false],
        ['local-operator', false, true],
      ]),
    );
  });

  it('is stored with the service, and read back', async () => {
    const service = await register(stack.issuer, { ...metadata, client_name: 'Contoso Files', assent_verified: true });
    const { clientId } = service.registration;
    const [row] = await storedRows(stack, 'clients', clientKeyOf(clientId).toString('hex'));
    const verified = JSON.parse(String(row?.verified));
    expect(verified).toEqual({ by: 'local-operator', at: expect.any(Number) });
    expect((await call('GET', `apps/${clientId}`)).body).toMatchObject({
      assent_verified: true,
      assent_verified_by: 'local-operator',
      assent_verified_at: verified.at,
    });
  });

  it('is asked of them for a name that looks like the organization’s own', async () => {
    const body = { ...metadata, client_name: 'Contoso sign-in (Microsoft account security)' };
    const answer = await call('POST', 'apps', { body });
    expect(refusedWith(answer)).toEqual([400, 'invalid_client_metadata']);
    expect(answer.body.error_description).toContain('assent_verified');
    expect((await call('POST', 'apps', { body: { ...body, assent_verified: true } })).status).toBe(201);
  });
});

const formOf = ({ registration: { clientId, secret } }: Service) => ({
  headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
  body: new URLSearchParams(itself),
});
