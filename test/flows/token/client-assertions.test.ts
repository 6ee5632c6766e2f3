/** Clients that keep no secret: private_key_jwt and other issuers' word (RFC 7521, RFC 7523). */
import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerOf } from '../../support/answer.ts';
import {
  assertionBy,
  assertionFields,
  type Documents,
  jwtBearer,
  type KeyPair,
  newKeyPair,
  serveDocuments,
  signed,
} from '../../support/assertions.ts';
import { administer, type Fields, okJson, postForm, refusalOf, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let elsewhere: Documents;
let key: KeyPair;
let clientId: string;

const serviceMetadata = {
  redirect_uris: [],
  grant_types: ['client_credentials'],
  scope: 'vso.work',
  token_endpoint_auth_method: 'private_key_jwt',
};

const registering = (metadata: Readonly<Record<string, unknown>>) =>
  administer(stack.issuer, {
    method: 'POST',
    path: 'apps',
    body: { client_name: 'Keyed', ...serviceMetadata, ...metadata },
  });

const registered = async (metadata: Readonly<Record<string, unknown>>): Promise<string> => {
  const answer = await registering(metadata);
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`not registered: ${text}`);
  const body = JSON.parse(text) as Record<string, string>;
  expect(body).not.toHaveProperty('client_secret');
  return body.client_id ?? '';
};

beforeAll(async () => {
  stack = await startStack();
  elsewhere = await serveDocuments();
  key = await newKeyPair('ES256', 'first');
  clientId = await registered({ jwks: { keys: [key.jwk] } });
});

afterAll(async () => {
  await elsewhere.stop();
  await stack.stop();
});

/** Each try comes from an address of its own: whoever guesses too often from one is throttled there. */
let source = '';
let round = 0;

beforeEach(() => {
  round += 1;
  source = `198.51.${100 + (round >> 8)}.${round & 255}`;
});

const invalidClient = { status: 401, error: 'invalid_client' };

const ask = (fields: Fields, endpoint = 'token') =>
  postForm(
    `${stack.issuer}/${endpoint}`,
    { grant_type: 'client_credentials', token: 'x', ...(fields as Record<string, string>) },
    { 'x-forwarded-for': source },
  );

type Change = Parameters<typeof assertionBy>[2];
const assertion = (change: Change = {}, by = key, id = clientId) =>
  assertionBy(by, { clientId: id, issuer: stack.issuer }, change);

