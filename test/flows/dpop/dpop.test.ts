/** DPoP (RFC 9449): tokens that are worth nothing without their key. */
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, jwtPart } from '../../support/answer.ts';
import { answerDevice, codesOf, deviceGrant, enterCode, registerDevice } from '../../support/devices.ts';
import { type DpopKey, newDpopKey, type ProofOptions, proofBy } from '../../support/dpop.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import {
  basicAuth,
  type Code,
  demoServices,
  type Fields,
  okJson,
  postForm,
  refusalOf,
  register,
  type Service,
  type TokenSet,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;
let native: Service;
let alice: Person;
let key: DpopKey;
let other: DpopKey;

beforeAll(async () => {
  stack = await startStack();
  web = await register(stack.issuer, { scope: 'vso.work vso.code openid' });
  native = await register(stack.issuer, { token_endpoint_auth_method: 'none', scope: 'vso.work vso.code openid' });
  alice = personAt(stack);
  [key, other] = [await newDpopKey(), await newDpopKey()];
});

afterAll(() => stack.stop());

const tokenUrl = () => `${stack.issuer}/token`;

/** A request to the token endpoint with the service's own authentication and a DPoP header. */
const send = ({ registration: { clientId, secret } }: Service, fields: Fields, proof?: string): Promise<Response> => {
  const pairs = [...new URLSearchParams(fields as Record<string, string>)] as [string, string][];
  const headers: Record<string, string> = secret === undefined ? {} : { authorization: basicAuth(clientId, secret) };
  if (proof !== undefined) headers.dpop = proof;
  return postForm(tokenUrl(), secret === undefined ? [...pairs, ['client_id', clientId]] : pairs, headers);
};

const redeem = ({ code, verifier }: Code): Fields => ({
  grant_type: 'authorization_code',
  code,
  code_verifier: verifier,
});

const proof = (by: DpopKey = key, options: Partial<ProofOptions> = {}) => proofBy(by, { url: tokenUrl(), ...options });

const boundTokens = async (service: Service, by: DpopKey = key): Promise<TokenSet> =>
  okJson<TokenSet>(send(service, redeem(await service.code(alice, { scope: 'openid vso.work' })), await proof(by)));

