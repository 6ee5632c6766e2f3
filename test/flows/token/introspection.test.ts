import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownTokenOf } from '../../support/admin.ts';
import { jwtPart } from '../../support/answer.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, isActive, okJson, postForm, refusalOf, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { unauthenticated } from './unauthenticated.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let other: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  other = await register(stack.issuer);
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const invalidClient = { status: 401, error: 'invalid_client' };

const introspection = (token: string, service: Service = services.web): Promise<Record<string, unknown>> =>
  okJson(service.introspect({ token }));

describe('introspection (RFC 7662)', () => {
  for (const [what, fields, headers] of unauthenticated) {
    it(`[IN01] refuses ${what} with 401 invalid_client`, async () => {
      const answer = await postForm(
        `${stack.issuer}/introspect`,
        { token: await ownTokenOf(services.nightly), ...fields },
        headers,
      );
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
      expect(await refusalOf(answer)).toEqual(invalidClient);
    });
  }

  it('[IN01] refuses a public client, and every method but POST', async () => {
    const { access_token: token } = await services.native.tokens(alice);
    expect(await refusalOf(services.native.introspect({ token }))).toEqual(invalidClient);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await fetch(`${stack.issuer}/introspect?token=${token}`, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });

  it('[IN02] says {"active":false} and nothing else of what is revoked, unknown, garbage, foreign or not for the caller', async () => {
    const revoked = await services.web.tokens(alice);
    await services.web.revoke({ token: revoked.refresh_token });
    const theirs = await other.tokens(alice);
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const forge = (issuer: string, header: Record<string, string> = {}) =>
      new SignJWT({ client_id: 'demo-web', scope: 'vso.work' })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header })
        .setIssuer(issuer)
        .setSubject('x')
        .setAudience('https://api.assent.localhost')
        .setIssuedAt()
        .setExpirationTime('10m')
        .setJti('x')
        .sign(privateKey);
    const { keys } = await okJson<{ keys: { kid: string }[] }>(fetch(`${stack.issuer}/.well-known/jwks.json`));
    const good = await services.web.tokens(alice);
    const dead = [
      revoked.access_token,
      revoked.refresh_token,
      theirs.access_token,
      theirs.refresh_token,
      await forge(stack.issuer),
      await forge(stack.issuer, { kid: keys[0]?.kid ?? '' }),
      await forge('https://elsewhere.example'),
      `${good.access_token}x`,
      ` ${good.access_token}`,
      good.access_token.slice(0, -1),
      'garbage',
      'a.b.c',
      'assent_rt_',
      'assent_ac_AAAA',
      JSON.stringify(await exportJWK(publicKey)),
    ];
    for (const token of dead) {
      const answer = await services.web.introspect({ token });
      expect([token, answer.status, await answer.text()]).toEqual([token, 200, '{"active":false}']);
    }
  });

  it('[IN02] says {"active":false} and nothing else of an access token that has expired', async () => {
    const { access_token: token } = await services.web.tokens(alice);
    await stack.clock.move(601);
    const answer = await services.web.introspect({ token });
    expect(await answer.text()).toBe('{"active":false}');
    await stack.clock.reset();
    expect(await isActive(services.web, token)).toBe(true);
  });

  it('[IN04] says of a live access token what the token says, to its client and to the resource server', async () => {
    const { access_token: token } = await services.web.tokens(alice);
    const claims = jwtPart(token, 'payload');
    for (const service of [services.web, services.api]) {
      expect(await introspection(token, service)).toEqual({
        active: true,
        iss: stack.issuer,
        sub: claims.sub,
        aud: 'https://api.assent.localhost',
        client_id: 'demo-web',
        scope: 'vso.code vso.work',
        token_type: 'Bearer',
        iat: claims.iat,
        exp: claims.exp,
        jti: claims.jti,
        sid: claims.sid,
        uid: claims.uid,
        auth_time: claims.auth_time,
        ...(claims.acr === undefined ? {} : { acr: claims.acr }),
      });
    }
    expect(claims).toMatchObject({
      uid: expect.any(String),
      iss: stack.issuer,
      aud: 'https://api.assent.localhost',
      client_id: 'demo-web',
      scope: 'vso.code vso.work',
    });
  });

  it('[IN04] says of a live refresh token to its own client until when it is good, and to nobody else', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    const about = await introspection(token);
    expect(about).toMatchObject({ active: true, iss: stack.issuer, client_id: 'demo-web', scope: 'vso.code vso.work' });
    expect(Number(about.exp) - Number(about.iat)).toBe(90 * 86_400);
    expect(about).not.toHaveProperty('token_type');
    expect(await introspection(token, services.api)).toEqual({ active: false });
  });

  it('[IN05] lets nobody store any of it', async () => {
    for (const answer of [
      await services.web.introspect({ token: 'garbage' }),
      await services.web.introspect({ token: (await services.web.tokens(alice)).access_token }),
      await services.web.introspect({}),
      await postForm(`${stack.issuer}/introspect`, { token: 'x' }),
    ]) {
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('content-type')).toBe('application/json');
    }
  });

  it('[IN07] knows a client_credentials token that was revoked, and only that one', async () => {
    const [revoked, kept] = [await ownTokenOf(services.nightly), await ownTokenOf(services.nightly)];
    expect(await introspection(revoked, services.nightly)).toMatchObject({ active: true, sub: 'demo-service' });
    expect((await services.nightly.revoke({ token: revoked })).status).toBe(200);
    for (const service of [services.nightly, services.api]) {
      expect(await introspection(revoked, service)).toEqual({ active: false });
      expect(await introspection(kept, service)).toMatchObject({ active: true });
    }
  });
});
