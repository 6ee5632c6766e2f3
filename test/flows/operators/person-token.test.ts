/** People at the admin API: with the token that the sign-in provider gave them for the application they sign in through. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantId } from '../../../local/identity/identities.ts';
import { users } from '../../../local/provider/users.ts';
import { signInClientId } from '../../../local/settings.ts';
import { endpoints } from '../../../src/functions/table.ts';
import { type Admin, adminWith, ownTokenOf, refusedWith, webMetadata } from '../../support/admin.ts';
import { answerOf, jwtPart } from '../../support/answer.ts';
import { demoServices } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  call = adminWith(stack.issuer, '');
});

afterAll(() => stack.stop());

const token = (login: string, claims = {}) => stack.provider.personToken(login, claims);
const idOf = (login: string) => users.find((one) => one.login === login)?.objectId;

describe('an operator’s token of the sign-in provider', () => {
  it('costs one storage transaction, whatever it is used for: what is void is read anew', async () => {
    const bearer = await token('olga');
    expect((await call('GET', 'deployment', { bearer })).status).toBe(200);
    stack.tableProxy.requests.length = 0;
    expect((await call('GET', 'deployment', { bearer })).status).toBe(200);
    expect(stack.tableProxy.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      expect.stringMatching(/^GET \/deployment\(\)\?.*not-before/),
      // What it is used for here: how far the timers have come.
      expect.stringMatching(/^GET \/deployment\(\)\?.*sweep/),
    ]);
  });

  it('registers a service, and the audit log says who did it', async () => {
    const bearer = await token('olga');
    const created = await call('POST', 'apps', { bearer, body: webMetadata });
    expect(created.status).toBe(201);
    const query = new URLSearchParams({ event: 'client.created', client: String(created.body.client_id) });
    const { body } = await call('GET', `audit?${query}`, { bearer });
    expect(body.events).toMatchObject([{ actor: { by: 'operator', id: idOf('olga') } }]);
  });

  it.each(['api://assent', signInClientId])('may be made out to the application as %s', async (aud) => {
    expect((await call('GET', 'apps', { bearer: await token('olga', { aud }) })).status).toBe(200);
  });

  it('may have the role from OPERATORS, by the stable claim in either letter case', async () => {
    await stack.restartHost(0, { OPERATORS: idOf('bob')?.toUpperCase() ?? '' });
    expect((await call('POST', 'apps', { bearer: await token('bob'), body: webMetadata })).status).toBe(201);
    await stack.restartHost(0);
  });
});

describe('an auditor’s token', () => {
  it('reads, and is told why it changes nothing', async () => {
    const bearer = await token('audrey');
    expect((await call('GET', 'apps', { bearer })).status).toBe(200);
    const refused = await call('POST', 'apps', { bearer, body: webMetadata });
    expect(refusedWith(refused)).toEqual([403, 'insufficient_scope']);
  });
});

/** What makes a token useless here, by the claims that it has in place of the usual ones. */
const useless: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, number, string]>> = {
  'another audience': [{ aud: '00000003-0000-0000-c000-000000000000' }, 401, 'invalid_token'],
  'a second audience': [{ aud: ['assent', 'another'] }, 401, 'invalid_token'],
  'no audience': [{ aud: undefined }, 401, 'invalid_token'],
  'no scp: an ID token, with the same audience': [{ scp: undefined, nonce: 'x' }, 401, 'invalid_token'],
  'no scp: an application’s own token, be it with the role': [
    { scp: undefined, idtyp: 'app', roles: ['Assent.Operator'] },
    401,
    'invalid_token',
  ],
  'a foreign tenant': [{ iss: 'https://login.microsoftonline.com/another/v2.0', tid: 'another' }, 401, 'invalid_token'],
  'the same tenant, in the version before': [{ iss: `https://sts.windows.net/${tenantId}/` }, 401, 'invalid_token'],
  'a time that is over': [{ exp: Math.floor(Date.now() / 1000) - 120 }, 401, 'invalid_token'],
  'a time to come': [{ nbf: Math.floor(Date.now() / 1000) + 600 }, 401, 'invalid_token'],
  'no end': [{ exp: undefined }, 401, 'invalid_token'],
  'no beginning, so that nothing can void it': [{ iat: undefined }, 401, 'invalid_token'],
  'nobody in it': [{ oid: undefined }, 401, 'invalid_token'],
  'another permission alone': [{ scp: 'User.Read Admin.ManageNot' }, 403, 'insufficient_scope'],
  'no role': [{ roles: undefined }, 403, 'insufficient_scope'],
  'another role': [{ roles: ['Assent.Operators'] }, 403, 'insufficient_scope'],
};