describe('a token request with a proof (RFC 9449 §5)', () => {
  it('[DP01] gets a token of type DPoP that names the key, for every algorithm that is offered', async () => {
    for (const alg of ['ES256', 'PS256', 'EdDSA', 'RS256']) {
      const one = await newDpopKey(alg);
      const tokens = await boundTokens(web, one);
      expect([alg, tokens.token_type]).toEqual([alg, 'DPoP']);
      expect(jwtPart(tokens.access_token, 'payload').cnf).toEqual({ jkt: one.jkt });
    }
  });

  it('[DP01] and without one a bearer token, as before', async () => {
    const tokens = await okJson<TokenSet>(send(web, redeem(await web.code(alice))));
    expect(tokens.token_type).toBe('Bearer');
    expect(jwtPart(tokens.access_token, 'payload')).not.toHaveProperty('cnf');
  });

  it('[DP01] at the client credentials grant too', async () => {
    const { nightly } = demoServices(stack.issuer);
    const tokens = await okJson<TokenSet>(send(nightly, { grant_type: 'client_credentials' }, await proof()));
    expect(tokens.token_type).toBe('DPoP');
    expect(jwtPart(tokens.access_token, 'payload').cnf).toEqual({ jkt: key.jkt });
  });

  it('introspection says which key, and what type', async () => {
    const tokens = await boundTokens(web);
    const { api } = demoServices(stack.issuer);
    expect(await okJson(api.introspect({ token: tokens.access_token }))).toMatchObject({
      active: true,
      token_type: 'DPoP',
      cnf: { jkt: key.jkt },
    });
  });

  const wrong: readonly (readonly [string, Partial<ProofOptions>])[] = [
    ['for another method', { claims: { htm: 'GET' } }],
    ['for another address', { claims: { htu: 'https://evil.example/token' } }],
    ['for another endpoint', { claims: { htu: 'http://localhost/token' } }],
    ['without htu', { claims: { htu: undefined } }],
    ['without htm', { claims: { htm: undefined } }],
    ['without jti', { claims: { jti: undefined } }],
    ['with an endless jti', { claims: { jti: 'x'.repeat(300) } }],
    ['without iat', { claims: { iat: undefined } }],
    ['with an iat that is a text', { claims: { iat: '1' } }],
    ['[DP05] of an hour ago', { claims: { iat: Math.floor(Date.now() / 1000) - 3_600 } }],
    ['[DP05] of an hour from now', { claims: { iat: Math.floor(Date.now() / 1000) + 3_600 } }],
    ['of another type', { header: { typ: 'jwt' } }],
    ['without a type', { header: { typ: undefined } }],
    ['without a key', { header: { jwk: undefined } }],
  ];

  it.each(wrong)('is refused with a proof %s, and nothing is consumed', async (_, options) => {
    const code = await web.code(alice);
    expect(await refusalOf(send(web, redeem(code), await proof(key, options)))).toEqual({
      status: 400,
      error: 'invalid_dpop_proof',
    });
    expect((await send(web, redeem(code), await proof())).status).toBe(200);
  });

  it('is refused with a private key in it, a symmetric one, another’s signature, or none', async () => {
    const { exportJWK } = await import('jose');
    const leaked = await proof(key, { header: { jwk: await exportJWK(key.privateKey) } });
    const symmetric = await new SignJWT({ htm: 'POST', htu: tokenUrl(), jti: 'j', iat: Math.floor(Date.now() / 1000) })
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: { kty: 'oct', k: 'AAAA' } } as never)
      .sign(randomBytes(32));
    const borrowed = await proofBy({ ...key, jwk: other.jwk }, { url: tokenUrl() });
    const none = `${Buffer.from('{"alg":"none","typ":"dpop+jwt"}').toString('base64url')}.e30.`;
    for (const one of [leaked, symmetric, borrowed, none, 'x', 'a.b.c', '', 'e30.e30.e30'].filter(
      (text) => text !== '',
    ))
      expect(await refusalOf(send(web, { grant_type: 'refresh_token' }, one))).toEqual({
        status: 400,
        error: 'invalid_dpop_proof',
      });
  });

  it('[DP02] is refused with two proofs', async () => {
    const two = `${await proof()}, ${await proof()}`;
    expect(await refusalOf(send(web, redeem(await web.code(alice)), two))).toEqual({
      status: 400,
      error: 'invalid_dpop_proof',
    });
  });

  it('[DP04] compares addresses as addresses: without query and fragment, whatever the case of the host', async () => {
    const { host } = new URL(stack.issuer);
    for (const htu of [`${tokenUrl()}?x=1#y`, `HTTP://${host.toUpperCase()}/token`])
      expect((await send(web, redeem(await web.code(alice)), await proof(key, { claims: { htu } }))).status).toBe(200);
  });

  it('[DP05] takes clocks that are a little off', async () => {
    for (const shift of [-30, 8]) {
      const iat = Math.floor(Date.now() / 1000) + shift;
      expect((await send(web, redeem(await web.code(alice)), await proof(key, { claims: { iat } }))).status).toBe(200);
    }
  });

  it('is refused with a proof that was used before', async () => {
    const used = await proof();
    expect((await send(web, redeem(await web.code(alice)), used)).status).toBe(200);
    expect(await refusalOf(send(web, redeem(await web.code(alice)), used))).toEqual({
      status: 400,
      error: 'invalid_dpop_proof',
    });
  });
});

