/** The APIs of examples/apis refuse alike: one table of tokens for all of them, whatever they are written in. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoResource } from '../../local/settings.ts';
import { boundTokens, newDpopKey, proofBy } from '../support/dpop.ts';
import { personAt } from '../support/people.ts';
import { demoServices } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import {
  type Api,
  apis,
  apisFolder,
  goodClaims,
  isThere,
  metadata,
  now,
  resource,
  startApi,
  tenLinesOf,
} from './apis.ts';
import { describeBoundTokens } from './bound-tokens.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import type { Running } from './program.ts';

let issuer: Issuer;
const running: Running[] = [];

beforeAll(async () => {
  issuer = await startIssuer();
});

afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await issuer.stop();
});

const start = (api: Api, issuerUrl: string): Promise<URL> => {
  const started = startApi(api, { ISSUER: issuerUrl });
  running.push(started);
  return started.opened;
};

const good = () => goodClaims(issuer.url);

const digestOf = (value: string): string =>
  createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');

type Ended = {
  readonly sid?: readonly string[];
  readonly jti?: readonly string[];
  readonly client?: string;
  readonly person?: string;
  readonly narrowed?: string;
};

/** What Assent answers at /revocations; what is void, up to half a minute ago. */
const listOf = ({ sid = [], jti = [], client = '', person = '', narrowed = '' }: Ended) => {
  const upToNow = (value: string) => ({ [digestOf(value)]: now() - 30 });
  return {
    iat: now(),
    exp: now() + 300,
    ended: { sid: sid.map(digestOf), jti: jti.map(digestOf) },
    not_before: { everyone: now() - 300, client_id: upToNow(client), sub: upToNow(person), sid: upToNow(narrowed) },
  };
};

type Token = () => Promise<string> | string;

