import { describe, expect, it } from 'vitest';
import { parseResources } from '../../src/oauth/access/catalogue.ts';
import {
  parseAuthorizationRequest,
  proveRedirect,
  stateOf,
} from '../../src/oauth/authorization/authorization-request.ts';
import type { Client } from '../../src/oauth/clients/client.ts';
import { parseParameters } from '../../src/oauth/parameters.ts';
import { permissionsOf } from '../support/permissions.ts';
import { clientWith as sampleClient } from './samples.ts';

const redirectUri = 'https://app.example/cb';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const resources = parseResources([
  { identifier: 'https://api.example', name: 'API', permissions: permissionsOf('read', 'write') },
]);

const clientWith = (change: Partial<Client> = {}): Client =>
  sampleClient({
    clientId: 'web',
    redirectUris: [redirectUri],
    grantTypes: ['authorization_code'],
    scopes: ['read', 'write', 'assent.admin'],
    ...change,
  });

const base = {
  response_type: 'code',
  client_id: 'web',
  code_challenge: challenge,
  code_challenge_method: 'S256',
  state: 's',
};

const unpushed = {
  pushed: undefined,
  arrived: { isPushed: false, isSigned: false },
  requirePushed: false,
};

const parametersOf = (values: Readonly<Record<string, string>>) =>
  parseParameters(new URLSearchParams(values).toString());
const parse = (change: Readonly<Record<string, string>> = {}, client = clientWith()) =>
  parseAuthorizationRequest(
    parametersOf({ ...base, ...change }),
    { client, redirectUri: proveRedirect(parametersOf({}), client), ...unpushed },
    resources,
  );

/** Resources with the whole built-in catalogue, and a request for all of it at each. */
const wholeCatalogueAt = (count: number) => {
  const resources = parseResources(
    Array.from({ length: count }, (_, index) => ({ identifier: `https://api-${index}.example`, name: 'API' })),
  );
  const scopes = [...(resources[0]?.permissions.keys() ?? [])];
  const query = [...Object.entries(base), ...resources.map(({ identifier }) => ['resource', identifier] as const)];
  const parameters = parseParameters(new URLSearchParams(query as [string, string][]).toString());
  const client = clientWith({ scopes });
  const proven = { client, redirectUri: proveRedirect(parameters, client), ...unpushed };
  return () => parseAuthorizationRequest(parameters, proven, resources);
};

describe('the first step: nobody to answer but the person', () => {
  it('proves the redirect URI that was sent, or the only one that there is', () => {
    expect(proveRedirect(parametersOf({ redirect_uri: redirectUri }), clientWith())).toBe(redirectUri);
    expect(proveRedirect(parametersOf({}), clientWith())).toBe(redirectUri);
    const native = clientWith({ redirectUris: ['http://127.0.0.1/cb'] });
    expect(proveRedirect(parametersOf({ redirect_uri: 'http://127.0.0.1:5000/cb' }), native)).toBe(
      'http://127.0.0.1:5000/cb',
    );
  });

  it.each([
    ['another', { redirect_uri: 'https://evil.test/cb' }, [redirectUri]],
    ['none, of two', {}, [redirectUri, 'https://app.example/cb2']],
    ['none, of none', {}, []],
  ] as const)('throws unproven_redirect for %s', (_name, values, redirectUris) => {
    expect(() => proveRedirect(parametersOf(values), clientWith({ redirectUris }))).toThrow('unproven_redirect');
  });

  it('knows the state when it can be told, and else does without', () => {
    expect(stateOf(parseParameters('state=a%2Bb'))).toBe('a+b');
    expect(stateOf(parseParameters('state=a&state=a'))).toBeUndefined();
    expect(stateOf(parseParameters('state=%zz'))).toBeUndefined();
  });
});

describe('the second step', () => {
  it('keeps what it knows of the request, in a form that parses to the same again', () => {
    const asked = parse({
      scope: 'write read',
      nonce: 'n',
      foo: 'bar',
      prompt: 'consent',
      max_age: '60',
      login_hint: 'alice',
    });
    expect(asked).toMatchObject({
      scopes: ['read', 'write'],
      resources: ['https://api.example'],
      state: 's',
      codeChallenge: challenge,
      prompts: ['consent'],
      maxAgeSeconds: 60,
      loginHint: 'alice',
    });
    const names = asked.parameters.map(([name]) => name);
    expect(names).not.toContain('foo');
    const again = parse(Object.fromEntries(asked.parameters));
    expect([again.digest, again.parameters]).toEqual([asked.digest, asked.parameters]);
  });

  it('has another digest for every other request', () => {
    const digests = [
      {},
      { state: 't' },
      { scope: 'read' },
      { scope: 'write' },
      { nonce: 'n' },
      { prompt: 'login' },
      { login_hint: 'x' },
      { max_age: '1' },
    ].map((change) => parse(change).digest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(parse({ foo: 'bar' }).digest).toBe(parse().digest);
  });

  it('never asks for a scope of our own, not even of an operator', () => {
    expect(parse().scopes).toEqual(['read', 'write']);
    expect(() => parse({ scope: 'assent.admin' }, clientWith({ isOperator: true }))).toThrow('invalid_scope');
  });

  it.each([
    ['unauthorized_client', {}, { grantTypes: ['client_credentials'] }],
    ['request_uri_not_supported', { request_uri: 'urn:x' }, {}],
    ['unsupported_response_type', { response_type: 'token' }, {}],
    ['invalid_request', { response_type: '' }, {}],
    ['invalid_request', { response_mode: 'fragment' }, {}],
    ['invalid_request', { prompt: 'none consent' }, {}],
    ['invalid_request', { prompt: 'LOGIN' }, {}],
    ['invalid_request', { max_age: '1.5' }, {}],
    ['invalid_request', { max_age: '9999999999' }, {}],
    ['invalid_request', { code_challenge_method: 'plain' }, {}],
    ['invalid_target', { resource: 'https://other.example' }, {}],
    ['invalid_scope', { scope: 'other' }, {}],
    ['invalid_scope', {}, { scopes: [] }],
  ] as const)('throws %s for %j', (code, change, client) => {
    expect(() => parse(change, clientWith(client))).toThrow(new RegExp(`^${code}:`));
  });
});

describe('a request for more than a person can decide about', () => {
  it('is refused before anything is shown: the built-in catalogue goes at three resources at once, not at four', () => {
    expect(wholeCatalogueAt(3)).not.toThrow();
    for (const count of [4, 40]) expect(wholeCatalogueAt(count)).toThrow('invalid_scope: more than 250 permissions');
  });
});
