/** An approval page that is answered too late, or with nothing ticked: a refusal counts, the ticks stay, nothing is guessed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalOf, approvalPageOf, sendApproval } from '../../support/approval.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import { approvalForm, type Page, type Person } from '../../support/person.ts';
import { okJson, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let service: Service;
let alice: Person;

const metadata = {
  client_name: 'Fabrikam Reports',
  redirect_uris: ['https://reports.fabrikam.example/callback'],
  scope: 'vso.work vso.code vso.build',
};

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
  service = await register(stack.issuer, metadata);
});

afterAll(() => stack.stop());

const ask = (changes: Readonly<Record<string, string>> = {}) =>
  service.authorization({ prompt: 'consent', state: 's', scope: 'vso.work vso.code vso.build', ...changes });

const pageOf = (person: Person): Promise<Page> => approvalPageOf(person, ask().url);

const ticksOn = (page: Page): readonly string[] =>
  (approvalForm(page)?.fields ?? [])
    .filter(({ name, checked }) => name === 'permission' && checked)
    .map(({ value }) => value);

/** The page that answers Approve with these ticks. */
const approveWith = async (person: Person, page: Page, permissions: readonly string[]): Promise<Page> => {
  const arrival = await person.decide(page, { decision: 'approve', permissions });
  if (arrival.kind !== 'page') throw new Error(`a page was expected, not ${arrival.location.href}`);
  return arrival;
};

const denial = { error: 'access_denied', state: 's' };

describe('Deny', () => {
  const cases: readonly [string, () => Promise<readonly [Person, Page]>][] = [
    ['on a page that is too old', async () => [alice, await pageOf(alice)]],
    [
      'after somebody else has signed in',
      async () => {
        const person = await signedInAt(stack);
        const page = await pageOf(person);
        person.login = 'bob';
        await person.visit(ask({ prompt: 'select_account' }).url);
        return [person, page];
      },
    ],
    ['when nobody is signed in any more', async () => [personAt(stack), await pageOf(alice)]],
  ];

  it.each(cases)('[CO22] tells the service, with state and iss, %s', async (_name, prepare) => {
    const [person, page] = await prepare();
    await stack.clock.move(1_801);
    const end = await person.decide(page, { decision: 'deny' });
    await stack.clock.reset();
    expect(end.kind === 'departure' && Object.fromEntries(end.location.searchParams)).toMatchObject({
      ...denial,
      iss: stack.issuer,
    });
  });

  it('[CO07] of another site is nobody’s answer', async () => {
    const page = await pageOf(alice);
    const fields = approvalOf(page);
    fields.set('decision', 'deny');
    const answer = await sendApproval(alice, page, fields, { 'sec-fetch-site': 'cross-site' });
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
  });
});

describe('an approval that comes too late', () => {
  it('[CO22] shows the page once more with the person’s own ticks and says why; approving that one works', async () => {
    const { url, verifier } = ask();
    const page = await approvalPageOf(alice, url);
    await stack.clock.move(1_801);
    const again = await approveWith(alice, page, ['vso.code']);
    expect([again.status, ticksOn(again)]).toEqual([200, ['vso.code']]);
    expect(again.html).toContain('Nothing has been approved yet');
    const end = await alice.decide(again, { decision: 'approve' });
    const code = end.kind === 'departure' ? (end.location.searchParams.get('code') ?? '') : '';
    expect(await okJson(service.redeem({ code, verifier }))).toMatchObject({ scope: 'vso.code' });
    await stack.clock.reset();
  });

  it('does so too when what the person allows the service has changed in another tab', async () => {
    const [page, other] = [await pageOf(alice), await pageOf(alice)];
    await alice.decide(other, { decision: 'approve' });
    const again = await approveWith(alice, page, ['vso.work']);
    expect(ticksOn(again)).toEqual(['vso.work']);
    expect(again.html).toContain('has changed meanwhile');
  });
});

describe('Approve with nothing ticked', () => {
  it('[CO22] stays on the page, with a sentence that says what to do, and no box ticked behind the person’s back', async () => {
    const again = await approveWith(alice, await pageOf(alice), []);
    expect([again.status, ticksOn(again)]).toEqual([200, []]);
    expect(again.html).toContain('Tick at least one permission');
    expect(formsIn(again.html).some(({ fields }) => fields.some(({ value }) => value === 'deny'))).toBe(true);
    const end = await alice.decide(again, { decision: 'approve', permissions: ['vso.work'] });
    expect(end.kind === 'departure' && end.location.searchParams.has('code')).toBe(true);
  });
});
