/** RFC 9068, RFC 6750, RFC 8725: what an access token says, who believes it, and for how long. */
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInIdentity, tokenExchangeAudience } from '../../../local/identity/identities.ts';
import { signingKeyName } from '../../../local/settings.ts';
import { ownTokenOf } from '../../support/admin.ts';
import { answerOf, jwtPart } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, okJson, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let services: ReturnType<typeof demoServices>;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
  services = demoServices(stack.issuer);
});

afterAll(() => stack.stop());

const keySet = async (): Promise<JSONWebKeySet> =>
  okJson<JSONWebKeySet>(fetch(`${stack.issuer}/.well-known/jwks.json`));
const adminToken = (): Promise<string> => ownTokenOf(services.operator);
const listApps = (headers: Record<string, string> = {}, query = '') =>
  answerOf(fetch(`${stack.issuer}/api/admin/apps${query}`, { headers }));
const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('an access token (RFC 9068)', () => {
  it('[AT01][AT02] of a person is an at+jwt with every required claim, that the published keys verify', async () => {
    const before = Math.floor(Date.now() / 1000);
    const tokens = await services.web.tokens(alice);
    expect(jwtPart(tokens.access_token, 'header')).toEqual({
      alg: 'RS256',
      typ: 'at+jwt',
      kid: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const keys = createLocalJWKSet(await keySet());
    const { payload } = await jwtVerify(tokens.access_token, keys, {
      issuer: stack.issuer,
      audience: 'https://api.assent.localhost',
      typ: 'at+jwt',
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'sub', 'client_id', 'iat', 'jti', 'auth_time', 'sid'],
    });
    expect(payload).toMatchObject({
      client_id: 'demo-web',
      scope: 'vso.code vso.work',
      aud: 'https://api.assent.localhost',
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(600);
    expect(tokens.expires_in).toBe(600);
    expect(Number(payload.iat) - before).toBeLessThan(10);
    expect(Object.keys(payload).sort()).toEqual([
      'acr',
      'aud',
      'auth_time',
      'client_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'scope',
      'sid',
      'sub',
      'uid',
    ]);
  });

  it('[AT02] of a service itself has the service as its subject, and no session', async () => {
    const { access_token: token } = await okJson<TokenSet>(
      services.nightly.token({ grant_type: 'client_credentials', scope: 'vso.work' }),
    );
    const payload = jwtPart(token, 'payload');
    expect(payload).toMatchObject({
      sub: 'demo-service',
      client_id: 'demo-service',
      aud: 'https://api.assent.localhost',
    });
    expect(payload).not.toHaveProperty('sid');
  });

  it('[RI04] has the asked resource as its audience, to the letter', async () => {
    const answer = await okJson<TokenSet>(
      services.operator.token({ grant_type: 'client_credentials', resource: `${stack.issuer}/api/admin` }),
    );
    expect(jwtPart(answer.access_token, 'payload').aud).toBe(`${stack.issuer}/api/admin`);
    expect(await okJson(services.api.introspect({ token: answer.access_token }))).toEqual({ active: false });
  });

  it('names a person the same to every service, and never by a name of theirs', async () => {
    const [one, other] = [await services.web.tokens(alice), await services.native.tokens(alice)];
    const subjects = [one, other].map(({ access_token: token }) => String(jwtPart(token, 'payload').sub));
    expect(subjects[0]).toBe(subjects[1]);
    expect(subjects[0]).toMatch(/^[\w-]{43}$/);
    expect(jwtPart(one.access_token, 'payload').sid).not.toBe(jwtPart(other.access_token, 'payload').sid);
  });
});

describe('tokens that nobody believes (RFC 8725 §3)', () => {
  const hmacWithPublicKey = async (token: string): Promise<string> => {
    const { createHmac } = await import('node:crypto');
    const [key] = (await keySet()).keys;
    const input = `${base64url({ ...jwtPart(token, 'header'), alg: 'HS256' })}.${token.split('.')[1]}`;
    return `${input}.${createHmac('sha256', JSON.stringify(key)).update(input).digest('base64url')}`;
  };

  const withHeader = (token: string, header: unknown): string =>
    [base64url(header), ...token.split('.').slice(1)].join('.');
  const changed = (name: string, value: unknown) => (token: string) =>
    withHeader(token, { ...jwtPart(token, 'header'), [name]: value });
  const lastCharacter = (token: string): string => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // 256 bytes are 342 characters whose last one carries two bits: its neighbour decodes to the same bytes.
    const last = alphabet.indexOf(token.at(-1) ?? '');
    return token.slice(0, -1) + alphabet[last + 1];
  };

  const forgeries: readonly [string, (token: string) => string | Promise<string>][] = [
    ['alg none without a signature', (token) => `${changed('alg', 'none')(token).split('.').slice(0, 2).join('.')}.`],
    ['alg none with the signature', changed('alg', 'none')],
    ['alg NONE', changed('alg', 'NONE')],
    ['no alg', changed('alg', undefined)],
    ['HS256 with the public key', hmacWithPublicKey],
    ['PS256 instead of RS256', changed('alg', 'PS256')],
    ['a kid that climbs', changed('kid', '../../keys/other')],
    ['a kid of SQL', changed('kid', "' OR 1=1 --")],
    ['no kid', changed('kid', undefined)],
    ['an embedded key', changed('jwk', { kty: 'RSA', n: 'AQAB', e: 'AQAB' })],
    ['a jku', changed('jku', 'https://evil.test/keys')],
    ['a critical extension', changed('crit', ['exp'])],
    ['another typ', changed('typ', 'JWT')],
    ['a header that is null', (token) => withHeader(token, null)],
    ['a header that is no JSON', (token) => withHeader(token, 'x')],
    [
      'another payload',
      (token) =>
        [
          token.split('.')[0],
          base64url({ ...jwtPart(token, 'payload'), exp: 4_000_000_000 }),
          token.split('.')[2],
        ].join('.'),
    ],
    ['no signature', (token) => `${token.split('.').slice(0, 2).join('.')}.`],
    ['two signatures', (token) => `${token}.${token.split('.')[2]}`],
    ['something behind it', (token) => `${token}x`],
    ['padding', (token) => `${token}==`],
    ['another spelling of the same signature', lastCharacter],
    ['only its middle', (token) => token.split('.')[1] ?? ''],
  ];

  it.each(forgeries)('[AT04] %s', async (_name, forge) => {
    const { access_token: own } = await services.web.tokens(alice);
    expect(await okJson(services.api.introspect({ token: own }))).toMatchObject({ active: true });
    expect(await okJson(services.api.introspect({ token: await forge(own) }))).toEqual({ active: false });
    const refused = await listApps({ authorization: `Bearer ${await forge(await adminToken())}` });
    expect([refused.status, refused.body.error]).toEqual([401, 'invalid_token']);
  });

  it('[AT05] a token of another kind: a refresh token, a code, a sign-in assertion', async () => {
    const { refresh_token: refreshToken } = await services.web.tokens(alice);
    const { code } = await services.web.code(alice);
    const assertion = await stack.identity.issue(signInIdentity, tokenExchangeAudience);
    for (const token of [refreshToken, code, assertion]) {
      const refused = await listApps({ authorization: `Bearer ${token}` });
      expect([refused.status, refused.body.error]).toEqual([401, 'invalid_token']);
    }
  });
});

describe('how a token is presented (RFC 6750 §2)', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('[AT10] the scheme is read in any case: %s', async (scheme) => {
    expect((await listApps({ authorization: `${scheme} ${await adminToken()}` })).status).toBe(200);
  });

  it('[AT08] in the query it does not count', async () => {
    const refused = await listApps({}, `?access_token=${await adminToken()}`);
    expect([refused.status, refused.body.error]).toEqual([401, 'invalid_token']);
    // RFC 6750 §3.1: no error for a request that brought no token where tokens are taken.
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm="http:\/\/localhost:\d+"$/);
  });

  it('[AT08] in a form it does not count, and beside the header it is refused', async () => {
    const token = await adminToken();
    const post = (headers: Record<string, string>) =>
      answerOf(
        fetch(`${stack.issuer}/api/admin/apps`, {
          method: 'POST',
          headers,
          body: new URLSearchParams({ access_token: token }),
        }),
      );
    expect((await post({})).status).toBe(401);
    const both = await post({ authorization: `Bearer ${token}` });
    expect([both.status, both.body.error]).toEqual([415, 'invalid_request']);
  });

  it.each([undefined, 'Bearer', 'Bearer ', 'Basic eDp5', 'Token x', 'Bearer a b', 'Bearer \u00c3\u00a9'])(
    'is refused with 401 and a challenge: %j',
    async (authorization) => {
      const refused = await listApps(authorization === undefined ? {} : { authorization });
      expect([refused.status, refused.body.error]).toEqual([401, 'invalid_token']);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer /);
    },
  );
});

describe('key rotation', () => {
  it('[AT07] publishes the next key long before it signs, and the old one until its last token has expired', async () => {
    // One of each version: it has another entry for each other algorithm.
    const kidsNow = async () => (await keySet()).keys.filter(({ alg }) => alg === 'RS256').map(({ kid }) => kid);
    const kidOfNewToken = async () => String(jwtPart(await adminToken(), 'header').kid);
    const [old] = await kidsNow();
    const next = await stack.vault.rotate(signingKeyName);
    await stack.clock.move(61);
    expect(await kidsNow()).toEqual([next, old]);
    expect(await kidOfNewToken()).toBe(old);
    await stack.clock.move(1_100);
    expect(await kidOfNewToken()).toBe(old);
    await stack.clock.move(101);
    const last = await adminToken();
    await stack.clock.move(61);
    expect(await kidOfNewToken()).toBe(next);
    expect(await kidsNow()).toEqual([next, old]);
    expect((await listApps({ authorization: `Bearer ${last}` })).status).toBe(200);
    await stack.clock.move(1_000);
    expect(await kidsNow()).toEqual([next]);
    await stack.clock.reset();
  });
});
