/** RFC 9110 §15.5.6, OAuth 2.1 §3.2.4, Fetch: refusals by method and audience, and scripts of other origins. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '../../../src/functions/table.ts';
import type { Endpoint } from '../../../src/http/endpoint.ts';
import { answerOf } from '../../support/answer.ts';
import { pathOf } from '../../support/paths.ts';
import { postForm } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const stranger = (path: string, init: RequestInit = {}) =>
  fetch(`${stack.issuer}${path}`, { redirect: 'manual', ...init });

const allMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const served = endpoints.filter(({ name }) => name !== 'zz-not-found');
const isForServices = ({ audience }: Endpoint): boolean => audience === 'services';

describe('a method that is not supported (RFC 9110 §15.5.6)', () => {
  it.each(served.map((endpoint) => ({ endpoint, path: pathOf(endpoint) })))(
    '[ER01] gets 405 with Allow at $path',
    async ({ endpoint, path }) => {
      const others = allMethods.filter((method) => !endpoint.methods.includes(method));
      expect(others.length).toBeGreaterThan(0);
      for (const method of others) {
        const response = await stranger(path, { method });
        expect([method, response.status]).toEqual([method, 405]);
        const allow = (response.headers.get('allow') ?? '').split(', ');
        expect(allow).toEqual(expect.arrayContaining([...endpoint.methods]));
        expect(allow).not.toContain(method);
      }
    },
  );

  it('answers HEAD as it answers GET, without a body', async () => {
    const response = await stranger('/.well-known/oauth-authorization-server', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect((await stranger('/token', { method: 'HEAD' })).status).toBe(405);
  });
});

describe('refusals', () => {
  const accepts = ['text/html', 'application/json', '*/*', 'image/png'];

  it.each(served.filter(isForServices).map((endpoint) => ({ path: pathOf(endpoint), problems: endpoint.problems })))(
    '[ER02] are JSON for services, whatever they accept: $path',
    async ({ path, problems = false }) => {
      for (const accept of accepts) {
        const answer = await answerOf(stranger(path, { method: 'PATCH', headers: { accept } }));
        expect(answer.headers.get('content-type')).toBe(problems ? 'application/problem+json' : 'application/json');
        const refusal = { error: 'invalid_request', error_description: 'the method is not supported here' };
        if (problems) expect(answer.body).toMatchObject({ ...refusal, status: 405 });
        else expect(answer.body).toEqual(refusal);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    },
  );

  it.each(served.filter((endpoint) => !isForServices(endpoint)).map((endpoint) => ({ path: pathOf(endpoint) })))(
    '[ER02] are pages for people, whatever they accept: $path',
    async ({ path }) => {
      for (const accept of accepts) {
        const response = await stranger(path, { method: 'PATCH', headers: { accept } });
        expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      }
    },
  );

  it.each([
    '/token/x',
    '/revoke/x',
    '/introspect/x',
    '/api/admin',
    '/api/other',
    '/.well-known/other',
    '/tenant/.well-known/openid-configuration',
    '/register/x/y',
    '/par/x',
    '/userinfo/x',
  ])('[ER02] are JSON, for scripts too, where services look for something that is not there: %s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const answer = await answerOf(stranger(path, { method, headers: { accept: 'text/html' } }));
      expect([answer.status, answer.body.error]).toEqual([404, 'not_found']);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
  });
});

describe('scripts of other origins (Fetch, OAuth 2.1 §3.1, §3.2)', () => {
  const origin = 'https://app.example';
  const accessControlOf = ({ headers }: Response) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'));
  const preflight = (path: string, method = 'POST') =>
    stranger(path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,dpop',
      },
    });

  it.each(
    served
      .filter(({ crossOrigin }) => !crossOrigin)
      .map((endpoint) => ({ path: pathOf(endpoint), methods: endpoint.methods })),
  )('[CS01] learn nothing from $path', async ({ path, methods }) => {
    for (const method of [...methods, 'PATCH']) {
      const response = await stranger(path, { method, headers: { origin } });
      expect([method, accessControlOf(response)]).toEqual([method, []]);
    }
    const asked = await preflight(path);
    expect([asked.status, accessControlOf(asked)]).toEqual([405, []]);
  });

  it('[CS01] the pages of people are all among those', () => {
    const open = served.filter(({ crossOrigin }) => crossOrigin).map(({ name }) => name);
    expect(open.sort()).toEqual([
      'jwks',
      'metadata',
      'openapi',
      'openid-configuration',
      'par',
      'protected-resource',
      'register',
      'registration',
      'revocations',
      'revoke',
      'token',
      'userinfo',
    ]);
  });

  it.each(['/.well-known/oauth-authorization-server', '/.well-known/jwks.json', '/.well-known/no', '/token/x'])(
    '[CS02] may read what is public: %s',
    async (path) => {
      for (const from of [origin, 'null', 'http://localhost:3000']) {
        const { headers } = await stranger(path, { headers: { origin: from } });
        expect(headers.get('access-control-allow-origin')).toBe('*');
        expect(headers.has('access-control-allow-credentials')).toBe(false);
        expect(headers.get('vary')).toContain('Origin');
      }
    },
  );

  it.each([
    ['/token', 'POST'],
    ['/revoke', 'POST'],
    ['/.well-known/jwks.json', 'GET'],
    ['/.well-known/oauth-authorization-server', 'GET'],
    ['/.well-known/openid-configuration', 'GET'],
  ])('[CS04] may ask first at %s, whatever headers their libraries add', async (path, method) => {
    const added = 'authorization,dpop,mcp-protocol-version, traceparent,x-requested-with,cache-control,if-none-match';
    const response = await stranger(path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': added },
    });
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')?.split(', ')).toContain(method);
    const allowed = response.headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual(expect.arrayContaining(added.split(',').map((name) => name.trim())));
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
    expect(response.headers.get('vary')).toContain('Origin');
  });

  it('[CS04] get nothing back that is no header name, and no more than a few', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `x-${index}`).join(',');
    for (const [asked, contained] of [
      ['x good, (bad), <script>, x-fine', 'x-fine'],
      [`${'x'.repeat(1_000)},x-fine`, 'x-fine'],
      [many, 'x-0'],
    ] as const) {
      const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': asked };
      const response = await stranger('/token', { method: 'OPTIONS', headers });
      const allowed = (response.headers.get('access-control-allow-headers') ?? '').split(', ');
      expect(allowed).toContain(contained);
      expect(allowed.length).toBeLessThanOrEqual(53);
      for (const name of allowed) expect(name).toMatch(/^[\w-]{1,64}$/);
    }
  });

  it('[CS04][CS05] see refusals too, and the headers that say what to do', async () => {
    const url = `${stack.issuer}/token`;
    const refused = [
      await postForm(url, { grant_type: 'client_credentials' }, { origin }),
      await postForm(url, { client_id: 'demo-web', client_secret: 'wrong' }, { origin }),
      await stranger('/token', { headers: { origin } }),
      await stranger('/token', { method: 'POST', body: '{}', headers: { origin, 'content-type': 'application/json' } }),
      await stranger('/token', {
        method: 'POST',
        body: `a=${'x'.repeat(70_000)}`,
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 405, 415, 413]);
    for (const { headers } of refused) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-expose-headers')).toBe('WWW-Authenticate, DPoP-Nonce, Retry-After');
    }
  });
});
