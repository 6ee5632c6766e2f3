/** RFC 6749 §4.1.2.1: a person is told what went wrong in words for people, and has a way on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirectOf } from '../../support/answer.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
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

const ask = (changes: Readonly<Record<string, string | undefined>> = {}): string =>
  web.authorization({ state: 'state-1', ...changes }).url;

const post = (path: string, body: string | URLSearchParams, headers: Record<string, string> = {}): Promise<Response> =>
  alice.send(`${stack.issuer}${path}`, { method: 'POST', body, headers });

/** What is to be read on the page, without its markup. */
const textOf = (html: string): string => html.replace(/<(style|head)\b.*?<\/\1>|<[^>]*>/gs, ' ');

/** What only somebody who knows the protocol understands. */
const wireWords = /\w_\w|\b(?:client|uri|parameters?|encoded|media type|x-www)\b|invalid|Error \d|\b40\d\b/i;

const refused: readonly [string, () => Promise<Response>, string][] = [
  ['an unregistered redirect', () => alice.send(ask({ redirect_uri: 'https://evil.test/' })), 'not set up correctly'],
  ['an unknown client', () => alice.send(ask({ client_id: 'nobody' })), 'do not know this service'],
  ['no client', () => alice.send(ask({ client_id: undefined })), 'do not know this service'],
  ['a redirect sent twice', () => alice.send(`${ask()}&redirect_uri=x`), 'not set up correctly'],
  ['a client sent twice', () => alice.send(`${ask()}&client_id=x`), 'cannot be answered'],
  ['a frame', () => alice.send(ask(), { headers: { 'sec-fetch-dest': 'iframe' } }), 'window of its own'],
  ['a form of elsewhere', () => post('/consent', '', { origin: 'https://evil.test' }), 'not allowed'],
  ['a form that is too old', () => post('/authorizations/revoke', new URLSearchParams({ token: 'x' })), 'too old'],
  ['another type of body', () => post('/consent', '{}', { 'content-type': 'application/json' }), 'cannot be answered'],
  ['a body that is too long', () => post('/consent', new URLSearchParams({ x: 'x'.repeat(300_000) })), 'too long'],
  ['an address where nothing is', () => alice.send(`${stack.issuer}/nothing`), 'nothing here'],
  ['a method that is not for it', () => alice.send(ask(), { method: 'DELETE' }), 'cannot be answered'],
];

describe('a page that refuses', () => {
  it.each(refused)('[CO28] says so in words for people: %s', async (_name, send, words) => {
    const text = textOf(await (await send()).text());
    expect(text).toContain(words);
    expect(text).not.toMatch(wireWords);
  });

  it('[RU16] tells whom to tell when a service is not set up correctly, and does not lead there', async () => {
    const html = await (await alice.send(ask({ redirect_uri: 'https://evil.test/' }))).text();
    expect(html).toContain('tell the people who run the service');
    expect(html).not.toContain('evil.test');
  });
});

describe('a person who gives up at the sign-in provider', () => {
  const giveUp = async (person: Person): Promise<Page> => {
    const state = (await redirectOf(ask(), person)).searchParams.get('state') ?? '';
    const query = new URLSearchParams({ error: 'access_denied', state, iss: stack.provider.issuer });
    return (await person.visit(`${stack.issuer}/sign-in/callback?${query}`)) as Page;
  };

  it('[CO28] can go back to the service, which hears access_denied with its state and iss', async () => {
    const person = personAt(stack);
    const page = await giveUp(person);
    expect(page.html).toContain('Nothing has been shared');
    expect(page.headers.get('content-security-policy')).not.toContain('form-action');
    const [form] = formsIn(page.html);
    if (form === undefined) throw new Error('there is no way back');
    const end = await person.submit(page, form, new URLSearchParams({ decision: 'deny' }));
    expect(end.kind === 'departure' && [end.location.href.split('?')[0], end.status]).toEqual([
      web.registration.redirectUri,
      303,
    ]);
    expect(end.kind === 'departure' && Object.fromEntries(end.location.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'state-1',
      iss: stack.issuer,
    });
  });

  it('can try again, and is asked', async () => {
    const person = personAt(stack);
    const { html } = await giveUp(person);
    const again = /href="(\/authorize\?[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const page = (await person.visit(`${stack.issuer}${again}`)) as Page;
    expect(page.html).toContain('to act for you?');
  });
});