describe('private_key_jwt (RFC 7523 §2.2)', () => {
  it('is in the metadata, with the algorithms that are taken', async () => {
    const metadata = await okJson<Record<string, unknown>>(
      fetch(`${stack.issuer}/.well-known/oauth-authorization-server`),
    );
    for (const endpoint of ['token', 'revocation', 'introspection']) {
      expect(metadata[`${endpoint}_endpoint_auth_methods_supported`]).toContain('private_key_jwt');
      expect(metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`]).toEqual([
        'PS256',
        'ES256',
        'EdDSA',
        'RS256',
      ]);
    }
  });

  it('proves a client at every endpoint that it calls, with and without client_id beside it', async () => {
    for (const more of [{}, { client_id: clientId }]) {
      const tokens = await okJson<TokenSet>(ask(assertionFields(await assertion(), more)));
      const introspected = await okJson(
        ask(assertionFields(await assertion(), { token: tokens.access_token }), 'introspect'),
      );
      expect(introspected.active).toBe(true);
      await okJson(ask(assertionFields(await assertion(), { token: tokens.access_token }), 'revoke'));
    }
  });

  it.each(['PS256', 'ES256', 'EdDSA', 'RS256'])('takes %s', async (alg) => {
    const one = await newKeyPair(alg);
    const id = await registered({ jwks: { keys: [one.jwk] } });
    await okJson(ask(assertionFields(await assertion({}, one, id))));
  });

  it('tries each key that may be meant', async () => {
    const [one, two] = [await newKeyPair(), await newKeyPair()];
    const id = await registered({ jwks: { keys: [one.jwk, two.jwk] } });
    for (const by of [one, two]) await okJson(ask(assertionFields(await assertion({}, by, id))));
  });

  it('is taken once', async () => {
    const once = await assertion();
    await okJson(ask(assertionFields(once)));
    expect(await refusalOf(ask(assertionFields(once)))).toEqual(invalidClient);
  });

  const now = Math.floor(Date.now() / 1000);
  const refused: readonly (readonly [string, string, () => Promise<Fields>])[] = [
    [
      '[CA07]',
      'aud = the token endpoint',
      async () => assertionFields(await assertion({ claims: { aud: `${stack.issuer}/token` } })),
    ],
    [
      '[CA07]',
      'aud = the push endpoint',
      async () => assertionFields(await assertion({ claims: { aud: `${stack.issuer}/par` } })),
    ],
    [
      '[CA07]',
      'aud = another server beside us',
      async () => assertionFields(await assertion({ claims: { aud: [stack.issuer, 'https://evil.example'] } })),
    ],
    [
      '[CA07]',
      'aud = the issuer in a list',
      async () => assertionFields(await assertion({ claims: { aud: [stack.issuer] } })),
    ],
    ['[CA07]', 'no aud', async () => assertionFields(await assertion({ claims: { aud: undefined } }))],
    ['[CA08]', 'an exp years ahead', async () => assertionFields(await assertion({ claims: { exp: now + 1e8 } }))],
    ['[CA08]', 'an exp that is over', async () => assertionFields(await assertion({ claims: { exp: now - 300 } }))],
    ['[CA08]', 'no exp', async () => assertionFields(await assertion({ claims: { exp: undefined } }))],
    [
      '[CA08]',
      'an exp that is a text',
      async () => assertionFields(await assertion({ claims: { exp: String(now + 60) } })),
    ],
    ['[CA08]', 'an iat of later', async () => assertionFields(await assertion({ claims: { iat: now + 300 } }))],
    ['[CA08]', 'an nbf of later', async () => assertionFields(await assertion({ claims: { nbf: now + 300 } }))],
    ['[CA08]', 'no jti', async () => assertionFields(await assertion({ claims: { jti: undefined } }))],
    ['[CA08]', 'an endless jti', async () => assertionFields(await assertion({ claims: { jti: 'x'.repeat(300) } }))],
    ['[CA10]', 'another key', async () => assertionFields(await assertion({}, await newKeyPair('ES256', 'first')))],
    ['[CA10]', 'an unknown kid', async () => assertionFields(await assertion({ header: { kid: 'second' } }))],
    [
      '[CA10]',
      'a critical header that nobody knows',
      async () => assertionFields(await assertion({ header: { crit: ['x'], x: 1 } }).catch(() => 'e30.e30.x')),
    ],
    ['[CA10]', 'a token’s type', async () => assertionFields(await assertion({ header: { typ: 'at+jwt' } }))],
    ['[CA10]', 'a proof’s type', async () => assertionFields(await assertion({ header: { typ: 'dpop+jwt' } }))],
    [
      '[CA10]',
      'alg none',
      async () =>
        assertionFields(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await assertion()).split('.')[1]}.`),
    ],
    ['[CA11]', 'no client_assertion_type', async () => ({ client_assertion: await assertion() })],
    [
      '[CA11]',
      'a wrong client_assertion_type',
      async () => assertionFields(await assertion(), { client_assertion_type: 'x' }),
    ],
    ['[CA11]', 'an empty assertion', async () => assertionFields('', { client_id: clientId })],
    ['[CA11]', 'a type without assertion', async () => ({ client_assertion_type: jwtBearer, client_id: clientId })],
    [
      '[CA11]',
      'no subject',
      async () => assertionFields(await assertion({ claims: { sub: undefined, iss: undefined } })),
    ],
    [
      '[CA11]',
      'another client as subject',
      async () => assertionFields(await assertion({ claims: { sub: 'demo-service', iss: 'demo-service' } })),
    ],
    ['[CA11]', 'garbage', async () => assertionFields('a.b.c')],
  ];
  it.each(refused)('%s refuses %s', async (_id, _what, fields) => {
    const answer = await ask(await fields());
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await refusalOf(answer)).toEqual(invalidClient);
  });

  it.each([5, true, null, ['x'], { x: 1 }])('refuses one whose issuer and subject are %j, and no text', async (one) => {
    expect(await refusalOf(ask(assertionFields(await assertion({ claims: { iss: one, sub: one } }))))).toMatchObject(
      invalidClient,
    );
  });

  it('[CA08] takes clocks that are a little ahead', async () => {
    const soon = Math.floor(Date.now() / 1000) + 8;
    await okJson(ask(assertionFields(await assertion({ claims: { iat: soon, nbf: soon } }))));
  });

  it('[CA10] refuses its public key as a secret, and fetches nothing that a header names', async () => {
    const pem = createPublicKey({ key: key.jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const [, payload] = (await assertion()).split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'first' })).toString('base64url');
    const mac = createHmac('sha256', pem).update(`${head}.${payload}`).digest('base64url');
    expect(await refusalOf(ask(assertionFields(`${head}.${payload}.${mac}`)))).toEqual(invalidClient);
    const stranger = await newKeyPair('ES256', 'stranger');
    elsewhere.documents.set('/evil.json', { keys: [stranger.jwk] });
    elsewhere.asked.length = 0;
    const address = `${elsewhere.origin}/evil.json`;
    for (const header of [{ jku: address }, { x5u: address }, { jwk: stranger.jwk }])
      expect(await refusalOf(ask(assertionFields(await assertion({ header }, stranger))))).toEqual(invalidClient);
    expect(elsewhere.asked).toEqual([]);
  });

  it('[CA11] refuses a client_id that is not the subject, and a second method', async () => {
    expect(await refusalOf(ask(assertionFields(await assertion(), { client_id: 'demo-web' })))).toEqual({
      status: 400,
      error: 'invalid_request',
    });
    expect(await refusalOf(ask(assertionFields(await assertion(), { client_secret: 'x' })))).toEqual({
      status: 400,
      error: 'invalid_request',
    });
  });

  it('[CA05] goes with its registration: no secret for it, and no assertion for a client with a secret', async () => {
    expect(await refusalOf(ask({ client_id: clientId, client_secret: 'x' }))).toEqual(invalidClient);
    expect(await refusalOf(ask({ client_id: clientId }))).toEqual(invalidClient);
    const withSecret = await assertion({}, key, 'demo-service');
    expect(await refusalOf(ask(assertionFields(withSecret)))).toEqual(invalidClient);
  });

  it('[CA07] takes the token endpoint as audience from a client that is registered so', async () => {
    const id = await registered({ jwks: { keys: [key.jwk] }, assent_assertion_audience: 'endpoint' });
    for (const aud of [stack.issuer, `${stack.issuer}/token`, [`${stack.issuer}/token`]])
      await okJson(ask(assertionFields(await assertion({ claims: { aud } }, key, id))));
    const other = await assertion({ claims: { aud: 'https://evil.example/token' } }, key, id);
    expect(await refusalOf(ask(assertionFields(other)))).toEqual(invalidClient);
  });

  it('[CA10] takes the one algorithm that a client is registered for', async () => {
    const rsa = await newKeyPair('RS256');
    const id = await registered({ jwks: { keys: [rsa.jwk] }, token_endpoint_auth_signing_alg: 'PS256' });
    expect(await refusalOf(ask(assertionFields(await assertion({}, rsa, id))))).toEqual(invalidClient);
  });
});

