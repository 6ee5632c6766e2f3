/** What operators decide in the console: requests, and incidents. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Admin } from '../../support/admin.ts';
import { adminWith, ownTokenOf } from '../../support/admin.ts';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { press, rule } from '../../support/policy.ts';
import { demoServices, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;
let olga: Person;
let audrey: Person;
let resource: string;

beforeAll(async () => {
  stack = await startStack();
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...args);
  resource = (JSON.parse(stack.settings.RESOURCES ?? '[]') as { identifier: string }[])[0]?.identifier ?? '';
  ({ olga, audrey } = await ruling(stack));
});

afterAll(() => stack.stop());

describe('the queue of requests', () => {
  const asked = async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer, { client_name: 'Reports <b>"of" Fabrikam' });
    await rule(stack, call, { needs_operator: [{ resource, scope: 'vso.code' }] });
    const { url } = service.authorization({ scope: 'vso.code' });
    const page = await alice.visit(url);
    if (page.kind !== 'page') throw new Error('nobody was asked');
    await press(alice, page, 'ask operator');
    return { alice, service, url };
  };

  it('shows who waits for what, and takes an approval that the person can use', async () => {
    const { alice, service, url } = await asked();
    const page = await consoleAt(olga, stack, '/requests');
    expect(page.html).toContain('Reports &lt;b&gt;&quot;of&quot; Fabrikam');
    expect(page.html).toContain('alice@contoso.example');
    expect((await consoleAt(audrey, stack, '/requests')).html).toContain('alice@contoso.example');
    const decided = await sendForm(olga, page, { button: ['decision', 'approve'] });
    expect(decided.html).toContain('Approved.');
    expect((await service.tokens(alice, { scope: 'vso.code' })).scope).toBe('vso.code');
    const late = await sendForm(olga, page, { button: ['decision', 'approve'] });
    expect(late.status).toBe(400);
    expect(late.html).toContain('Nothing was changed.');
    expect((await alice.visit(url)).kind).toBe('departure');
  });

  it('takes a refusal with its reason, which the person reads, and none without', async () => {
    const { alice, url } = await asked();
    const page = await consoleAt(olga, stack, '/requests');
    expect((await sendForm(olga, page, { button: ['decision', 'refuse'] })).status).toBe(400);
    const refused = await sendForm(olga, page, {
      button: ['decision', 'refuse'],
      typed: { reason: 'Ask for less <i>first' },
    });
    expect(refused.html).toContain('Refused.');
    const answer = await alice.visit(url);
    expect(answer.kind === 'page' && answer.html).toContain('Ask for less &lt;i&gt;first');
  });
});

describe('an incident', () => {
  it('voids what a service has, in the name of the operator', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice, { scope: 'vso.work' });
    const page = await consoleAt(olga, stack, '/incidents');
    const { clientId } = service.registration;
    const done = await sendForm(olga, page, { button: ['kind', 'client_id'], typed: { name: clientId } });
    expect(done.html).toContain('is void');
    expect((await service.refresh(tokens.refresh_token)).status).toBe(400);
    const events = await call('GET', `audit?${new URLSearchParams({ client: clientId })}`);
    expect(JSON.stringify(events.body)).toContain('"by":"operator"');
  });

  it('that is everybody’s wants the box ticked', async () => {
    const page = await consoleAt(olga, stack, '/incidents');
    const answer = await sendForm(olga, page, { button: ['kind', 'everyone'] });
    expect(answer.status).toBe(400);
    expect(answer.html).toContain('tick the box');
  });
});

const waitingIn = (html: string): number => Number(/(\d+) requests? waits?/.exec(html)?.[1] ?? 0);

describe('the overview', () => {
  it('says how many wait, what is at work, and up to which day the log is sealed', async () => {
    const before = await consoleAt(audrey, stack);
    expect(before.html).toContain('no day of the last seven is sealed');
    expect(before.html).not.toContain('An order to end authorizations');
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    await rule(stack, call, { needs_operator: [{ resource, scope: 'vso.build' }] });
    const page = await alice.visit(service.authorization({ scope: 'vso.build' }).url);
    if (page.kind !== 'page') throw new Error('nobody was asked');
    await press(alice, page, 'ask operator');
    expect(waitingIn((await consoleAt(olga, stack)).html)).toBe(waitingIn(before.html) + 1);
  });
});
