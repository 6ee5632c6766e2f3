/** The platform takes no address of more than 4,096 characters: ours never are, however a request was spelled. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirectOf } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { sendRaw } from '../../support/raw.ts';
import { demoServices, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  web = demoServices(stack.issuer).web;
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const addressLimit = 4_096;

/** A request with the state as it is, not escaped, as some libraries send it. */
const askRaw = (state: string): string =>
  `${web.authorization({ state: undefined, prompt: 'consent' }).url}&state=${state}`;

const refusalAt = (location: URL): unknown => [
  location.href.startsWith(`${web.registration.redirectUri}?`),
  location.searchParams.get('error'),
  location.searchParams.get('iss'),
];
const refused = () => [true, 'invalid_request', stack.issuer];

describe('a request that grows when it is repeated', () => {
  const fits: readonly [string, string][] = [
    ['of slashes and colons, which need no escape', 'https://a.example/b?c@d,e$'.repeat(60)],
    ['of plain letters', 'x'.repeat(2_000)],
  ];

  it.each(fits)(
    '[AZ28] with a state %s goes through sign-in and approval and back, never over the limit',
    async (_name, raw) => {
      const person = personAt(stack);
      const page = await approvalPageOf(person, askRaw(raw));
      // Where the callback led.
      expect(page.url.href.length).toBeLessThanOrEqual(addressLimit);
      const end = await person.decide(page, { decision: 'approve' });
      expect(end.kind === 'departure' && end.location.searchParams.get('state')).toBe(raw);
    },
  );

  it('[AZ28] beyond the limit is refused at the service at once, signed in or not', async () => {
    const path = askRaw('|'.repeat(1_400)).slice(stack.issuer.length);
    expect(path.length).toBeLessThan(2_000);
    const cookie = [...(alice.cookies.get('localhost') ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
    for (const headers of [{}, { cookie }]) {
      const answer = await sendRaw(stack.issuer, path, { headers });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([303, undefined]);
      expect(refusalAt(new URL(answer.headers.location ?? ''))).toEqual(refused());
    }
  });

  it('[AZ28] by POST is refused at the service, and on a page where nobody can tell which service it is', async () => {
    const post = (fields: URLSearchParams) =>
      fetch(`${stack.issuer}/authorize`, { method: 'POST', body: fields, redirect: 'manual' });
    const fields = new URL(web.authorization({ state: 'x'.repeat(4_500) }).url).searchParams;
    const answer = await post(fields);
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get('location') ?? '');
    expect(refusalAt(location)).toEqual(refused());
    expect(location.searchParams.get('state')).toHaveLength(4_500);
    fields.set('redirect_uri', 'https://evil.test/');
    await expectErrorPage(await post(fields));
  });

  it('by POST that fits is repeated as an address that fits, escapes and all', async () => {
    const fields = new URL(web.authorization({ state: '|'.repeat(900) }).url).searchParams;
    const answer = await fetch(`${stack.issuer}/authorize`, { method: 'POST', body: fields, redirect: 'manual' });
    const location = answer.headers.get('location') ?? '';
    expect(`${stack.issuer}${location}`.length).toBeLessThanOrEqual(addressLimit);
    expect((await redirectOf(`${stack.issuer}${location}`)).origin).toBe(stack.provider.issuer);
  });
});