describe('nonces (RFC 9449 §8)', () => {
  it('[DP07] are offered with every answer to a proof, and are good; one that is not ours is asked for anew', async () => {
    const first = await send(web, redeem(await web.code(alice)), await proof());
    const nonce = first.headers.get('dpop-nonce') ?? '';
    expect(nonce).toMatch(/^[\w-]{28}$/);
    expect((await send(web, redeem(await web.code(alice)), await proof(key, { nonce }))).status).toBe(200);
    const code = await web.code(alice);
    for (const bad of ['x', `${nonce.slice(0, -1)}${nonce.endsWith('A') ? 'B' : 'A'}`]) {
      const refused = await send(web, redeem(code), await proof(key, { nonce: bad }));
      expect(refused.headers.get('dpop-nonce')).toBe(nonce);
      expect(await refusalOf(refused)).toEqual({ status: 400, error: 'use_dpop_nonce' });
    }
    expect((await send(web, redeem(code), await proof(key, { nonce }))).status).toBe(200);
  });

  it('[DP07] let a client pass whose clock is wrong', async () => {
    const nonce = (await send(web, {}, await proof())).headers.get('dpop-nonce') ?? '';
    const late = { nonce, claims: { iat: 1_000_000_000 } };
    expect((await send(web, redeem(await web.code(alice)), await proof(key, late))).status).toBe(200);
  });

  it('[DP07] can be required, and are good at every host', async () => {
    const strict = await startStack({ hosts: 2, settings: { DPOP_NONCE: 'required' } });
    try {
      const { nightly } = demoServices(strict.issuer);
      const { clientId, secret = '' } = nightly.registration;
      const ask = async (origin: string, nonce?: string) =>
        postForm(
          `${origin}/token`,
          { grant_type: 'client_credentials' },
          {
            authorization: basicAuth(clientId, secret),
            dpop: await proofBy(key, { url: `${strict.issuer}/token`, ...(nonce === undefined ? {} : { nonce }) }),
          },
        );
      const refused = await ask(strict.hosts[0] ?? '');
      expect(refused.headers.get('access-control-expose-headers')).toContain('DPoP-Nonce');
      expect(await refusalOf(refused.clone())).toEqual({ status: 400, error: 'use_dpop_nonce' });
      for (const host of strict.hosts)
        expect((await ask(host, refused.headers.get('dpop-nonce') ?? '')).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });
});

describe('what is bound to a key', () => {
  it('[DP08] a code whose request named one is redeemed by it alone', async () => {
    const code = await web.code(alice, { dpop_jkt: key.jkt });
    const refused = { status: 400, error: 'invalid_grant' };
    expect(await refusalOf(send(web, redeem(code), await proof(other)))).toEqual(refused);
    expect(await refusalOf(send(web, redeem(code)))).toEqual(refused);
    expect((await send(web, redeem(code), await proof())).status).toBe(200);
    const malformed = await alice.authorize(web.authorization({ dpop_jkt: 'short' }).url);
    expect(malformed.searchParams.get('error')).toBe('invalid_request');
  });

  it('[DP08] a push that was proven names it too', async () => {
    const { url, verifier } = web.authorization();
    const fields = [...new URL(url).searchParams] as [string, string][];
    const { clientId, secret = '' } = web.registration;
    const push = async (more: readonly [string, string][], by: DpopKey) =>
      postForm(`${stack.issuer}/par`, [...fields, ...more], {
        authorization: basicAuth(clientId, secret),
        dpop: await proofBy(by, { url: `${stack.issuer}/par` }),
      });
    expect(await refusalOf(push([['dpop_jkt', key.jkt]], other))).toEqual({ status: 400, error: 'invalid_dpop_proof' });
    const { request_uri } = (await (await push([], key)).json()) as { request_uri: string };
    const answer = await alice.authorize(
      `${stack.issuer}/authorize?${new URLSearchParams({ client_id: clientId, request_uri })}`,
    );
    const code = { code: answer.searchParams.get('code') ?? '', verifier };
    expect(await refusalOf(send(web, redeem(code), await proof(other)))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
    expect((await send(web, redeem(code), await proof())).status).toBe(200);
  });

  it('[DP13] a public client’s refresh token is worth nothing without it, and nothing ends for that', async () => {
    const tokens = await boundTokens(native);
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const refused = { status: 400, error: 'invalid_grant' };
    expect(await refusalOf(send(native, refresh, await proof(other)))).toEqual(refused);
    expect(await refusalOf(send(native, refresh))).toEqual(refused);
    const next = await okJson<TokenSet>(send(native, refresh, await proof()));
    const again = await okJson<TokenSet>(
      send(native, { ...refresh, refresh_token: next.refresh_token }, await proof()),
    );
    expect(jwtPart(again.access_token, 'payload').cnf).toEqual({ jkt: key.jkt });
    expect(await refusalOf(send(native, refresh, await proof(other)))).toEqual(refused);
    expect((await send(native, { ...refresh, refresh_token: again.refresh_token }, await proof())).status).toBe(200);
  });

  it('[DP13] a public client’s refresh token is bound by the first proof that comes with it', async () => {
    const tokens = await okJson<TokenSet>(send(native, redeem(await native.code(alice))));
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const next = await okJson<TokenSet>(send(native, refresh, await proof()));
    const again = { ...refresh, refresh_token: next.refresh_token };
    for (const wrong of [undefined, await proof(other)])
      expect(await refusalOf(send(native, again, wrong))).toEqual({ status: 400, error: 'invalid_grant' });
    expect((await send(native, again, await proof())).status).toBe(200);
  });

  it('[DP13] a confidential client may change its key', async () => {
    const tokens = await boundTokens(web);
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    const next = await okJson<TokenSet>(send(web, refresh, await proof(other)));
    expect(jwtPart(next.access_token, 'payload').cnf).toEqual({ jkt: other.jkt });
  });

  it('[DP10][DP14] a client that must be bound gets nothing without a proof, at no grant', async () => {
    const strict = await registerDevice(stack.issuer, {
      dpop_bound_access_tokens: true,
      grant_types: ['authorization_code', 'refresh_token', deviceGrant],
      redirect_uris: ['http://127.0.0.1/cb'],
    });
    const code = await strict.code(alice);
    const codes = await codesOf(stack.issuer, strict.registration);
    const page = await enterCode(alice, stack.issuer, codes.user_code);
    await answerDevice(alice, page, { decision: 'approve' });
    const device = { grant_type: deviceGrant, device_code: codes.device_code };
    for (const fields of [redeem(code), device, { grant_type: 'refresh_token', refresh_token: 'x' }])
      expect(await refusalOf(send(strict, fields))).toEqual({ status: 400, error: 'invalid_dpop_proof' });
    for (const fields of [redeem(code), device])
      expect(await okJson<TokenSet>(send(strict, fields, await proof()))).toMatchObject({ token_type: 'DPoP' });
  });
});

describe('a bound token at our own endpoints (RFC 9449 §7)', () => {
  const userinfo = async (headers: Readonly<Record<string, string>>) =>
    answerOf(fetch(`${stack.issuer}/userinfo`, { headers }));
  const at = (token: string, by: DpopKey, options: Partial<ProofOptions> = {}) =>
    proofBy(by, { method: 'GET', url: `${stack.issuer}/userinfo`, token, ...options });

  it('[DP11] is taken with its key’s proof, and with nothing less', async () => {
    const { access_token: token } = await boundTokens(web);
    const good = await userinfo({ authorization: `DPoP ${token}`, dpop: await at(token, key) });
    expect([good.status, typeof good.body.sub]).toEqual([200, 'string']);
    const refused: readonly Readonly<Record<string, string>>[] = [
      { authorization: `Bearer ${token}` },
      { authorization: `DPoP ${token}` },
      { authorization: `DPoP ${token}`, dpop: await at(token, other) },
      { authorization: `DPoP ${token}`, dpop: await at('another token', key) },
      { authorization: `DPoP ${token}`, dpop: await at(token, key, { claims: { ath: undefined } }) },
      { authorization: `DPoP ${token}`, dpop: await at(token, key, { claims: { htm: 'POST' } }) },
    ];
    for (const headers of refused) {
      const answer = await userinfo(headers);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/error="(invalid_token|invalid_dpop_proof)"/);
    }
  });

  it('[DP11] a bearer token is none, whatever proof comes with it', async () => {
    const { access_token: token } = await okJson<TokenSet>(
      send(web, redeem(await web.code(alice, { scope: 'openid vso.work' }))),
    );
    const answer = await userinfo({ authorization: `DPoP ${token}`, dpop: await at(token, key) });
    expect(answer.status).toBe(401);
  });

  it('[DP11] is not taken by the admin API, which has no proofs', async () => {
    const { operator } = demoServices(stack.issuer);
    const { access_token: token } = await okJson<TokenSet>(
      send(operator, { grant_type: 'client_credentials', scope: 'assent.admin' }, await proof()),
    );
    for (const scheme of ['Bearer', 'DPoP'])
      expect(
        (await fetch(`${stack.issuer}/api/admin/apps`, { headers: { authorization: `${scheme} ${token}` } })).status,
      ).toBe(401);
  });
});
