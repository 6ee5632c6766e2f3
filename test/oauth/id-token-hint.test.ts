import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyIdTokenHint } from '../../src/oauth/tokens/id-token-hint.ts';

const issuer = 'https://login.example';
let privateKey: CryptoKey;
let key: JWK;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  privateKey = pair.privateKey;
  key = { ...(await exportJWK(pair.publicKey)), kid: 'k-1', alg: 'RS256', use: 'sig' };
});

const claims = { iss: issuer, sub: 's', aud: 'web', exp: 1_000, iat: 400, sid: 'browser', at_hash: 'h' };

const signed = (payload: Readonly<Record<string, unknown>>, header = {}, by = privateKey): Promise<string> =>
  new SignJWT({ ...payload }).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'k-1', ...header }).sign(by);

const verify = (text: string) => verifyIdTokenHint(text, { issuer, keys: [key], algorithms: ['RS256', 'PS256'] });

const without = (name: keyof typeof claims) =>
  Object.fromEntries(Object.entries(claims).filter(([one]) => one !== name));

describe('an ID token that comes back as a hint', () => {
  it('[OI10] says who it was about, however long ago it expired', async () => {
    const hint = { subject: 's', clientIds: ['web'], sid: 'browser' };
    expect(await verify(await signed(claims))).toEqual(hint);
    expect(await verify(await signed({ ...claims, aud: ['web', 'x'] }))).toEqual({ ...hint, clientIds: ['web', 'x'] });
  });

  it.each<[string, () => Promise<string>]>([
    ['of another issuer', () => signed({ ...claims, iss: 'https://other.example' })],
    ['that is an access token', () => signed(claims, { typ: 'at+jwt' })],
    ['that is a logout token', () => signed(claims, { typ: 'logout+jwt' })],
    ['that is an answer of userinfo', () => signed(without('exp'))],
    ['without the hash of an access token', () => signed(without('at_hash'))],
    ['without a subject', () => signed(without('sub'))],
    ['of another key', async () => signed(claims, {}, (await generateKeyPair('RS256')).privateKey)],
    ['of an unknown kid', () => signed(claims, { kid: 'k-2' })],
    ['without a signature', async () => new UnsecuredJWT({ ...claims }).encode()],
    [
      'signed by a secret',
      () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k-1' }).sign(Buffer.from(JSON.stringify(key))),
    ],
    ['that was altered', async () => (await signed(claims)).replace(/^[^.]+/, 'eyJhbGciOiJSUzI1NiJ9')],
    ['that is none', async () => 'nonsense'],
    ['of empty parts', async () => '..'],
    ['of null', async () => `${Buffer.from('null').toString('base64url')}.e30.x`],
  ])('[OI10] is nothing when it is one %s', async (_what, make) => {
    expect(await verify(await make())).toBeUndefined();
  });

  it('[OI10] is nothing when what was signed is no object', async () => {
    const { CompactSign } = await import('jose');
    for (const payload of ['null', '"x"', '5', 'not JSON']) {
      const text = await new CompactSign(Buffer.from(payload))
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'k-1' })
        .sign(privateKey);
      expect(await verify(text)).toBeUndefined();
    }
  });
});