describe('keys at an address (RFC 7591 §2, jwks_uri)', () => {
  it('[CA14] are fetched once, and again when a new one is used', async () => {
    const [old, next] = [await newKeyPair('ES256', 'old'), await newKeyPair('ES256', 'new')];
    elsewhere.documents.set('/jwks', { keys: [old.jwk] });
    const id = await registered({ jwks_uri: `${elsewhere.origin}/jwks` });
    elsewhere.asked.length = 0;
    for (let times = 0; times < 3; times++) await okJson(ask(assertionFields(await assertion({}, old, id))));
    expect(elsewhere.asked).toEqual(['/jwks']);
    elsewhere.documents.set('/jwks', { keys: [next.jwk] });
    await stack.clock.move(31);
    try {
      await okJson(
        ask(assertionFields(await assertion({ claims: { exp: Math.floor(Date.now() / 1000) + 60 } }, next, id))),
      );
    } finally {
      await stack.clock.reset();
    }
    expect(elsewhere.asked).toEqual(['/jwks', '/jwks']);
  });

  it('[CA14] that are not there prove nobody, and cause no failure of ours', async () => {
    for (const path of ['/nowhere', '/broken']) {
      elsewhere.documents.set('/broken', { keys: 'none' });
      const id = await registered({ jwks_uri: `${elsewhere.origin}${path}` });
      expect(await refusalOf(ask(assertionFields(await assertion({}, key, id))))).toEqual(invalidClient);
    }
  });

  it.each([
    ['an address without https', { jwks_uri: 'http://keys.example/jwks' }],
    ['keys twice', { jwks: { keys: [{ kty: 'EC' }] }, jwks_uri: 'https://keys.example/jwks' }],
    ['no keys at all', {}],
    ['an empty set', { jwks: { keys: [] } }],
    ['a secret key', { jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }],
    ['a private key', { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }] } }],
    ['a short key', { jwks: { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] } }],
    [
      'an algorithm with a shared secret',
      { jwks: { keys: [{ kty: 'EC' }] }, token_endpoint_auth_signing_alg: 'HS256' },
    ],
    [
      'a federated credential without a subject',
      { assent_federated_credentials: [{ issuer: 'https://i.example', audience: 'a' }] },
    ],
  ])('[CA14] are not registered with %s', async (_, metadata) => {
    expect(await refusalOf(registering(metadata))).toEqual({ status: 400, error: 'invalid_client_metadata' });
  });
});

