/** A person sees the browsers in which they are signed in, and ends any of them, or all. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formTokenIn, pageOf, submitOn, textOf } from '../../support/managing.ts';
import { type Login, personAt, signedInAt } from '../../support/people.ts';
import { createPerson, type Page, type Person } from '../../support/person.ts';
import { isActive, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { startTold, type Told } from '../../support/told.ts';

let stack: Stack;
let told: Told;

beforeAll(async () => {
  [stack, told] = await Promise.all([startStack(), startTold()]);
});

afterAll(() => Promise.all([stack.stop(), told.stop()]));

const listOf = (person: Person): Promise<Page> => pageOf(person, `${stack.issuer}/sessions`);

const idsIn = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/name="session" value="([^"]+)"/g)].map(([, id = '']) => id);

const rowsIn = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, row = '']) => textOf({ html: row }).trim());

/** True if the browser is signed in; asks without following, so that nothing signs it in again. */
const isSignedIn = async (person: Person): Promise<boolean> =>
  (await person.send(`${stack.issuer}/sessions`)).status === 200;

const agents = {
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
  safari:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
} as const;

/** Signed in with a browser of that name, from there. */
const signedInWith = async (agent: keyof typeof agents, from: string, login: Login = 'alice'): Promise<Person> => {
  const headers = { 'user-agent': agents[agent], 'x-forwarded-for': from };
  const { issuer, provider } = stack;
  const person = createPerson({ login, issuer, providerIssuer: provider.issuer, headers });
  await listOf(person);
  return person;
};

describe('a person’s sessions', () => {
  it('are listed with what the browser calls itself, roughly from where, and which one this is', async () => {
    const before = await signedInAt(stack);
    await submitOn(before, await listOf(before), ['/sessions/end-all']);
    const phone = await signedInWith('safari', '198.51.100.7');
    await stack.clock.move(60);
    const desk = await signedInWith('firefox', '2001:db8:7:8::9');
    const rows = rowsIn(await listOf(desk));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/^Firefox on Linux This one Last seen .* signed in .* from 2001:db8:7::\/48/);
    expect(rows[1]).toMatch(/^Safari on iOS Last seen .* from 198\.51\.100\.0\/24/);
    expect(rowsIn(await listOf(phone)).filter((row) => row.includes('This one'))).toEqual([
      expect.stringContaining('Safari on iOS'),
    ]);
    expect((await listOf(desk)).html).not.toContain('198.51.100.7');
  });

  it('are nobody else’s to see or to end', async () => {
    const victim = await signedInWith('firefox', '198.51.100.7', 'bob');
    const [own = ''] = idsIn(await listOf(victim));
    const other = await signedInWith('firefox', '198.51.100.7', 'audrey');
    const list = await listOf(other);
    expect(idsIn(list)).not.toContain(own);
    const answer = await other.send(`${stack.issuer}/sessions/end`, {
      method: 'POST',
      body: new URLSearchParams({ token: formTokenIn(list), session: own }),
      headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
    });
    expect(textOf({ html: await answer.text() })).toContain('That session had ended already.');
    expect(await isSignedIn(victim)).toBe(true);
  });

  it('end one by one: the others go on, and services of that browser alone are told', async () => {
    const service = await register(stack.issuer, { backchannel_logout_uri: told.uri });
    const lost = personAt(stack, 'olga');
    const tokens = await service.tokens(lost, { scope: 'openid vso.work' });
    const own = await signedInAt(stack, 'olga');
    const kept = await service.tokens(own, { scope: 'openid vso.work' });
    const list = await listOf(own);
    const mine = rowsIn(list).findIndex((row) => row.includes('This one'));
    const other = idsIn(list).find((_, index) => index !== mine) ?? '';
    const after = await submitOn(own, list, ['/sessions/end', { session: other }]);
    expect(textOf(after)).toContain('The session has ended.');
    expect(rowsIn(after)).toHaveLength(1);
    expect([await isSignedIn(lost), await isSignedIn(own)]).toEqual([false, true]);
    expect((await service.refresh(tokens.refresh_token)).status).toBe(400);
    expect(await isActive(service, kept.refresh_token)).toBe(true);
    const audience = service.registration.clientId;
    const sids = told.deliveries
      .map(({ body }) => decodeJwt(body.get('logout_token') ?? ''))
      .filter(({ aud }) => aud === audience)
      .map(({ sid }) => sid);
    expect(sids).toEqual([decodeJwt((tokens as unknown as { id_token: string }).id_token).sid]);
    // This one too, which leaves the page.
    const end = await submitOn(own, after, ['/sessions/end', { session: idsIn(after)[0] ?? '' }]);
    expect(textOf(end)).toContain('You are signed out');
    expect(await isSignedIn(own)).toBe(false);
  });

  it('end all at once, this one too; services are told, and what they may do without the person goes on', async () => {
    const service = await register(stack.issuer, { backchannel_logout_uri: told.uri });
    const [first, second, own] = [personAt(stack, 'bob'), personAt(stack, 'bob'), personAt(stack, 'bob')];
    for (const person of [first, second, own]) await service.tokens(person, { scope: 'openid' });
    const offline = await service.tokens(own, { scope: 'openid vso.work offline_access' });
    const plain = await service.tokens(own, { scope: 'vso.work' });
    const end = await submitOn(own, await listOf(own), ['/sessions/end-all']);
    expect(textOf(end)).toContain('You are signed out');
    expect(await Promise.all([first, second, own].map(isSignedIn))).toEqual([false, false, false]);
    const tokens = told.deliveries.map(({ body }) => decodeJwt(body.get('logout_token') ?? ''));
    const sids = tokens.filter(({ aud }) => aud === service.registration.clientId).map(({ sid }) => sid);
    expect(new Set(sids).size).toBe(3);
    for (const { refresh_token } of [offline, plain]) expect((await service.refresh(refresh_token)).status).toBe(200);
  });

  it('that are over or were ended elsewhere are not listed, and ending one of those is fine', async () => {
    const [one, own] = [await signedInAt(stack, 'audrey'), await signedInAt(stack, 'audrey')];
    const [gone = ''] = idsIn(await listOf(own));
    await submitOn(one, await listOf(one), ['/sessions/end-all']);
    expect(await isSignedIn(own)).toBe(false);
    const again = await signedInAt(stack, 'audrey');
    const page = await listOf(again);
    expect(rowsIn(page)).toHaveLength(1);
    const answer = await again.send(`${stack.issuer}/sessions/end`, {
      method: 'POST',
      body: new URLSearchParams({ token: formTokenIn(page), session: gone }),
      headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
    });
    expect([answer.status, textOf({ html: await answer.text() })]).toEqual([
      200,
      expect.stringContaining('That session had ended already.'),
    ]);
  });
});
