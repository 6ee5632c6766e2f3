/** What an operator's browser can be made to send to the console: never more than a page that refuses it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../../../src/functions/routes.ts';
import { formsIn } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let token: string;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  olga = await signedInAt(stack, 'olga');
  const home = await olga.visit(stack.issuer);
  if (home.kind !== 'page') throw new Error('no home page');
  token = formsIn(home.html)[0]?.fields.find(({ name }) => name === 'token')?.value ?? '';
});

beforeEach(() => {
  stack.tableProxy.rule = undefined;
});

afterAll(() => stack.stop());

const addresses = Object.entries(routes)
  .filter(([name]) => /^console(-|$)/.test(name))
  .map(([, { route, methods }]) => ({ path: `/${route}`, methods: methods as readonly string[] }));
const forms = addresses.filter(({ methods }) => methods.includes('POST'));

const names = [
  ...['after', 'done', 'decided', 'saved', 'still', 'do', 'decision', 'kind', 'name', 'id', 'client_id', 'subject'],
  ...[
    'person',
    'account',
    'identifier',
    'declaration',
    'access',
    'permission',
    'before',
    'event',
    'from',
    'to',
    'actor',
  ],
  ...['as', 'metadata', 'client_name', 'redirect_uris', 'jwks', 'grant_types', 'token_endpoint_auth_method'],
  ...[
    'longest',
    'longest_unit',
    'age',
    'age_unit',
    'acr',
    'scope',
    'resource',
    'minutes',
    'signed_in_by',
    'secret_id',
    'etag',
    'once',
  ],
];

/** So much at once can be too much for the storage of a starved machine, which asks to come again; what is wrong stays wrong. */
const patiently = async (send: () => Promise<Response>): Promise<Response> => {
  for (let left = 5; left > 0; left--) {
    const answer = await send();
    if (answer.status !== 503) return answer;
    await sleep(1000);
  }
  return send();
};

const once = (path: string, query: string) => olga.send(`${stack.issuer}${path}?${query}`);

const get = (path: string, query: string) => patiently(() => once(path, query));

const post = (path: string, body: string) =>
  patiently(() =>
    olga.send(`${stack.issuer}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: stack.issuer },
      body: `token=${encodeURIComponent(token)}&${body}`,
    }),
  );

/** Names that every object has, and what looks like something else. */
const strange = [
  'constructor',
  '__proto__',
  'toString',
  '%00',
  '%E2%80%AE',
  '%0D%0Aset-cookie:%20a=b',
  '9'.repeat(4_000),
];

describe('the console, asked by an operator', () => {
  it.each(addresses)('lives through any value of any parameter at $path', async ({ path }) => {
    for (const value of strange) {
      const each = await Promise.all(names.map((name) => get(path, `${name}=${value}`)));
      const all = await get(path, names.map((name) => `${name}=${value}`).join('&'));
      for (const { status, headers } of [...each, all]) {
        expect([path, value, status]).toEqual([path, value, expect.toSatisfy((one: number) => one < 500)]);
        expect(headers.get('set-cookie') ?? '').not.toContain('a=b');
      }
    }
    expect((await get(path, names.flatMap((name) => [`${name}=a`, `${name}=b`]).join('&'))).status).toBeLessThan(500);
  });

  it.each(forms)('lives through any value of any field at $path', async ({ path }) => {
    for (const value of strange) {
      for (const name of ['do', 'decision', 'kind'])
        expect([name, value, (await post(path, `${name}=${value}`)).status]).toEqual([
          name,
          value,
          expect.toSatisfy((one: number) => one < 500),
        ]);
      const all = names.filter((name) => name !== 'kind').map((name) => `${name}=${value}`);
      expect((await post(path, all.join('&'))).status).toBeLessThan(500);
    }
    expect((await post(path, 'do=a&do=b&decision=a&decision=b&kind=a&kind=b')).status).toBeLessThan(500);
    expect((await post(path, `padding=${'x'.repeat(1_100_000)}`)).status).toBe(413);
  });

  it.each(addresses)('says 503 at $path while storage is away, and works again afterwards', async ({ path }) => {
    const before = (await get(path, '')).status;
    for (const reads of [0, 1, 2]) {
      let seen = 0;
      stack.tableProxy.rule = () => (seen++ < reads ? undefined : { kind: 'throttle', retryAfterSeconds: 1 });
      const answer = await once(path, '');
      // Some need no more than these.
      if (answer.status !== before)
        expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, expect.any(String)]);
      expect(reads > 0 || answer.status === 503).toBe(true);
    }
    stack.tableProxy.rule = undefined;
    expect((await get(path, '')).status).toBe(before);
  });
});
