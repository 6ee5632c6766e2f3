/** What docs/clients.md says of libraries' habits and mistakes: each line of it is caused here. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mcpResource } from '../../local/settings.ts';
import { answerOf, jwtPart } from '../support/answer.ts';
import { createPerson, type Person } from '../support/person.ts';
import { registerItself } from '../support/registration.ts';
import { changeRow, type StoredRow, storedRows } from '../support/rows.ts';
import {
  basicAuth,
  demoServices,
  okJson,
  postForm,
  register,
  type Service,
  type TokenSet,
} from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

const resource = 'https://api.assent.localhost';

let stack: Stack;
let doc: string;
let alice: Person;
let web: Service;
let native: Service;

beforeAll(async () => {
  stack = await startStack();
  doc = await readFile(new URL('../../docs/clients.md', import.meta.url), 'utf8');
  alice = createPerson({ login: 'alice', issuer: stack.issuer, providerIssuer: stack.provider.issuer });
  web = demoServices(stack.issuer).web;
  native = demoServices(stack.issuer).native;
});

afterAll(() => stack.stop());

/** POST /token as a library sends it, whatever the registration says. */
const token = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  postForm(`${stack.issuer}/token`, Object.entries(fields), headers);

const redemption = async (service: Service) => {
  const { code, verifier } = await service.code(alice);
  return { grant_type: 'authorization_code', code, code_verifier: verifier, client_id: service.registration.clientId };
};