const unsigned = (header: object, signature = ''): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'at+jwt', ...header })}.${part(good())}.${signature}`;
};

/** What every API refuses as `invalid_token`. */
const bad: readonly (readonly [string, Token])[] = [
  ['of another issuer', () => issuer.token({ ...good(), iss: 'https://evil.example' })],
  ['for another API', () => issuer.token({ ...good(), aud: 'https://other.example' })],
  ['for an API whose name begins so', () => issuer.token({ ...good(), aud: `${resource}/more` })],
  ['that is over', () => issuer.token({ ...good(), exp: now() - 1 })],
  ['that never ends', () => issuer.token({ ...good(), exp: undefined })],
  ['of no client', () => issuer.token({ ...good(), client_id: undefined })],
  ['of nobody', () => issuer.token({ ...good(), sub: undefined })],
  ['that is an ID token', () => issuer.token(good(), { typ: 'JWT' })],
  ['that is a logout token', () => issuer.token(good(), { typ: 'logout+jwt' })],
  ['of a key that is not published', () => issuer.token(good(), { strange: true })],
  ['without signature', () => unsigned({ alg: 'none' })],
  ['with its header alone', () => unsigned({ alg: 'RS256', kid: 'own' })],
  ['signed with the public key for a secret', () => issuer.confused(good())],
  ['whose typ is a number', () => unsigned({ alg: 'RS256', kid: 'own', typ: 5 }, 'AAAA')],
  ['whose kid is a list', () => unsigned({ alg: 'RS256', kid: ['own'] }, 'AAAA')],
  ['of an algorithm that nobody knows', () => unsigned({ alg: 'XX999', kid: 'own' }, 'AAAA')],
  [
    'with a critical extension (RFC 7515 §4.1.11)',
    () => unsigned({ alg: 'RS256', kid: 'own', crit: ['x'], x: 1 }, 'AAAA'),
  ],
  ['that is no JWT', () => 'no.such.token'],
  ['that is not even base64', () => '%%%.%%%.%%%'],
];

it('the two programs for Node have the same lines', async () => {
  const read = (path: string): Promise<string> => readFile(`${apisFolder}${path}`, 'utf8');
  for (const folder of ['javascript', 'mcp-functions']) {
    expect(await read(`${folder}/assent.mjs`)).toBe(await read('javascript/assent.mjs'));
    for (const helper of ['revocations.mjs', 'dpop.mjs'])
      expect(await read(`${folder}/${helper}`)).toBe(await read(`../lib/${helper}`));
  }
});

it('the MCP server is deployed with what it is tested with', async () => {
  const dependenciesOf = async (folder: string): Promise<Readonly<Record<string, string>>> => {
    const { dependencies, devDependencies } = JSON.parse(await readFile(`${folder}package.json`, 'utf8'));
    return { ...devDependencies, ...dependencies };
  };
  const here = await dependenciesOf(`${apisFolder}../../`);
  const there = await dependenciesOf(`${apisFolder}mcp-functions/`);
  expect(there).toEqual(Object.fromEntries(Object.keys(there).map((name) => [name, here[name]])));
});

describe.each(apis)('the API in $name', (api) => {
  const there = isThere(api);
  if (!there) console.warn(`SKIPPED: examples/apis/${api.file} cannot run here; .ci/clients.sh installs what it needs`);

  // .NET's SDK is no package of Debian's.
  it.skipIf(there || api.command[0] === 'dotnet')('is there once .ci/clients.sh has run', () => {
    expect(process.env.CLIENT_LIBRARIES).not.toBe('installed');
  });

  it('says what matters in ten lines', async () => {
    const part = tenLinesOf(await readFile(`${apisFolder}${api.file}`, 'utf8'));
    const lines = part.split('\n').filter((line) => /\w/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  describe.skipIf(!there)('with a token', () => {
    let address: URL;
    beforeAll(async () => {
      address = await start(api, issuer.url);
    });

    const call = async (token?: string, method = 'GET') => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const response = await fetch(address, { method, headers });
      const challenge = response.headers.get('www-authenticate');
      return { status: response.status, challenge, body: await response.text() };
    };

    it('that rests on what ended: is refused, without a question for each request', async () => {
      const other = await startIssuer();
      const own = { ...good(), iss: other.url, sid: 'session' };
      other.ended = listOf({
        sid: ['ended'],
        jti: ['taken back'],
        client: 'blocked',
        person: 'gone',
        narrowed: 'narrowed',
      });
      try {
        const started = await start(api, other.url);
        const statusOf = async (claims: object, list = started) =>
          (await fetch(list, { headers: { authorization: `Bearer ${await other.token({ ...own, ...claims })}` } }))
            .status;
        expect(await statusOf({})).toBe(200);
        const old = { iat: now() - 60 };
        const refused = [{ sid: 'ended' }, { jti: 'taken back' }, { iat: now() - 500 }];
        const voided = [{ client_id: 'blocked' }, { granted_to: 'blocked' }, { sub: 'gone' }, { sid: 'narrowed' }];
        for (const claims of [...refused, ...voided.map((one) => ({ ...one, ...old }))])
          expect([claims, await statusOf(claims)]).toEqual([claims, 401]);
        for (const claims of [old, ...voided]) expect([claims, await statusOf(claims)]).toEqual([claims, 200]);
      } finally {
        await other.stop();
      }
    });

    it.each([
      ['of another type', { typ: 'JWT' }],
      ['of a key that is not published', { strange: true }],
    ] as const)('is not refused by a list %s', async (_name, header) => {
      const other = await startIssuer();
      other.ended = listOf({ sid: ['session'] });
      other.listHeader = header;
      try {
        const started = await start(api, other.url);
        const token = await other.token({ ...good(), iss: other.url, sid: 'session' });
        expect((await fetch(started, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
      } finally {
        await other.stop();
      }
    });

    it('of its own serves whom it is of', async () => {
      const { status, body } = await call(await issuer.token(good()));
      expect([status, JSON.parse(body)]).toEqual([200, { person: 'alice', service: 'service' }]);
      const listed = await call(await issuer.token({ ...good(), aud: ['https://other.example', resource] }));
      expect(listed.status).toBe(200);
      // Clocks differ.
      expect((await call(await issuer.token({ ...good(), iat: now() + 2 }))).status).toBe(200);
    });

    it('none: says where to read whom to ask, and for what (RFC 6750 §3.1, RFC 9728 §5.1)', async () => {
      expect(await call()).toMatchObject({
        status: 401,
        challenge: `Bearer scope="vso.work", resource_metadata="${metadata}"`,
      });
    });

    it.each(bad)('%s: is refused', async (_name, token) => {
      expect(await call(await token())).toMatchObject({
        status: 401,
        challenge: `Bearer error="invalid_token", scope="vso.work", resource_metadata="${metadata}"`,
      });
    });

    it('that lacks the permission: names it, and those that there are', async () => {
      const challenge = (scope: string) =>
        `Bearer error="insufficient_scope", scope="${scope}", resource_metadata="${metadata}"`;
      expect(await call(await issuer.token({ ...good(), scope: 'vso.code' }))).toMatchObject({
        status: 403,
        challenge: challenge('vso.code vso.work'),
      });
      const without = await call(await issuer.token({ ...good(), scope: undefined }));
      expect(without).toMatchObject({ status: 403, challenge: challenge('vso.work') });
      const longer = await call(await issuer.token({ ...good(), scope: 'vso.work_write' }));
      expect(longer).toMatchObject({ status: 403, challenge: challenge('vso.work_write vso.work') });
    });

    it.each([
      ['an hour ago', 3600],
      ['never', undefined],
    ])('of somebody who signed in %s: asks for a sign-in before it deletes (RFC 9470 §3)', async (_name, ago) => {
      const signedIn = ago === undefined ? undefined : now() - ago;
      expect(await call(await issuer.token({ ...good(), auth_time: signedIn }), 'DELETE')).toMatchObject({
        status: 401,
        challenge: `Bearer error="insufficient_user_authentication", max_age="300", resource_metadata="${metadata}"`,
      });
      expect((await call(await issuer.token(good()), 'DELETE')).status).toBe(200);
    });

    describeBoundTokens(api, () => ({ issuer, address }));

    it('or without one, says what it is (RFC 9728 §2)', async () => {
      const response = await fetch(new URL('/.well-known/oauth-protected-resource/work', address));
      expect([response.status, await response.json()]).toEqual([
        200,
        {
          resource,
          resource_name: 'Work items',
          authorization_servers: [issuer.url],
          scopes_supported: ['vso.work', 'vso.work_write'],
          bearer_methods_supported: ['header'],
          dpop_signing_alg_values_supported: api.algorithms,
        },
      ]);
    });

    it('of a key that nobody has: does not make it fetch keys each time', async () => {
      const before = issuer.keysFetched;
      for (let count = 0; count < 10; count++) await call(await issuer.token(good(), { strange: true }));
      expect(issuer.keysFetched - before).toBeLessThanOrEqual(1);
    });

    it('lets none pass while nobody can be asked for keys', async () => {
      const other = await startIssuer();
      other.away = true;
      try {
        const started = await start(api, other.url);
        const headers = { authorization: `Bearer ${await other.token({ ...good(), iss: other.url })}` };
        const response = await fetch(started, { headers });
        expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
        other.away = false;
        expect((await fetch(started, { headers })).status).toBe(200);
      } finally {
        await other.stop();
      }
    });
  });
});

describe('a token that Assent bound to a key', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
  });

  afterAll(() => stack.stop());

  it.each(apis)(
    'is taken with its proof, where clients reach it, and refused without, by the API in $name',
    async (api) => {
      if (!isThere(api)) return;
      const { web } = demoServices(stack.issuer);
      const key = await newDpopKey();
      const code = await web.code(personAt(stack));
      const { access_token: token } = await boundTokens(stack.issuer, web.registration, { code, key });
      const origin = 'https://work.example.com:8443';
      const started = startApi(api, { ISSUER: stack.issuer, RESOURCE: demoResource.identifier, ORIGIN: origin });
      running.push(started);
      const address = await started.opened;
      const statusOf = async (headers: Readonly<Record<string, string>>) => (await fetch(address, { headers })).status;
      const proof = await proofBy(key, { method: 'GET', url: `${origin}/`, token });
      expect(await statusOf({ authorization: `DPoP ${token}`, dpop: proof })).toBe(200);
      expect(await statusOf({ authorization: `DPoP ${token}` })).toBe(401);
      expect(await statusOf({ authorization: `Bearer ${token}`, dpop: proof })).toBe(401);
    },
  );
});
