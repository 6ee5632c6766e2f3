/** ID tokens at the token endpoint (OpenID Connect Core §2, §3.1.3, §12.2). */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { administer, createService, demoServices, okJson, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;
let native: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  ({ web, native } = demoServices(stack.issuer));
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const verified = async ({ id_token: idToken = '' }: TokenSet, audience = 'demo-web') =>
  jwtVerify(idToken, createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`)), {
    issuer: stack.issuer,
    audience,
    typ: 'JWT',
    requiredClaims: ['sub', 'exp', 'iat', 'auth_time', 'sid', 'at_hash'],
  });

const claimsOf = async (tokens: TokenSet, audience?: string): Promise<JWTPayload> =>
  (await verified(tokens, audience)).payload;

const signInWith = (nonce: string | undefined, scope = 'openid') => web.tokens(alice, { scope, nonce });

describe('an ID token', () => {
  it('[OI01] has every required claim, the nonce, and the hash of the access token beside it', async () => {
    const tokens = await signInWith('n-0S6_WzA2Mj');
    const { payload, protectedHeader } = await verified(tokens);
    expect(protectedHeader.alg).toBe('RS256');
    expect(protectedHeader.kid).toBeTypeOf('string');
    expect(payload.nonce).toBe('n-0S6_WzA2Mj');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(tokens.expires_in);
    const hash = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16).toString('base64url');
    expect(payload.at_hash).toBe(hash);
    const accessToken = decodeJwt(tokens.access_token);
    expect([payload.sub, payload.auth_time]).toEqual([accessToken.sub, accessToken.auth_time]);
    expect([accessToken.aud, accessToken.scope, tokens.scope]).toEqual([
      `${stack.issuer}/userinfo`,
      'openid',
      'openid',
    ]);
  });

  it('[OI01] comes beside permissions too, whose audience stays what it was', async () => {
    const tokens = await signInWith(undefined, 'openid vso.work');
    expect(decodeJwt(tokens.access_token).aud).toBe('https://api.assent.localhost');
    expect(await claimsOf(tokens)).not.toHaveProperty('nonce');
  });

  it('[OI01] tells nothing of what scopes ask for, which is userinfo’s to tell (§5.4)', async () => {
    const claims = await claimsOf(await signInWith('n', 'openid profile email'));
    for (const name of ['name', 'email', 'preferred_username']) expect(claims).not.toHaveProperty(name);
  });

  it('[OI01] does not come without openid, nor can a person leave openid out of what they approve', async () => {
    const plain = await web.tokens(alice, { scope: 'vso.work' });
    expect(plain).not.toHaveProperty('id_token');
    const { url, verifier } = native.authorization({ scope: 'openid profile vso.work' });
    const location = await alice.authorize(url, { decision: 'approve', permissions: [] });
    const answer = native.redeem({ code: location.searchParams.get('code') ?? '', verifier });
    const tokens = await okJson<TokenSet>(answer);
    expect(tokens.scope).toBe('openid');
    expect((await claimsOf(tokens, 'demo-native')).sub).toBe(decodeJwt(plain.access_token).sub);
  });

  it.each([64, 384, 1000])('[OI02] has a nonce of %d characters as it was sent', async (length) => {
    const nonce = 'ÄB c%+&'.repeat(200).slice(0, length);
    expect((await claimsOf(await signInWith(nonce))).nonce).toBe(nonce);
  });

  it('[OI03] comes anew with a refresh: about the same sign-in, without the nonce', async () => {
    const first = await signInWith('once');
    const before = await claimsOf(first);
    await stack.clock.move(5);
    const refreshed = await okJson<TokenSet>(web.refresh(first.refresh_token));
    const after = await claimsOf(refreshed);
    const { nonce: _, at_hash: __, iat, exp, ...same } = before;
    expect(after).toMatchObject(same);
    expect(after).not.toHaveProperty('nonce');
    expect((after.iat ?? 0) - (iat ?? 0)).toBeGreaterThanOrEqual(5);
    expect(after.exp).toBeGreaterThan(exp ?? 0);
    expect(after.at_hash).not.toBe(before.at_hash);
    const narrowed = await okJson<TokenSet>(
      web.refresh((await signInWith('n', 'openid vso.work')).refresh_token, { scope: 'vso.work' }),
    );
    expect(narrowed).not.toHaveProperty('id_token');
  });

  it('names the browser’s session to each client by another sid, which stays while the person signs in again', async () => {
    const toWeb = await claimsOf(await signInWith('1'));
    const again = await claimsOf(await web.tokens(alice, { scope: 'openid', prompt: 'login' }));
    expect(again.sid).toBe(toWeb.sid);
    const toNative = await claimsOf(await native.tokens(alice, { scope: 'openid' }), 'demo-native');
    const elsewhere = await claimsOf(await web.tokens(personAt(stack), { scope: 'openid' }));
    expect(new Set([toWeb.sid, toNative.sid, elsewhere.sid]).size).toBe(3);
  });

  it('is signed with the algorithm that the client registered for, if the keys can', async () => {
    const metadata = {
      client_name: 'Signed otherwise',
      redirect_uris: ['https://other.example/cb'],
      id_token_signed_response_alg: 'PS256',
    };
    const register = (body: unknown) => administer(stack.issuer, { method: 'POST', path: 'apps', body });
    const created = await (await register(metadata)).json();
    const { client_id: clientId, client_secret: secret } = created as Record<string, string>;
    const service = createService(stack.issuer, {
      clientId: clientId ?? '',
      secret: secret ?? '',
      redirectUri: 'https://other.example/cb',
    });
    const tokens = await service.tokens(alice, { scope: 'openid' });
    expect((await verified(tokens, clientId)).protectedHeader.alg).toBe('PS256');
    expect((await register({ ...metadata, id_token_signed_response_alg: 'ES256' })).status).toBe(400);
  });
});
