/** RFC 6265 §6.1: a browser in many tabs at once can always sign in, whatever the services made it remember. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirectOf } from '../../support/answer.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;

beforeAll(async () => {
  stack = await startStack();
  web = demoServices(stack.issuer).web;
});

afterAll(() => stack.stop());

const tabs = 12;
/** Random, so that it cannot be made shorter. */
const longState = (): string => randomBytes(2_100).toString('base64url');
const ask = (state: string): string => web.authorization({ state }).url;

/** Bytes that the sign-ins under way add to every request of this browser. */
const bytesOf = (person: Person): number =>
  [...(person.cookies.get('localhost') ?? [])]
    .filter(([name]) => name.includes('signin-'))
    .reduce((sum, [name, value]) => sum + `${name}=${value}; `.length, 0);

/** From the provider's address in this tab to where the tab is led after its sign-in. */
const finish = async (person: Person, atProvider: URL): Promise<string> => {
  let url = atProvider;
  for (let hop = 0; hop < 10 && url.pathname !== '/sign-in/callback'; hop++) {
    const response = await person.send(url);
    const [form] = response.headers.has('location') ? [] : formsIn(await response.text());
    const body = new URLSearchParams({ login: person.login, password: 'any' });
    const answer =
      form === undefined ? response : await person.send(new URL(form.action, url), { method: 'POST', body });
    url = new URL(answer.headers.get('location') ?? '', url);
  }
  const back = await person.send(url);
  return back.headers.get('location')?.split('?')[0] ?? /<h1>(.*?)<\/h1>/.exec(await back.text())?.[1] ?? '';
};

describe('twelve tabs that sign in', () => {
  it('[CO26] all come back when their requests are of the usual length', async () => {
    const person = personAt(stack);
    const begun: URL[] = [];
    for (let tab = 0; tab < tabs; tab++) begun.push(await redirectOf(ask('short'), person));
    const ends: string[] = [];
    for (const one of begun) ends.push(await finish(person, one));
    expect(ends).toEqual(begun.map(() => '/authorize'));
  });

  it('[CO26] one after the other with long requests: the newest come back, the oldest are told to start again', async () => {
    const person = personAt(stack);
    const begun: URL[] = [];
    for (let tab = 0; tab < tabs; tab++) {
      begun.push(await redirectOf(ask(longState()), person));
      expect(bytesOf(person)).toBeLessThan(10_240);
      await stack.clock.move(1);
    }
    const ends: string[] = [];
    for (const one of begun) ends.push(await finish(person, one));
    expect(ends.slice(-2)).toEqual(['/authorize', '/authorize']);
    expect(ends[0]).toContain('not begun here');
    await stack.clock.reset();
  });

  it('[CO26] at once with long requests, none of which knows of another: some come back, and none is locked out', async () => {
    const person = personAt(stack);
    const asked = Array.from({ length: tabs }, () => ask(longState()));
    const begun = await Promise.all(asked.map((url) => redirectOf(url, person)));
    expect(bytesOf(person)).toBeLessThan(10_240);
    const ends: string[] = [];
    for (const one of begun) ends.push(await finish(person, one));
    expect(ends.filter((end) => end === '/authorize').length).toBeGreaterThanOrEqual(1);
    expect(ends.every((end) => end === '/authorize' || end.includes('not begun here'))).toBe(true);
  });
});
