/** The userinfo endpoint (OpenID Connect Core §5.3, RFC 6750). */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../support/answer.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import {
  administer,
  createService,
  demoServices,
  okJson,
  postForm,
  register,
  type TokenSet,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const ask = (token: string, init: RequestInit = {}) =>
  fetch(`${stack.issuer}/userinfo`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

const alicesProfile = {
  name: 'Alice Adams',
  given_name: 'Alice',
  family_name: 'Adams',
  preferred_username: 'alice@contoso.example',
};
const alicesEmail = { email: 'alice@contoso.example', email_verified: true };

const tokenFor = async (scope: string, more: Record<string, string> = {}) =>
  (await services.web.tokens(alice, { scope, ...more })).access_token;

describe('userinfo', () => {
  it.each([
    ['openid', {}],
    ['openid profile', alicesProfile],
    ['email openid', alicesEmail],
    ['openid profile email address phone', { ...alicesProfile, ...alicesEmail }],
    ['openid vso.work email', alicesEmail],
  ])('[OI04][OI07] tells for the scope %s what was allowed by it, and whose it is', async (scope, claims) => {
    const token = await tokenFor(scope);
    expect(await okJson(ask(token))).toEqual({ sub: decodeJwt(token).sub, ...claims });
  });

  it('[OI04] takes the token by GET and by POST, in the header and in a form, and not in more than one way', async () => {
    const token = await tokenFor('openid');
    const expected = { sub: decodeJwt(token).sub };
    const url = `${stack.issuer}/userinfo`;
    expect(await okJson(ask(token))).toEqual(expected);
    expect(await okJson(ask(token, { method: 'POST' }))).toEqual(expected);
    expect(await okJson(postForm(url, { access_token: token }))).toEqual(expected);
    const twice = await answerOf(postForm(url, { access_token: token }, { authorization: `Bearer ${token}` }));
    expect([twice.status, twice.body.error]).toEqual([400, 'invalid_request']);
    const inAddress = await answerOf(fetch(`${url}?access_token=${token}`));
    expect([inAddress.status, inAddress.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="${stack.issuer}"`,
    ]);
  });

  it('[OI04] is not for tokens without openid, of a service itself, or of another kind', async () => {
    const { web, nightly } = services;
    const plain = await answerOf(ask(await tokenFor('vso.work')));
    expect([plain.status, plain.body.error]).toEqual([403, 'insufficient_scope']);
    expect(plain.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    const own = await okJson<TokenSet>(nightly.token({ grant_type: 'client_credentials' }));
    expect((await ask(own.access_token)).status).toBe(403);
    const tokens = await web.tokens(alice, { scope: 'openid' });
    for (const other of [tokens.refresh_token, tokens.id_token ?? '', 'x', 'a.b.c', `${tokens.access_token}A`]) {
      const refused = await answerOf(ask(other));
      expect([refused.status, refused.body.error]).toEqual([401, 'invalid_token']);
      expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    }
  });

  it('[OI04] stops when the authorization ends', async () => {
    const tokens = await services.web.tokens(alice, { scope: 'openid' });
    expect((await ask(tokens.access_token)).status).toBe(200);
    await services.web.revoke({ token: tokens.refresh_token });
    expect((await ask(tokens.access_token)).status).toBe(401);
  });

  it('[OI04] tells nothing that the person has unticked', async () => {
    const bob = personAt(stack, 'bob');
    const { url, verifier } = services.web.authorization({ scope: 'openid profile email' });
    const location = await bob.authorize(url, { decision: 'approve', permissions: ['email'] });
    const code = { code: location.searchParams.get('code') ?? '', verifier };
    const tokens = await okJson<TokenSet>(services.web.redeem(code));
    expect(tokens.scope).toBe('email openid');
    const told = await okJson(ask(tokens.access_token));
    expect(told).toEqual({ sub: expect.any(String), email: 'bob@contoso.example', email_verified: true });
  });

  it('[OI04] stops telling what the person takes back by answering another request, whatever the audience', async () => {
    const bob = personAt(stack, 'bob');
    const service = await register(stack.issuer);
    const before = await service.tokens(bob, { scope: 'openid email vso.work' });
    expect(await okJson(ask(before.access_token))).toHaveProperty('email');
    const { url } = service.authorization({ scope: 'openid email', prompt: 'consent' });
    await bob.authorize(url, { decision: 'approve', permissions: [] });
    expect(await okJson(ask(before.access_token))).toEqual({ sub: decodeJwt(before.access_token).sub });
    const after = await okJson<TokenSet>(service.refresh(before.refresh_token));
    expect(after.scope).toBe('openid vso.work');
  });

  it('[OI04] is a signed JWT for a client that registered so', async () => {
    const redirectUri = 'https://signed.example/cb';
    const body = {
      client_name: 'Signed',
      redirect_uris: [redirectUri],
      userinfo_signed_response_alg: 'PS256',
    };
    const created = await administer(stack.issuer, { method: 'POST', path: 'apps', body });
    const { client_id: clientId = '', client_secret: secret = '' } = (await created.json()) as Record<string, string>;
    const service = createService(stack.issuer, { clientId, secret, redirectUri });
    const tokens = await service.tokens(alice, { scope: 'openid email' });
    const answer = await ask(tokens.access_token);
    expect(answer.headers.get('content-type')).toBe('application/jwt');
    const keys = createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(await answer.text(), keys, {
      issuer: stack.issuer,
      audience: clientId,
      algorithms: ['PS256'],
    });
    expect(payload).toMatchObject({ sub: decodeJwt(tokens.id_token ?? '').sub, ...alicesEmail });
  });

  it('may be asked by scripts of other origins, without credentials of the browser', async () => {
    const preflight = await fetch(`${stack.issuer}/userinfo`, {
      method: 'OPTIONS',
      headers: { origin: 'https://spa.example', 'access-control-request-method': 'GET' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await fetch(`${stack.issuer}/userinfo`, { headers: { origin: 'https://spa.example' } });
    expect(refused.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
  });
});