describe('refused is a token with', () => {
  it.each(Object.entries(useless))('%s', async (_, [claims, status, error]) => {
    const bearer = await token('olga', claims);
    for (const [method, path] of [
      ['GET', 'apps'],
      ['POST', 'apps'],
      ['POST', 'not-before'],
    ] as const)
      expect(
        refusedWith(await call(method, path, { bearer, ...(method === 'POST' && { body: webMetadata }) })),
      ).toEqual([status, error]);
  });

  it('a signature of somebody else’s, under the provider’s kid or another', async () => {
    const good = await token('olga');
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const { kid } = jwtPart(good, 'header') as { kid: string };
    const jwk = await exportJWK(publicKey);
    for (const header of [{ kid }, { kid: 'another' }, {}, { jwk }]) {
      const claims = jwtPart(good, 'payload') as Record<string, unknown>;
      const bearer = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey);
      expect(refusedWith(await call('GET', 'apps', { bearer }))).toEqual([401, 'invalid_token']);
    }
  });

  it('no signature at all', async () => {
    const [, payload] = (await token('olga')).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect(refusedWith(await call('GET', 'apps', { bearer: `${header}.${payload}.` }))).toEqual([401, 'invalid_token']);
  });
});

describe('a person’s token of the sign-in provider', () => {
  it('is nobody’s at any other endpoint', async () => {
    const bearer = await token('olga');
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/x-www-form-urlencoded' };
    const others = endpoints.filter(
      ({ audience, route }) =>
        audience === 'services' && !/^(?:api\/|healthz|readyz|\.well-known|revocations)/.test(route),
    );
    expect(others.length).toBeGreaterThan(8);
    for (const { route, methods } of others)
      for (const method of methods) {
        const answer = await fetch(`${stack.issuer}/${route.replaceAll(/\{\w+\}/g, 'demo-web')}`, {
          method,
          headers,
          redirect: 'manual',
          ...(method === 'POST' || method === 'PUT' ? { body: `token=${bearer}&access_token=${bearer}` } : {}),
        });
        expect([route, method, answer.status >= 400 && answer.status < 500]).toEqual([route, method, true]);
      }
  });

  it('is unknown to introspection', async () => {
    const { api } = demoServices(stack.issuer);
    const answer = await answerOf(api.introspect({ token: await token('olga') }));
    expect(answer.body).toEqual({ active: false });
  });

  it('ends with what voids it: one person’s, at once', async () => {
    const [before, other] = [await token('audrey'), await token('olga')];
    const subject = idOf('audrey');
    expect((await call('POST', 'not-before', { bearer: other, body: { subject } })).status).toBe(200);
    expect(refusedWith(await call('GET', 'apps', { bearer: before }))).toEqual([401, 'invalid_token']);
    expect((await call('GET', 'apps', { bearer: other })).status).toBe(200);
    const iat = Math.floor(Date.now() / 1000) + 30;
    expect((await call('GET', 'apps', { bearer: await token('audrey', { iat }) })).status).toBe(200);
  });

  it('waits while nobody knows the provider’s keys', async () => {
    const bearer = await token('olga', { iss: 'http://localhost:1' });
    await stack.restartHost(0, { SIGN_IN_ISSUER: 'http://localhost:1' }, 'listening');
    const refused = await call('GET', 'apps', { bearer });
    expect(refusedWith(refused)).toEqual([503, 'temporarily_unavailable']);
    const client = await ownTokenOf(demoServices(stack.issuer).operator);
    expect((await call('GET', 'apps', { bearer: client })).status).toBe(200);
    await stack.restartHost(0);
  });
});

it('the document says what to ask the provider for', async () => {
  const { components } = (await (await fetch(`${stack.issuer}/api/openapi.json`)).json()) as {
    components: { securitySchemes: { person: Record<string, string> } };
  };
  expect(components.securitySchemes.person).toMatchObject({
    openIdConnectUrl: `${stack.provider.issuer}/.well-known/openid-configuration`,
    'x-assent-scope': 'api://assent/Admin.Manage',
  });
});
