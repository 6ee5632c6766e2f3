/** RFC 8414: what the server says about itself, and that it is true. */
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { metadataOf } from '../../../src/functions/oauth/metadata.ts';
import { tokenExchangeGrant as exchangeGrant } from '../../../src/oauth/clients/client.ts';
import { jwksMaxAgeSeconds, publishBeforeUseSeconds } from '../../../src/signing/key-ring.ts';
import { type Answer, answerOf } from '../../support/answer.ts';
import { deviceGrant } from '../../support/devices.ts';
import { callRegister } from '../../support/registration.ts';
import { postForm } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const read = async (path: string): Promise<Answer> => answerOf(await fetch(`${stack.issuer}${path}`));
const metadata = async (): Promise<Answer['body']> => (await read('/.well-known/oauth-authorization-server')).body;

/** With headers that fetch does not let a caller set. */
const readWith = (path: string, headers: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    get(`${stack.issuer}${path}`, { headers }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });

const https = {
  ISSUER: 'https://login.contoso.example',
  TABLES_URL: 'https://data.table.core.windows.net',
  SIGNING_KEYS: 'https://vault.vault.azure.net/keys/signing',
  DATA_IDENTITY_CLIENT_ID: 'data',
  SIGN_IN_ISSUER: 'https://login.microsoftonline.com/tenant/v2.0',
  SIGN_IN_CLIENT_ID: 'assent',
  SIGN_IN_IDENTITY_CLIENT_ID: 'sign-in',
};