describe('another issuer’s word (RFC 7521 §4.2)', () => {
  let issuer: string;
  let vouching: KeyPair;
  let federated: string;
  const subject = 'repo:contoso/app:ref:refs/heads/main';

  beforeAll(async () => {
    issuer = elsewhere.origin;
    vouching = await newKeyPair('RS256', 'vouching');
    elsewhere.documents.set('/.well-known/openid-configuration', { issuer, jwks_uri: `${issuer}/keys` });
    elsewhere.documents.set('/keys', { keys: [vouching.jwk] });
    federated = await registered({ assent_federated_credentials: [{ issuer, subject, audience: 'api://assent' }] });
  });

  const word = (change: Readonly<Record<string, unknown>> = {}, by = vouching) => {
    const now = Math.floor(Date.now() / 1000);
    const right = { iss: issuer, sub: subject, aud: 'api://assent', iat: now, nbf: now, exp: now + 3_600 };
    return signed(by, { claims: { ...right, ...change }, header: { typ: 'JWT' } });
  };

  it('makes a client of a workload that keeps nothing, as often as it presents its token', async () => {
    const token = await word();
    for (let times = 0; times < 2; times++) await okJson(ask(assertionFields(token, { client_id: federated })));
  });

  it.each([
    ['another subject', { sub: 'repo:evil/app:ref:refs/heads/main' }],
    ['a subject in another case', { sub: subject.toUpperCase() }],
    ['another audience', { aud: 'api://other' }],
    ['one audience more', { aud: ['api://assent', 'api://other'] }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['an exp that is over', { exp: 1 }],
    ['no exp', { exp: undefined }],
    ['an exp of next week', { exp: Math.floor(Date.now() / 1000) + 7 * 86_400 }],
  ])('does not count with %s', async (_, change) => {
    expect(await refusalOf(ask(assertionFields(await word(change), { client_id: federated })))).toEqual(invalidClient);
  });

  it('does not count by another key, for another client, or from an issuer that says it is another', async () => {
    const forged = await word({}, await newKeyPair('RS256', 'vouching'));
    expect(await refusalOf(ask(assertionFields(forged, { client_id: federated })))).toEqual(invalidClient);
    expect(await refusalOf(ask(assertionFields(await word(), { client_id: clientId })))).toEqual(invalidClient);
    expect((await answerOf(ask(assertionFields(await word())))).status).toBe(401);
    const lying = await registered({
      assent_federated_credentials: [{ issuer: `${issuer}/other`, subject, audience: 'api://assent' }],
    });
    elsewhere.documents.set('/other/.well-known/openid-configuration', { issuer, jwks_uri: `${issuer}/keys` });
    const fields = assertionFields(await word({ iss: `${issuer}/other` }), { client_id: lying });
    expect(await refusalOf(ask(fields))).toEqual(invalidClient);
  });
});
