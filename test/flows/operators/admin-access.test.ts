/** The admin API: secrets, who may call it (RFC 6750), and cutting somebody off. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataIdentity } from '../../../local/identity/identities.ts';
import { users } from '../../../local/provider/users.ts';
import { type Admin, adminWith, ownTokenOf, refusedWith, webMetadata } from '../../support/admin.ts';
import { jwtPart } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import { createService, demoServices, okJson, refusalOf, register } from '../../support/service.ts';
import { signedToken } from '../../support/signed-token.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let call: Admin;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(services.operator))(...args);
});

afterAll(() => stack.stop());

describe('two secrets, so that one can be replaced at leisure', () => {
  const machine = { grant_types: ['client_credentials'], redirect_uris: [] };

  it('both work, a third is refused, and each can be taken away', async () => {
    const service = await register(stack.issuer, machine);
    const id = service.registration.clientId;
    const added = await call('POST', `apps/${id}/secrets`, { body: { expires_in: 3_600 } });
    expect(added.status).toBe(201);
    const second = createService(stack.issuer, { clientId: id, secret: String(added.body.client_secret) });
    for (const one of [service, second])
      expect((await one.token({ grant_type: 'client_credentials' })).status).toBe(200);
    expect(refusedWith(await call('POST', `apps/${id}/secrets`, { body: {} }))).toEqual([409, 'conflict']);
    const { body } = await call('GET', `apps/${id}`);
    const first = (body.assent_secrets as { id: string }[]).find((secret) => secret.id !== added.body.id);
    expect((await call('DELETE', `apps/${id}/secrets/${first?.id}`)).status).toBe(204);
    expect((await second.token({ grant_type: 'client_credentials' })).status).toBe(200);
    expect(await refusalOf(service.token({ grant_type: 'client_credentials' }))).toEqual({
      status: 401,
      error: 'invalid_client',
    });
  });

  it('one that has expired is refused, and makes room for another', async () => {
    const service = await register(stack.issuer, machine);
    const id = service.registration.clientId;
    const added = await call('POST', `apps/${id}/secrets`, { body: { expires_in: 60 } });
    const second = createService(stack.issuer, { clientId: id, secret: String(added.body.client_secret) });
    await stack.clock.move(61);
    const fresh = await ownTokenOf(services.operator);
    expect(await refusalOf(second.token({ grant_type: 'client_credentials' }))).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    expect((await service.token({ grant_type: 'client_credentials' })).status).toBe(200);
    expect((await call('POST', `apps/${id}/secrets`, { body: {}, bearer: fresh })).status).toBe(201);
    await stack.clock.reset();
  });

  it.each([0, 59, -1, 1.5, 63_072_001, '3600'])('may not be asked for with the lifetime %j', async (lifetime) => {
    expect(refusedWith(await call('POST', 'apps/demo-service/secrets', { body: { expires_in: lifetime } }))).toEqual([
      400,
      'invalid_request',
    ]);
  });
});

describe('who may', () => {
  it('nobody without a token, or with one of another kind or audience, of a person, or expired', async () => {
    const person = await signedInAt(stack);
    const both = await register(stack.issuer, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      scope: 'assent.admin vso.work',
      assent_operator: true,
    });
    const strangers: Record<string, string> = {
      nothing: '',
      garbage: 'x.y.z',
      'another service': await ownTokenOf(services.nightly, { scope: 'vso.work' }),
      'a person': (await services.web.tokens(person)).access_token,
      'a refresh token': (await services.web.tokens(person)).refresh_token,
      'another issuer': await stack.identity.issue(dataIdentity, `${stack.issuer}/api/admin`),
      'an operator, for another resource': await ownTokenOf(both, { resource: 'https://api.assent.localhost' }),
    };
    for (const [name, bearer] of Object.entries(strangers))
      for (const [method, path] of [
        ['GET', 'apps'],
        ['POST', 'apps'],
        ['DELETE', 'apps/demo-web'],
        ['POST', 'not-before'],
      ] as const)
        expect([
          name,
          path,
          ...refusedWith(await call(method, path, { bearer, ...(method === 'POST' && { body: webMetadata }) })),
        ]).toEqual([name, path, 401, 'invalid_token']);
    expect((await call('GET', 'apps/demo-web')).status).toBe(200);
    const bearer = await ownTokenOf(services.operator);
    await stack.clock.move(601);
    expect(refusedWith(await call('GET', 'apps', { bearer }))).toEqual([401, 'invalid_token']);
    await stack.clock.reset();
  });

  it('nobody with a token that another audience has, too: its server could have sent it', async () => {
    const own = jwtPart(await ownTokenOf(services.operator), 'payload');
    const [good, shared] = await Promise.all(
      [own.aud, [own.aud, 'https://api.assent.localhost']].map((aud) => signedToken(stack, { ...own, aud })),
    );
    expect((await call('GET', 'apps', { bearer: good ?? '' })).status).toBe(200);
    expect(refusedWith(await call('GET', 'apps', { bearer: shared ?? '' }))).toEqual([401, 'invalid_token']);
    const both = await register(stack.issuer, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      scope: 'assent.admin vso.work',
      assent_operator: true,
    });
    const fields = [
      ['resource', `${stack.issuer}/api/admin`],
      ['resource', 'https://api.assent.localhost'],
    ] as const;
    expect(await refusalOf(both.token([['grant_type', 'client_credentials'], ...fields]))).toEqual({
      status: 400,
      error: 'invalid_target',
    });
  });

  it('nobody with a token that was revoked', async () => {
    const bearer = await ownTokenOf(services.operator);
    expect((await call('GET', 'apps', { bearer })).status).toBe(200);
    expect((await services.operator.revoke({ token: bearer })).status).toBe(200);
    expect(refusedWith(await call('GET', 'apps', { bearer }))).toEqual([401, 'invalid_token']);
  });

  it('no operator from whom the mark has been taken, from that moment on', async () => {
    const metadata = {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      scope: 'assent.admin',
      assent_operator: true,
    };
    const service = await register(stack.issuer, metadata);
    const bearer = await ownTokenOf(service);
    expect((await call('GET', 'apps', { bearer })).status).toBe(200);
    const path = `apps/${service.registration.clientId}`;
    expect(
      (
        await call('PUT', path, {
          body: { client_name: 'Former', ...metadata, scope: 'vso.work', assent_operator: false },
        })
      ).status,
    ).toBe(200);
    expect(refusedWith(await call('GET', 'apps', { bearer }))).toEqual([401, 'invalid_token']);
    expect(await refusalOf(service.token({ grant_type: 'client_credentials', scope: 'assent.admin' }))).toEqual({
      status: 400,
      error: 'invalid_scope',
    });
  });

  it('no service that a person approves: the scope is nobody’s to give away', async () => {
    const person = await signedInAt(stack, 'olga');
    const answer = await person.visit(services.web.authorization({ scope: 'assent.admin' }).url);
    expect(answer.kind === 'departure' && answer.location.searchParams.get('error')).toBe('invalid_scope');
  });
});

describe('voiding everything that was issued before now', () => {
  it('[TK22] to one person: their codes, tokens and browsers, and nobody else’s', async () => {
    const [alice, bob] = [await signedInAt(stack, 'alice'), await signedInAt(stack, 'bob')];
    const { web } = services;
    const [tokens, others] = [await web.tokens(alice), await web.tokens(bob)];
    const code = await web.code(alice);
    // Object ids come in either letter case.
    const subject = users.find(({ login }) => login === 'alice')?.objectId.toUpperCase();
    expect((await call('POST', 'not-before', { body: { subject } })).body).toMatchObject({ found: true });
    expect(await refusalOf(web.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await refusalOf(web.redeem(code))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await okJson(services.api.introspect({ token: tokens.access_token }))).toEqual({ active: false });
    expect((await alice.send(`${stack.issuer}/authorizations`)).status).toBe(303);
    expect((await bob.send(`${stack.issuer}/authorizations`)).status).toBe(200);
    expect((await web.refresh(others.refresh_token)).status).toBe(200);
    await stack.clock.move(2);
    expect((await web.tokens(await signedInAt(stack, 'alice'))).token_type).toBe('Bearer');
  });

  it('to one service: what it had, until it asks anew', async () => {
    const service = await register(stack.issuer);
    const person = await signedInAt(stack, 'bob');
    const tokens = await service.tokens(person);
    expect((await call('POST', 'not-before', { body: { client_id: service.registration.clientId } })).status).toBe(200);
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await okJson(services.api.introspect({ token: tokens.access_token }))).toEqual({ active: false });
    await stack.clock.move(2);
    expect((await service.tokens(person)).token_type).toBe('Bearer');
  });

  it('says when there is no such service and no such person, and is set nevertheless', async () => {
    for (const body of [{ client_id: 'mistyped' }, { subject: '00000000-0000-4000-8000-000000000000' }])
      expect(await call('POST', 'not-before', { body })).toMatchObject({
        status: 200,
        body: { not_before: expect.any(Number), found: false },
      });
    const named = { body: { client_id: 'demo-native' } };
    expect((await call('POST', 'not-before', named)).body.found).toBe(true);
  });

  it.each([
    {},
    { everyone: false },
    { everyone: true, client_id: 'x' },
    { client_id: '' },
    { subject: 1 },
    [],
    'x',
    { nobody: true },
  ])('is refused unless it names exactly one: %j', async (body) => {
    expect(refusedWith(await call('POST', 'not-before', { body: JSON.stringify(body) }))).toEqual([
      400,
      'invalid_request',
    ]);
  });

  it('to everyone: the operator’s own token too', async () => {
    const person = await signedInAt(stack, 'bob');
    const bearer = await ownTokenOf(services.operator);
    const tokens = await services.web.tokens(person);
    const answer = await call('POST', 'not-before', { body: { everyone: true } });
    expect(Math.abs(Number(answer.body.not_before) - Date.now() / 1000)).toBeLessThan(60);
    expect(refusedWith(await call('GET', 'apps', { bearer }))).toEqual([401, 'invalid_token']);
    expect(await refusalOf(services.web.refresh(tokens.refresh_token))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
    expect((await person.send(`${stack.issuer}/authorizations`)).status).toBe(303);
    await stack.clock.move(2);
    expect((await call('GET', 'apps')).status).toBe(200);
  });
});
