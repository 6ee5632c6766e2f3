import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, okJson, postForm, refusalOf } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const clientCredentials = { grant_type: 'client_credentials' };
const serviceMetadata = {
  redirect_uris: [],
  grant_types: ['client_credentials'],
  scope: 'vso.work',
};

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, 60_000);

afterAll(() => stack.stop(), 30_000);

const invalidClient = { status: 401, error: 'invalid_client' };

type Fields = Readonly<Record<string, string>>;

const expectNoToken = async (answer: Response): Promise<void> => {
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.clone().text()).not.toContain('access_token');
};

const endpoints = ['token', 'revoke', 'introspect'] as const;

describe('client assertions (RFC 7523), which are not offered', () => {
  it('[CA07][CA08][CA10][CA11] are in no metadata', async () => {
    const metadata = await okJson<Record<string, unknown>>(
      fetch(`${stack.issuer}/.well-known/oauth-authorization-server`),
    );
    for (const endpoint of ['token', 'revocation', 'introspection']) {
      const methods = metadata[`${endpoint}_endpoint_auth_methods_supported`];
      expect(methods).toEqual(expect.arrayContaining(['client_secret_basic', 'client_secret_post']));
      expect(methods).not.toEqual(expect.arrayContaining(['private_key_jwt']));
      expect(methods).not.toEqual(expect.arrayContaining(['client_secret_jwt']));
      expect(metadata).not.toHaveProperty(`${endpoint}_endpoint_auth_signing_alg_values_supported`);
    }
  });

  const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const assertion = (header: Record<string, unknown>, claims: Record<string, unknown> = {}): string =>
    `${encode({ typ: 'JWT', ...header })}.${encode({ iss: 'demo-service', sub: 'demo-service', jti: 'x', iat: now, exp: now + 60, ...claims })}.AAAA`;
  const assertions: readonly [string, string, Fields][] = [
    [
      '[CA07]',
      'aud = the issuer',
      { client_assertion_type: jwtBearer, client_assertion: assertion({ alg: 'RS256' }, { aud: 'ISSUER' }) },
    ],
    [
      '[CA07]',
      'aud = the token endpoint',
      {
        client_assertion_type: jwtBearer,
        client_assertion: assertion({ alg: 'RS256' }, { aud: ['ISSUER/token', 'x'] }),
      },
    ],
    [
      '[CA08]',
      'an exp years ahead',
      { client_assertion_type: jwtBearer, client_assertion: assertion({ alg: 'RS256' }, { exp: now + 1e8 }) },
    ],
    [
      '[CA08]',
      'an exp that is over',
      { client_assertion_type: jwtBearer, client_assertion: assertion({ alg: 'RS256' }, { exp: now - 300 }) },
    ],
    ['[CA10]', 'alg none', { client_assertion_type: jwtBearer, client_assertion: assertion({ alg: 'none' }) }],
    ['[CA10]', 'HS256', { client_assertion_type: jwtBearer, client_assertion: assertion({ alg: 'HS256' }) }],
    [
      '[CA10]',
      'an embedded key',
      { client_assertion_type: jwtBearer, client_assertion: assertion({ alg: 'RS256', jwk: { kty: 'RSA' } }) },
    ],
    [
      '[CA10]',
      'a jku',
      {
        client_assertion_type: jwtBearer,
        client_assertion: assertion({ alg: 'RS256', jku: 'https://evil.example/jwks' }),
      },
    ],
    ['[CA11]', 'no client_assertion_type', { client_assertion: assertion({ alg: 'RS256' }) }],
    [
      '[CA11]',
      'a wrong client_assertion_type',
      { client_assertion_type: 'x', client_assertion: assertion({ alg: 'RS256' }) },
    ],
    [
      '[CA11]',
      'a client_id that is not the sub',
      { client_assertion_type: jwtBearer, client_assertion: assertion({ alg: 'RS256' }), client_id: 'demo-web' },
    ],
    ['[CA11]', 'an empty assertion', { client_assertion_type: jwtBearer, client_assertion: '' }],
    ['[CA11]', 'a type without assertion', { client_assertion_type: jwtBearer, client_id: 'demo-service' }],
  ];
  for (const [id, what, fields] of assertions) {
    for (const endpoint of endpoints) {
      it(`${id} are refused at /${endpoint}: ${what}`, async () => {
        const answer = await postForm(`${stack.issuer}/${endpoint}`, { ...clientCredentials, token: 'x', ...fields });
        await expectNoToken(answer);
        expect(await refusalOf(answer)).toEqual(invalidClient);
      });
    }
  }

  it('[CA05][CA14] cannot be registered for, and no jwks_uri is ever fetched', async () => {
    const body = { ...serviceMetadata, client_name: 'Keyed', token_endpoint_auth_method: 'private_key_jwt' };
    const refused = await administer(stack.issuer, { method: 'POST', path: 'apps', body });
    expect(await refusalOf(refused)).toEqual({ status: 400, error: 'invalid_client_metadata' });
    const ignoring = { ...serviceMetadata, client_name: 'Keyed', jwks_uri: 'https://keys.example/jwks.json' };
    const registered = await administer(stack.issuer, { method: 'POST', path: 'apps', body: ignoring });
    expect(registered.status).toBe(201);
    expect(await registered.json()).not.toHaveProperty('jwks_uri');
  });
});