describe('authorization server metadata (RFC 8414)', () => {
  it('[MD01] is a JSON object at the well-known address', async () => {
    const answer = await read('/.well-known/oauth-authorization-server');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.body.token_endpoint).toBe(`${stack.issuer}/token`);
  });

  it('is the very same at the address of OpenID discovery, for scripts of other origins too', async () => {
    const answer = await read('/.well-known/openid-configuration');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(await metadata());
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect((await read('/')).text).toContain('openid-configuration');
  });

  it.each([
    '/.well-known/oauth-authorization-server/mcp',
    '/.well-known/openid-configuration/mcp',
    '/mcp/.well-known/openid-configuration',
  ])(
    '[MD02] is not at %s: that would be of another issuer (RFC 8414 §3.3), and clients go on to the next address',
    async (path) => expect((await fetch(stack.issuer + path)).status).toBe(404),
  );

  it('[OI06] has what OpenID Connect Discovery §3 requires, and does not let defaults claim more', async () => {
    expect((await read('/.well-known/openid-configuration')).body).toMatchObject({
      userinfo_endpoint: `${stack.issuer}/userinfo`,
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['RS256', 'PS256'],
      userinfo_signing_alg_values_supported: ['RS256', 'PS256'],
      claims_parameter_supported: true,
      request_uri_parameter_supported: false,
      scopes_supported: expect.arrayContaining(['openid', 'profile', 'email', 'offline_access', 'vso.work']),
      claims_supported: expect.arrayContaining(['sub', 'iss', 'auth_time', 'name', 'email', 'email_verified']),
    });
  });

  it('[MD02] names as issuer the very URL that its address was built from, whatever the request claims', async () => {
    const path = '/.well-known/oauth-authorization-server';
    const lies = {
      host: 'evil.test',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'https',
      'x-original-host': 'evil.test',
      forwarded: 'host=evil.test;proto=https',
    };
    const plain = await readWith(path, {});
    expect(JSON.parse(plain).issuer).toBe(stack.issuer);
    expect(await readWith(path, lies)).toBe(plain);
  });

  it('[MD04] is an https origin, and every endpoint is below it', () => {
    const document = metadataOf(readConfig(https), ['vso.work']) as Readonly<Record<string, unknown>>;
    expect(document.issuer).toBe('https://login.contoso.example');
    const addresses = Object.entries(document).filter(([name]) => /(_endpoint|_uri)$/.test(name));
    expect(addresses.map(([name]) => name)).toEqual([
      'authorization_endpoint',
      'token_endpoint',
      'pushed_authorization_request_endpoint',
      'revocation_endpoint',
      'introspection_endpoint',
      'assent_revocations_uri',
      'assent_events_endpoint',
      'assent_openapi_uri',
      'device_authorization_endpoint',
      'jwks_uri',
      'userinfo_endpoint',
      'end_session_endpoint',
    ]);
    for (const [, address] of addresses) expect(address).toMatch(/^https:\/\/login\.contoso\.example\/[a-z._\-/]+$/);
  });

  it.each([
    'http://login.contoso.example',
    'https://login.contoso.example/',
    'https://a.example/b',
    'https://a.example?b',
    'https://a.example#b',
  ])('[MD04] refuses to start with the issuer %s', (issuer) => {
    expect(() => readConfig({ ...https, ISSUER: issuer })).toThrow(/ISSUER/);
  });

  it('[MD05] has no empty array, and only strings in its arrays', async () => {
    const document = await metadata();
    const arrays = Object.values(document).filter((value) => Array.isArray(value));
    expect(arrays.length).toBeGreaterThanOrEqual(8);
    for (const array of arrays) {
      expect(array.length).toBeGreaterThan(0);
      for (const value of array) expect(value).toBeTypeOf('string');
    }
    expect(document).toHaveProperty('response_types_supported');
  });

  it('[MD07][MD08] offers the code alone, with iss in every answer, and neither implicit nor password', async () => {
    expect(await metadata()).toMatchObject({
      authorization_response_iss_parameter_supported: true,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials', deviceGrant, exchangeGrant],
      response_modes_supported: ['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'],
      authorization_signing_alg_values_supported: ['RS256', 'PS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    });
  });

  it('says what is true of scopes: the permissions of the resources, and none of its own', async () => {
    const scopes = (await metadata()).scopes_supported as string[];
    expect(scopes).toContain('vso.work');
    expect(scopes.filter((scope) => scope.startsWith('assent.'))).toEqual([]);
  });

  it('[MD10] publishes public signing keys only, each with its own kid', async () => {
    const { body } = await read('/.well-known/jwks.json');
    const keys = body.keys as Record<string, string>[];
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      expect(key).toMatchObject({ kty: 'RSA', use: 'sig', alg: expect.stringMatching(/^[RP]S256$/) });
      expect(Buffer.from(key.n ?? '', 'base64url').length * 8).toBeGreaterThanOrEqual(2048);
    }
  });

  const notOffered = [
    ['[MD13] front-channel logout', 'frontchannel_logout_supported', 'GET', '/logout'],
    ['[MD13] session management', 'check_session_iframe', 'GET', '/check-session'],
  ] as const;

  it.each(notOffered)('%s: is not offered, and answers 404', async (_name, member, method, path) => {
    expect(await metadata()).not.toHaveProperty(member);
    const answer = await answerOf(await fetch(`${stack.issuer}${path}`, { method }));
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('request_uri');
  });

  it('[MD11] says where requests are pushed (RFC 9126 §5)', async () => {
    expect(await metadata()).toMatchObject({
      pushed_authorization_request_endpoint: `${stack.issuer}/par`,
      require_pushed_authorization_requests: false,
    });
  });

  it('does not claim what it cannot do', async () => {
    const document = await metadata();
    expect(document).not.toHaveProperty('authorization_details_types_supported');
  });

  it('[MD13] every advertised endpoint answers to its proper method', async () => {
    const document = await metadata();
    const posted = [
      'token_endpoint',
      'revocation_endpoint',
      'introspection_endpoint',
      'device_authorization_endpoint',
      'pushed_authorization_request_endpoint',
    ] as const;
    for (const name of posted) {
      const answer = await answerOf(postForm(String(document[name]), { token: 'x' }));
      expect([name, answer.status, answer.body.error]).toEqual([name, 401, 'invalid_client']);
    }
    expect(document.registration_endpoint).toBe(`${stack.issuer}/register`);
    expect((await callRegister(stack.issuer, { body: {} })).body.error).toBe('invalid_redirect_uri');
    expect((await fetch(String(document.jwks_uri))).status).toBe(200);
    expect((await fetch(String(document.authorization_endpoint))).status).toBe(400);
  });

  it.each([
    ['/.well-known/oauth-authorization-server', 3600],
    ['/.well-known/jwks.json', 300],
  ])('[MD14] %s may be kept for %d seconds, and is known by its ETag', async (path, seconds) => {
    const { headers } = await read(path);
    expect(headers.get('cache-control')).toBe(`public, max-age=${seconds}`);
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const presented of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await fetch(`${stack.issuer}${path}`, { headers: { 'if-none-match': presented } });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    const other = await fetch(`${stack.issuer}${path}`, { headers: { 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
  });

  it('[MD14] lets no cached key set outlive the publication of the next key before its use', () => {
    expect(jwksMaxAgeSeconds).toBe(300);
    expect(publishBeforeUseSeconds).toBeGreaterThan(jwksMaxAgeSeconds);
  });
});
