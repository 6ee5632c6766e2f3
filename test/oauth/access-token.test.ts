import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyAccessToken } from '../../src/oauth/tokens/access-token.ts';

const now = 1_800_000_000;
const claims = {
  iss: 'https://login.example',
  sub: 'somebody',
  aud: 'https://api.example',
  client_id: 'web',
  scope: 'read write',
  iat: now - 10,
  exp: now + 590,
  jti: 'j-1',
  sid: 's-1',
};

let privateKey: CryptoKey;
let key: JWK;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  privateKey = pair.privateKey;
  key = { ...(await exportJWK(pair.publicKey)), kid: 'k-1', alg: 'RS256', use: 'sig' };
});

const verify = (token: string, algorithm = 'RS256') =>
  verifyAccessToken(token, { issuer: 'https://login.example', keys: [key], algorithms: [algorithm], now });

const signed = (payload: Readonly<Record<string, unknown>>, header = {}): Promise<string> =>
  new SignJWT({ ...payload })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k-1', ...header })
    .sign(privateKey);

describe('an access token of our own (RFC 9068 §4)', () => {
  it('is believed', async () => {
    expect(await verify(await signed(claims))).toEqual({
      subject: 'somebody',
      audience: ['https://api.example'],
      clientId: 'web',
      scopes: ['read', 'write'],
      issuedAt: now - 10,
      expiresAt: now + 590,
      jti: 'j-1',
      personClaims: {},
      sessionId: 's-1',
    });
  });

  it.each([
    'JWT',
    'jwt',
    'id_token+jwt',
    'logout+jwt',
    'oauth-authz-req+jwt',
    'client-authentication+jwt',
    'token-introspection+jwt',
    undefined,
  ])('[AT05] is not any other JWT that our key signed: typ %s', async (typ) => {
    expect(await verify(await signed(claims, { typ }))).toBeUndefined();
  });

  it.each(['iss', 'sub', 'aud', 'client_id', 'exp', 'iat', 'jti'])('[AT02] is not one without %s', async (name) => {
    expect(await verify(await signed({ ...claims, [name]: undefined }))).toBeUndefined();
  });

  it.each([
    ['another issuer', { iss: 'https://other.example' }],
    ['an issuer with a slash', { iss: 'https://login.example/' }],
    ['expired', { exp: now }],
    ['not valid yet', { nbf: now + 1 }],
    ['an expiry that is no number', { exp: 'never' }],
  ])('[AT04] is not one with %s', async (_name, change) => {
    expect(await verify(await signed({ ...claims, ...change }))).toBeUndefined();
  });

  it('[AT04] is not one of another algorithm, key or kid', async () => {
    const other = await generateKeyPair('RS256');
    const foreign = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k-1' });
    expect(await verify(await foreign.sign(other.privateKey))).toBeUndefined();
    expect(await verify(await signed(claims, { kid: 'k-2' }))).toBeUndefined();
    expect(await verify(await signed(claims), 'PS256')).toBeUndefined();
    expect(await verify(await signed(claims, { jwk: key, kid: 'k-2' }))).toBeUndefined();
  });

  it.each(['', '.', '..', 'a.b.c', 'e30.e30.', 'null', '\u00e9.\u00e9.\u00e9'])('[AT04] is not %j', async (text) => {
    expect(await verify(text)).toBeUndefined();
  });
});
