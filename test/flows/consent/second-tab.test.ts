/** A person who signs in again in a second tab: what the first tab shows stays theirs to answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalPageOf, codeIn, sendApproval } from '../../support/approval.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt, sessionOf, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { demoServices, okJson, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  web = demoServices(stack.issuer).web;
});

afterAll(() => stack.stop());

const pageOf = (person: Person, service = web): Promise<Page> =>
  approvalPageOf(person, service.authorization({ prompt: 'consent' }).url);

const signInAgain = async (person: Person): Promise<void> => {
  await person.visit(`${stack.issuer}/sign-in`);
};

const pageAt = async (person: Person, path: string): Promise<Page> => {
  const page = await person.visit(`${stack.issuer}${path}`);
  if (page.kind !== 'page') throw new Error('a page was expected');
  return page;
};

/** Sends the page's form for this address, untouched. */
const press = async (person: Person, page: Page, action: string): Promise<Page> => {
  const form = formsIn(page.html).find((one) => one.action === action);
  if (form === undefined) throw new Error(`no form for ${action}`);
  const arrival = await person.submit(page, form);
  if (arrival.kind !== 'page') throw new Error('a page was expected');
  return arrival;
};

describe('signing in again in a second tab of one browser', () => {
  it('[CO23] leaves the approval page of the first tab answerable, and ends the former session', async () => {
    const alice = await signedInAt(stack);
    const former = sessionOf(alice);
    const { url, verifier } = web.authorization({ prompt: 'consent' });
    const page = await approvalPageOf(alice, url);
    for (const _time of ['once', 'twice']) await signInAgain(alice);
    const code = codeIn(await sendApproval(alice, page)) ?? '';
    expect((await okJson(web.redeem({ code, verifier }))).scope).toBe('vso.code vso.work');
    alice.cookies.get('localhost')?.set('assent-session', former ?? '');
    expect((await alice.send(`${stack.issuer}/authorizations`)).status).toBe(303);
  });

  it('[CO23] leaves the forms that revoke and sign out good', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer, { client_name: 'Tailspin Reports' });
    await service.code(alice);
    const [list, leave] = [await pageAt(alice, '/authorizations'), await pageAt(alice, '/sign-out')];
    await signInAgain(alice);
    expect((await press(alice, list, '/authorizations/revoke')).html).toContain('lost its access');
    expect((await press(alice, leave, '/sign-out')).html).toContain('You are signed out');
  });

  it('[CO08] does not when somebody else signed in between', async () => {
    const person = await signedInAt(stack);
    const page = await pageOf(person);
    for (const login of ['bob', 'alice']) {
      person.login = login;
      await person.visit(web.authorization({ prompt: 'select_account' }).url);
    }
    expect((await pageAt(person, '/authorizations')).html).toContain('alice@contoso.example');
    await expectErrorPage(await sendApproval(person, page));
  });

  it('[CO07] does not after signing out, in another browser, or with a cookie that was put together', async () => {
    const alice = await signedInAt(stack);
    const page = await pageOf(alice);
    const cookie = Buffer.from(sessionOf(alice) ?? '', 'base64url');
    await press(alice, await pageAt(alice, '/sign-out'), '/sign-out');
    await signInAgain(alice);
    await expectErrorPage(await sendApproval(alice, page));
    const other = personAt(stack);
    const planted = Buffer.concat([cookie.subarray(0, 32), Buffer.alloc(32, 1), cookie.subarray(64)]);
    other.cookies.set('localhost', new Map([['assent-session', planted.toString('base64url')]]));
    await signInAgain(other);
    await expectErrorPage(await sendApproval(other, page));
    const own = Buffer.from(sessionOf(other) ?? '', 'base64url');
    const swapped = Buffer.concat([own.subarray(0, 64), cookie.subarray(64)]).toString('base64url');
    other.cookies.get('localhost')?.set('assent-session', swapped);
    expect((await other.send(`${stack.issuer}/authorizations`)).status).toBe(303);
  });

  it('takes two storage transactions: the former session, and one batch', async () => {
    const alice = await signedInAt(stack);
    const session = sessionOf(alice);
    const before = stack.tableProxy.requests.length;
    await signInAgain(alice);
    expect(sessionOf(alice)).not.toBe(session);
    const made = stack.tableProxy.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    // The list of authorizations, where the sign-in ends, takes two of its own.
    expect(made.filter((request) => !request.includes('not-before'))).toHaveLength(4);
  });
});