const nativeAt = (redirectUri: string): Promise<Service> =>
  register(stack.issuer, { redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' });

const preflight = (path: string, headers: string): Promise<Response> =>
  fetch(`${stack.issuer}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    },
  });

const habits: Readonly<Record<string, () => Promise<void>>> = {
  'a secret in the header or in the body, whichever was registered': async () => {
    for (const method of ['client_secret_basic', 'client_secret_post']) {
      const service = await register(stack.issuer, { token_endpoint_auth_method: method });
      const { clientId, secret = '' } = service.registration;
      const tokens = await okJson<{ refresh_token: string }>(
        token(await redemption(service), { authorization: basicAuth(clientId, secret) }),
      );
      const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
      await okJson(token({ ...refresh, client_id: clientId, client_secret: secret }));
    }
  },
  'Basic with an empty password from a client without a secret': async () => {
    const { client_id: clientId, ...fields } = await redemption(native);
    await okJson(token(fields, { authorization: basicAuth(clientId, '') }));
  },
  'offline_access beside the permissions is ignored: a refresh token comes anyway': async () => {
    const tokens = await web.tokens(alice, { scope: 'vso.work offline_access' });
    expect(tokens).toMatchObject({ scope: 'vso.work', refresh_token: expect.any(String) });
  },
  'a resource with a slash at the end of the host': async () => {
    const tokens = await web.tokens(alice, { resource: `${resource}/` });
    expect(await okJson(web.introspect({ token: tokens.access_token }))).toMatchObject({ aud: resource });
  },
  'a resource with a slash at the end of its path, or its host in capitals': async () => {
    const { identifier } = mcpResource(stack.ports);
    const { service } = await registerItself(stack.issuer, { scope: 'workitems.read' });
    for (const name of [`${identifier}/`, identifier.replace('http://localhost', 'HTTP://LOCALHOST')]) {
      const code = await service.code(alice, { scope: 'workitems.read', resource: name });
      const tokens = await okJson<TokenSet>(service.redeem(code, { resource: name }));
      const refreshed = await okJson<TokenSet>(service.refresh(tokens.refresh_token, { resource: name }));
      expect(jwtPart(refreshed.access_token, 'payload').aud).toBe(identifier);
    }
  },
  'any port of localhost for a client without a secret': async () => {
    const service = await nativeAt('http://localhost/callback');
    await service.tokens(alice, { redirect_uri: 'http://localhost:51004/callback' });
  },
  'a scope parameter that the library repeats at the token endpoint': async () => {
    await okJson(web.redeem(await web.code(alice), { scope: 'vso.work vso.code' }));
  },
  'the answer of the revocation endpoint is JSON': async () => {
    const { refresh_token: refreshToken = '' } = await web.tokens(alice);
    expect(await okJson(web.revoke({ token: refreshToken }))).toEqual({});
  },
  'headers that fetch wrappers add pass the preflight': async () => {
    const added = ['x-requested-with', 'mcp-protocol-version', 'traceparent', 'cache-control'];
    const allowed = (await preflight('/token', added.join(','))).headers.get('access-control-allow-headers');
    for (const name of added) expect(allowed).toContain(name);
  },
  'discovery by OpenID or by OAuth finds the same document': async () => {
    const [openid, oauth] = await Promise.all(
      ['openid-configuration', 'oauth-authorization-server'].map((name) =>
        okJson(fetch(`${stack.issuer}/.well-known/${name}`)),
      ),
    );
    expect(openid).toEqual(oauth);
  },
  'scopes of OpenID for which there is nothing here are ignored': async () => {
    expect((await web.tokens(alice, { scope: 'openid address phone offline_access' })).scope).toBe('openid');
  },
  'parameters that Assent does not know': async () => {
    await web.tokens(alice, { audience: 'something', access_type: 'offline', nonce: 'n' });
  },
};

/** `error_description` of the answer at the redirect URI or of the token endpoint's JSON. */
type Told = { readonly error: unknown; readonly description: unknown };

const atCallback = async (parameters: Readonly<Record<string, string | undefined>>): Promise<Told> => {
  const answer = (await alice.authorize(web.authorization(parameters).url)).searchParams;
  return { error: answer.get('error'), description: answer.get('error_description') };
};

const inJson = async (response: Promise<Response>): Promise<Told> => {
  const { body } = await answerOf(response);
  return { error: body.error, description: body.error_description };
};

const withoutVerifier = async (): Promise<Readonly<Record<string, string>>> => ({
  grant_type: 'authorization_code',
  code: (await web.code(alice)).code,
});

/** A service whose secret ended yesterday. */
const withExpiredSecret = async (): Promise<Told> => {
  const { registration } = await register(stack.issuer);
  const row = (await storedRows(stack, 'clients')).find((one) => one.clientId === registration.clientId);
  if (row === undefined) throw new Error('the client has no row');
  const secrets = (JSON.parse(String(row.secrets)) as object[]).map((one) => ({ ...one, expiresAt: 1 }));
  await changeRow(stack, 'clients', { ...keysOf(row), secrets: JSON.stringify(secrets) });
  const { clientId, secret = '' } = registration;
  return inJson(token({ grant_type: 'refresh_token', client_id: clientId, client_secret: secret }));
};

const keysOf = ({ PartitionKey, RowKey }: StoredRow) => ({ PartitionKey, RowKey });

/** By the description in docs/clients.md. */
const mistakes: Readonly<Record<string, () => Promise<Told>>> = {
  'code_challenge is required; turn on PKCE (S256) in the client library': () =>
    atCallback({ code_challenge: undefined, code_challenge_method: undefined }),
  'code_verifier is missing; turn on PKCE (S256) in the client library': async () =>
    inJson(web.token(await withoutVerifier())),
  'code_verifier is not the one that code_challenge of the authorization request was made from': async () =>
    inJson(web.redeem({ ...(await web.code(alice)), verifier: 'another-verifier-of-another-attempt-of-the-client' })),
  'redirect_uri differs from the one of the authorization request': async () =>
    inJson(web.redeem(await web.code(alice), { redirect_uri: 'http://localhost/elsewhere' })),
  'the token or code was used before; the authorization has been ended': async () => {
    const code = await web.code(alice);
    await okJson(web.redeem(code));
    return inJson(web.redeem(code));
  },
  'the refresh token is not valid': async () => {
    const { refresh_token: refreshToken = '' } = await web.tokens(alice);
    await okJson(web.revoke({ token: refreshToken }));
    return inJson(web.refresh(refreshToken));
  },
  'client authentication failed': () =>
    inJson(token({ grant_type: 'refresh_token', client_id: 'demo-web', client_secret: 'wrong' })),
  'client authentication failed: what was sent as its secret is a refresh token': () =>
    inJson(token({ grant_type: 'refresh_token', client_id: 'demo-web', client_secret: 'assent_rt_x' })),
  'client authentication failed: this client secret has expired; take its successor': () => withExpiredSecret(),
  'the client authenticates in more than one way': () =>
    inJson(
      token(
        { grant_type: 'refresh_token', client_id: 'demo-web', client_secret: 'demo-web-secret' },
        { authorization: basicAuth('demo-web', 'demo-web-secret') },
      ),
    ),
  'these scopes ask for nothing by themselves; ask for openid, too': () => atCallback({ scope: 'profile email' }),
  'no resource has these scopes; name it with resource': () => atCallback({ scope: 'vso.work read' }),
  'a scope is unknown, not of this resource, or not for this client': () => atCallback({ scope: 'vso.graph' }),
  'a scope is not part of the grant': async () => {
    const { refresh_token: refreshToken = '' } = await web.tokens(alice, { scope: 'vso.work' });
    return inJson(web.refresh(refreshToken, { scope: 'vso.work vso.code' }));
  },
  'a resource is not known here': () => atCallback({ resource: 'https://elsewhere.example' }),
  'response_type must be code': () => atCallback({ response_type: 'token' }),
  'grant_type is not supported': () => inJson(web.token({ grant_type: 'password', username: 'a', password: 'b' })),
  'the body must be application/x-www-form-urlencoded': () =>
    inJson(
      fetch(`${stack.issuer}/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    ),
  'the body must come with a Content-Length, not in chunks': () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new Blob(['grant_type=client_credentials']).stream();
    return inJson(fetch(`${stack.issuer}/token`, { method: 'POST', headers, body, duplex: 'half' }));
  },
};

describe('libraries need no setting for', () => {
  it.each(Object.entries(habits))('%s', async (habit, works) => {
    await works();
    expect(doc).toContain(`\n- ${habit}\n`);
  });

  it('nothing else that docs/clients.md lists', () => {
    const [, section = ''] = doc.split('\n## Works as it is\n');
    const listed = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('- '));
    expect(listed.map((line) => line.slice(2))).toEqual(Object.keys(habits));
  });
});

describe('what the owner of a service reads when', () => {
  const rows = (): readonly (readonly string[])[] =>
    (doc.split('\n## When it does not work\n')[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .slice(1)
      .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| /, '')));

  it.each(Object.entries(mistakes))('%s', async (description, cause) => {
    const row = rows().find((cells) => cells[1] === description);
    expect(await cause()).toEqual({ error: row?.[0]?.replaceAll('`', ''), description });
  });

  it('client_id or redirect_uri is wrong: the person reads a page, and no address of theirs is gone to', async () => {
    const wrong = { client_id: 'no-such-client', redirect_uri: 'https://elsewhere.example/callback' };
    for (const [name, value] of Object.entries(wrong))
      expect(await alice.visit(web.authorization({ [name]: value }).url)).toMatchObject({ kind: 'page', status: 400 });
  });

  it('is all that docs/clients.md explains', () => {
    expect(rows().map(([, description]) => description)).toEqual(Object.keys(mistakes));
  });
});
