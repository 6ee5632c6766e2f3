import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionOf, signedInAt } from '../../support/people.ts';
import { sendRaw } from '../../support/raw.ts';
import { demoServices, okJson, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { expectClean, type Pair, sendTo, type Target, targetsOf } from './endpoints.ts';

/** A few hundred in `npm test`; a night may take 100,000. */
const cases = Number(process.env.FUZZ_CASES ?? 400);

let stack: Stack;
let targets: readonly Target[];

beforeAll(async () => {
  // Buckets would answer most of it.
  stack = await startStack({ settings: { SOURCE_REQUESTS_PER_SECOND: '1000000' } });
  targets = [...targetsOf(stack), ...targetsOf(stack, sessionOf(await signedInAt(stack)))];
});

afterAll(() => stack.stop());

const protocolNames = [
  'client_id',
  'client_secret',
  'redirect_uri',
  'response_type',
  'scope',
  'resource',
  'state',
  'code',
  'code_verifier',
  'code_challenge',
  'code_challenge_method',
  'grant_type',
  'refresh_token',
  'token',
  'token_type_hint',
  'prompt',
  'max_age',
  'request',
  'request_uri',
  'client_assertion',
  'client_assertion_type',
  'approval',
  'decision',
  'permission',
  '__proto__',
];

const protocolValues = [
  'demo-web',
  'demo-native',
  'local-operator',
  'code',
  'token',
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'vso.work',
  'assent.admin',
  'S256',
  'plain',
  'none',
  'login',
  'query',
  'fragment',
  'form_post',
  'https://api.assent.localhost',
  'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  'http://127.0.0.1/callback',
  'assent_ac_AAAA',
  'assent_rt_AAAA',
  'eyJhbGciOiJub25lIn0.e30.',
];

/** What no encoder would write. */
const malformed = [
  '%',
  '%0',
  '%zz',
  '%00',
  '%ED%A0%80',
  '%FF',
  '%C0%AF',
  '+',
  '%20',
  '%0d%0a',
  '%F0%9F',
  '[]',
  '%u0041',
  ';',
  '=',
];

const encodedValue = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...protocolValues).map(encodeURIComponent) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }).map(encodeURIComponent) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...malformed, 'a', '0'), { maxLength: 6 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 30 }).map(encodeURIComponent) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3_000 }).map((length) => 'A'.repeat(length)) },
);

const encodedName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...protocolNames) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }).map(encodeURIComponent) },
  { weight: 1, arbitrary: fc.constantFrom(...malformed) },
);

/** A right request with some parameters dropped, some changed, some repeated, and others on top. */
const mutation = fc.record({
  target: fc.nat(),
  dropped: fc.array(fc.nat({ max: 15 }), { maxLength: 2 }),
  changed: fc.array(fc.tuple(fc.nat({ max: 15 }), encodedValue), { maxLength: 3 }),
  repeated: fc.array(fc.nat({ max: 15 }), { maxLength: 1 }),
  added: fc.array(fc.tuple(encodedName, encodedValue), { maxLength: 4 }),
});

type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

const mutated = ({ parameters }: Target, { dropped, changed, repeated, added }: Mutation): readonly Pair[] => {
  const kept = parameters.map(([name, value], index): Pair => {
    const change = changed.find(([which]) => which === index);
    return [name, change?.[1] ?? value];
  });
  return [
    ...kept.filter((_pair, index) => !dropped.includes(index)),
    ...kept.filter((_pair, index) => repeated.includes(index)),
    ...added,
  ].map(([name, value]): Pair => [name, name === 'client_id' && value === loopback ? 'http' : value]);
};

/** As a client it would be known by a document there: nothing answers, and that is a 503 with good reason. */
const loopback = encodeURIComponent('http://127.0.0.1/callback');

const headerValue = fc.oneof(
  fc.constantFrom('', 'Basic', 'Basic Og==', 'Basic ZGVtby13ZWI6', 'Bearer x', 'Bearer a.b.c', 'Basic %%%', 'Digest x'),
  fc.base64String({ maxLength: 60 }).map((text) => `Basic ${text}`),
  fc.base64String({ maxLength: 60 }).map((text) => `Bearer ${text}`),
);

const bodyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(text)),
);

const paths = [
  '/authorize',
  '/consent',
  '/token',
  '/revoke',
  '/introspect',
  '/sign-in',
  '/sign-in/callback',
  '/sign-out',
  '/end-session',
  '/authorizations',
  '/authorizations/revoke',
  '/authorizations/revoke-all',
  '/api/admin/apps',
  '/api/admin/apps/demo-web',
  '/api/admin/apps/demo-web/secrets',
  '/api/admin/not-before',
  '/.well-known/oauth-authorization-server',
  '/.well-known/jwks.json',
  '/',
  '/nowhere',
];

const anything = fc.record({
  path: fc.constantFrom(...paths),
  query: fc.array(fc.tuple(encodedName, encodedValue), { maxLength: 4 }),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
  contentType: fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/json',
    'text/plain',
    'multipart/form-data',
    '',
  ),
  authorization: fc.option(headerValue, { nil: undefined }),
  cookie: fc.option(fc.base64String({ maxLength: 100 }), { nil: undefined }),
  body: bodyBytes,
});

/** With the seed in the message, a failure can be run again. */
const options = { numRuns: cases, endOnFailure: true } as const;

describe('whatever is sent to whatever endpoint', () => {
  it('[IP14] a mutated request gets a clear refusal, never a 5xx, and never a token without a right', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async (one) => {
        const target = targets[one.target % targets.length];
        if (target === undefined) throw new Error('no target');
        // Nobody here holds a right code, token or form: whatever comes back gives nothing away.
        expectClean(stack, target, await sendTo(stack, target, mutated(target, one)));
      }),
      options,
    );
  }, 3_600_000);

  it('[IP14] any method, path, header and body gets a clear answer, never a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async ({ path, query, method, contentType, authorization, cookie, body }) => {
        const target = query.length === 0 ? path : `${path}?${query.map((pair) => pair.join('=')).join('&')}`;
        const headers = {
          'content-type': contentType,
          ...(authorization === undefined ? {} : { authorization }),
          ...(cookie === undefined ? {} : { cookie: `assent-session=${cookie}` }),
        };
        const hasBody = !['GET', 'HEAD'].includes(method);
        const answer = await sendRaw(stack.issuer, target, { method, headers, ...(hasBody ? { body } : {}) });
        expect(answer.status, `${method} ${target} ${answer.text.slice(0, 200)}`).toBeLessThan(500);
        expect(answer.text).not.toMatch(/"access_token"|"client_secret"|RestError|node_modules/);
        const type = answer.headers['content-type'];
        if (answer.status >= 400 && type === 'application/json' && method !== 'HEAD')
          expect(JSON.parse(answer.text)).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/) });
      }),
      options,
    );
  }, 3_600_000);

  it('the host is as well as before', async () => {
    const { nightly } = demoServices(stack.issuer);
    // Guessed secrets may have emptied the bucket of failures from here.
    await stack.clock.move(600);
    const tokens = await okJson<TokenSet>(nightly.token({ grant_type: 'client_credentials' }));
    expect(tokens.expires_in).toBe(600);
    expect((await fetch(`${stack.issuer}/readyz`)).status).toBe(200);
  });
});
