/** The frame around every endpoint, where a host cannot show it: on https, and when something is broken inside. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { cookieName, expired } from '../../src/http/cookies.ts';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { handlerOf } from '../../src/http/frame.ts';
import { createRefusals } from '../../src/http/refusals.ts';
import { json, type Reply, redirect } from '../../src/http/reply.ts';
import { createBuckets } from '../../src/limits/token-bucket.ts';
import type { Server } from '../../src/server.ts';

const settings = {
  ISSUER: 'https://login.contoso.example',
  TABLES_URL: 'https://data.table.core.windows.net',
  SIGNING_KEYS: 'https://vault.vault.azure.net/keys/signing',
  DATA_IDENTITY_CLIENT_ID: 'data',
  SIGN_IN_ISSUER: 'https://login.microsoftonline.com/tenant/v2.0',
  SIGN_IN_CLIENT_ID: 'assent',
  SIGN_IN_IDENTITY_CLIENT_ID: 'sign-in',
};

const call = async (
  endpoint: Partial<Endpoint>,
  { issuer = settings.ISSUER, sourcePerSecond = 10, contentLength = '0', method = 'GET', times = 1 } = {},
) => {
  const diagnoses: unknown[] = [];
  const counted: unknown[] = [];
  // Only what the frame itself uses: a story under test brings its own answer.
  const server = {
    config: readConfig({ ...settings, ISSUER: issuer }),
    clock: () => 1_800_000_000,
    log: () => undefined,
    refusals: createRefusals(({ refusals }) => counted.push(refusals)),
    offered: { current: async () => [] },
    limits: {
      sources: createBuckets({ perSecond: sourcePerSecond, burst: sourcePerSecond }),
      diagnoses: createBuckets({ perSecond: 1, burst: 3 }),
    },
  } as unknown as Server;
  const story: Endpoint = {
    name: 'test',
    route: 'test',
    methods: ['GET'],
    audience: 'services',
    crossOrigin: false,
    handle: async () => json({}),
    ...endpoint,
  };
  const context = new InvocationContext({
    invocationId: 'reference-1',
    functionName: 'test',
    logHandler: (_level, ...parts) => diagnoses.push(...parts),
  });
  const request = new HttpRequest({
    method,
    url: `${issuer}/test`,
    headers: { 'x-forwarded-for': '192.0.2.1', 'content-length': contentLength },
  });
  const handler = handlerOf(story, server);
  for (let earlier = 1; earlier < times; earlier++) await handler(request, context);
  const response = await handler(request, context);
  return {
    response,
    counted,
    headers: new Headers(response.headers as Record<string, string>),
    diagnoses: diagnoses.join('\n'),
  };
};

const broken = async (): Promise<Reply> => {
  const cause = new Error('RestError at https://contosodata.table.core.windows.net x-ms-request-id 4711');
  throw new Error('cannot read /home/site/wwwroot/main.cjs', { cause });
};

describe('a defect of our own', () => {
  it('[ER04] is server_error to a service, and not a word more', async () => {
    const { response, headers } = await call({ handle: broken });
    expect(response.status).toBe(500);
    expect(JSON.parse(String(response.body))).toEqual({
      error: 'server_error',
      error_description: 'something went wrong on our side',
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect([...headers.values()].join(' ')).not.toMatch(/x-ms|table|wwwroot/);
  });

  it('[ER04] is a page with a reference to a person, and not a word more', async () => {
    const { response } = await call({ handle: broken, audience: 'people' });
    expect(response.status).toBe(500);
    expect(String(response.body)).toContain('reference-1');
    expect(String(response.body)).not.toMatch(/wwwroot|table\.core|RestError|4711/);
  });

  it('is told to the log with its causes', async () => {
    const { diagnoses } = await call({ handle: broken });
    expect(diagnoses).toContain('wwwroot');
    expect(diagnoses).toContain('4711');
  });

  it('fills no log when anybody repeats it: the first few are told, and the others are counted', async () => {
    const { diagnoses, counted, response } = await call({ handle: broken }, { times: 4 });
    expect(response.status).toBe(500);
    expect(diagnoses.split('\n')).toHaveLength(3);
    expect(counted).toEqual([[{ endpoint: 'test', error: 'server_error', count: 1, last: 'reference-1' }]]);
  });
});

describe('on https', () => {
  it('[ER07][CO04] every answer tells browsers to come by https only, refusals included', async () => {
    for (const handle of [async () => json({}), async () => redirect('/'), broken]) {
      const { headers } = await call({ handle });
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
    }
    const local = await call({}, { issuer: 'http://localhost:7071' });
    expect(local.headers.has('strict-transport-security')).toBe(false);
  });

  it.each([
    ['ISSUER', 'http://login.contoso.example'],
    ['ISSUER', 'http://localhost.evil.test'],
    ['ISSUER', 'http://192.168.1.1'],
    ['TABLES_URL', 'http://data.table.core.windows.net'],
    ['SIGN_IN_ISSUER', 'http://login.microsoftonline.com/tenant/v2.0'],
    ['SIGNING_KEYS', 'http://vault.vault.azure.net/keys/signing'],
  ])('[ER07] %s may not be %s', (name, value) => {
    expect(() => readConfig({ ...settings, [name]: value })).toThrow(new RegExp(`${name}.*https`));
  });

  it('[CO16] cookies are host-bound, secure, out of reach of scripts, and Lax', async () => {
    const name = cookieName('session', false);
    expect(name).toBe('__Host-session');
    const handle = async () => redirect('/', [{ name, value: 'v', maxAgeSeconds: 60 }, expired('__Host-signin-x')]);
    const { response } = await call({ handle });
    const flags = { path: '/', httpOnly: true, secure: true, sameSite: 'Lax' };
    expect(response.cookies).toEqual([
      { name: '__Host-session', value: 'v', maxAge: 60, ...flags },
      { name: '__Host-signin-x', value: '', maxAge: 0, ...flags },
    ]);
  });

  it('[CO16] only a loopback issuer does without Secure, which browsers drop on http, under a name of its own', async () => {
    const handle = async () => redirect('/', [{ name: cookieName('session', true), value: 'v', maxAgeSeconds: 60 }]);
    const { response } = await call({ handle }, { issuer: 'http://localhost:7071' });
    expect(response.cookies).toEqual([
      { name: 'assent-session', value: 'v', maxAge: 60, path: '/', httpOnly: true, secure: false, sameSite: 'Lax' },
    ]);
  });
});

describe('a body that is too long', () => {
  it('is refused by what the headers say, before a byte of it is read, also where no body is taken', async () => {
    for (const method of ['GET', 'POST'] as const) {
      let read = false;
      const handle = async () => {
        read = true;
        return json({});
      };
      const { response } = await call({ methods: ['GET', 'POST'], handle }, { contentLength: '104857600', method });
      expect([response.status, read]).toEqual([413, false]);
    }
  });
});

describe('too many requests from one address', () => {
  it('are 429 with Retry-After', async () => {
    const { response, headers } = await call({}, { sourcePerSecond: 0 });
    expect([response.status, headers.get('retry-after')]).toEqual([429, '1']);
  });
});
