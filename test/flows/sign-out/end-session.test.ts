/** OpenID Connect RP-Initiated Logout 1.0: a service asks, the person is asked unless it is sure whom it means. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formsIn } from '../../support/forms.ts';
import { personAt, sessionOf, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { okJson, postForm, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const home = 'https://reports.fabrikam.example/signed-out?from=assent';

let stack: Stack;
let service: Service;
let other: Service;

beforeAll(async () => {
  stack = await startStack();
  service = await register(stack.issuer, { post_logout_redirect_uris: [home, 'https://reports.fabrikam.example/'] });
  other = await register(stack.issuer, { post_logout_redirect_uris: ['https://other.example/out'] });
});

afterAll(() => stack.stop());

type Fields = Readonly<Record<string, string | undefined>>;

const address = (fields: Fields): string => {
  const present = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${stack.issuer}/end-session?${new URLSearchParams(present)}`;
};

const signInAt = async (one: Service, person: Person = personAt(stack)) => {
  const tokens = await okJson<TokenSet & { id_token: string }>(one.redeem(await one.code(person, { scope: 'openid' })));
  return { person, hint: tokens.id_token };
};

const isSignedIn = async (person: Person): Promise<boolean> =>
  (await person.send(`${stack.issuer}/authorizations`)).status === 200;

/** The page that asks, and what becomes of it when the person agrees. */
const agree = async (person: Person, asked: Response, url: string): Promise<Response> => {
  const html = await asked.text();
  const form = formsIn(html).find(({ action }) => action === '/end-session');
  if (asked.status !== 200 || form === undefined) throw new Error(`nobody asks: ${asked.status} ${html.slice(-900)}`);
  const body = new URLSearchParams(form.fields.map(({ name, value }): [string, string] => [name, value]));
  const headers = { origin: stack.issuer, 'sec-fetch-site': 'same-origin' };
  return person.send(new URL('/end-session', url), { method: 'POST', body, headers });
};

const expectSentTo = (answer: Response, location: string): void => {
  expect([answer.status, answer.headers.get('location')]).toEqual([303, location]);
};

const expectRefused = async (answer: Response): Promise<string> => {
  expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  expect(answer.headers.getSetCookie()).toEqual([]);
  return answer.text();
};

describe('with an ID token of the session', () => {
  it('[LO01] signs out without a question and goes on at the registered address with the state', async () => {
    const { person, hint } = await signInAt(service);
    const cookie = sessionOf(person);
    const state = 'a b&c=+%2B';
    const answer = await person.send(address({ id_token_hint: hint, post_logout_redirect_uri: home, state }));
    expectSentTo(answer, `${home}&state=a%20b%26c%3D%2B%252B`);
    expect([sessionOf(person), await isSignedIn(person)]).toEqual([undefined, false]);
    const headers = { cookie: `assent-session=${cookie}` };
    const copy = await fetch(`${stack.issuer}/authorizations`, { headers, redirect: 'manual' });
    expect(copy.status).toBe(303);
  });

  it('[LO01] does so when the ID token has expired, when client_id is said as well, and without a place to go on', async () => {
    const { person, hint } = await signInAt(service);
    await stack.clock.move(3_600);
    const { clientId } = service.registration;
    const fields = { id_token_hint: hint, client_id: clientId, logout_hint: 'alice', ui_locales: 'de en' };
    const answer = await person.send(address(fields));
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Sie sind abgemeldet')]);
    expect(await isSignedIn(person)).toBe(false);
    await stack.clock.reset();
    await stack.restartHost();
  });

  it('[LO01] does so by POST of another site, to which browsers add no cookie', async () => {
    const { person, hint } = await signInAt(service);
    const answer = await postForm(`${stack.issuer}/end-session`, {
      id_token_hint: hint,
      post_logout_redirect_uri: home,
      state: 's',
      unknown: 'x',
    });
    const location = new URL(answer.headers.get('location') ?? '', stack.issuer);
    expect([answer.status, [...location.searchParams.keys()]]).toEqual([
      303,
      ['id_token_hint', 'post_logout_redirect_uri', 'state'],
    ]);
    expectSentTo(await person.send(location), `${home}&state=s`);
  });

  it('[LO01] goes on at once when nobody is signed in any more', async () => {
    const { hint } = await signInAt(service);
    const fields = { id_token_hint: hint, post_logout_redirect_uri: home };
    expectSentTo(await personAt(stack).send(address(fields)), home);
    const bare = await fetch(address({ id_token_hint: hint }));
    expect(await bare.text()).toContain('You are signed out');
  });
});

describe('the person is asked', () => {
  const cases: readonly [string, (hint: string) => Fields][] = [
    ['without an ID token', () => ({ client_id: service.registration.clientId })],
    ['without anything', () => ({})],
  ];

  it.each(cases)('[LO02] %s, and stays signed in until they agree', async (_name, fieldsOf) => {
    const { person, hint } = await signInAt(service);
    const url = address(fieldsOf(hint));
    const asked = await person.send(url);
    expect(await isSignedIn(person)).toBe(true);
    const answer = await agree(person, asked, url);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('You are signed out')]);
    expect(await isSignedIn(person)).toBe(false);
  });

  it('[LO02] by the service’s name, and goes on with the state afterwards', async () => {
    const person = await signedInAt(stack);
    const fields = { client_id: service.registration.clientId, post_logout_redirect_uri: home, state: '"><b>' };
    const asked = await person.send(address(fields));
    expect(await asked.clone().text()).toContain('Fabrikam Reports</bdi> has sent you here to sign out');
    expectSentTo(await agree(person, asked, address(fields)), `${home}&state=%22%3E%3Cb%3E`);
  });

  it('[LO02] when the ID token is of another session of theirs, or of somebody else’s', async () => {
    const [{ hint }, { hint: bobs }] = [await signInAt(service), await signInAt(service, personAt(stack, 'bob'))];
    const person = await signedInAt(stack);
    for (const one of [hint, bobs]) {
      const asked = await person.send(address({ id_token_hint: one, post_logout_redirect_uri: home }));
      expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('Sign out?')]);
    }
    expect(await isSignedIn(person)).toBe(true);
  });

  it('[LO02] by a page of our own that only this browser can answer', async () => {
    const person = await signedInAt(stack);
    const body = new URLSearchParams({ decision: 'sign-out', token: 'x' });
    const send = (headers: Record<string, string>) =>
      person.send(`${stack.issuer}/end-session`, { method: 'POST', body, headers });
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send({ origin: stack.issuer, 'sec-fetch-site': 'same-origin' })).status).toBe(403);
    expect(await isSignedIn(person)).toBe(true);
  });
});

describe('nobody is sent anywhere, or signed out', () => {
  const wrong: readonly [string, (hint: string) => Fields][] = [
    [
      'an address that is not registered',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://evil.test/' }),
    ],
    ['one with more in its query', (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: `${home}&x=1` })],
    [
      'one in another spelling',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://reports.fabrikam.example' }),
    ],
    [
      'the redirect URI of its sign-ins',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: service.registration.redirectUri }),
    ],
    [
      'another client’s address',
      (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: 'https://other.example/out' }),
    ],
    ['an address and nobody who asks', () => ({ post_logout_redirect_uri: home })],
    [
      'an ID token for another client',
      (hint) => ({
        id_token_hint: hint,
        client_id: other.registration.clientId,
        post_logout_redirect_uri: 'https://other.example/out',
      }),
    ],
    ['an altered ID token', (hint) => ({ id_token_hint: `${hint.slice(0, -4)}AAAA`, post_logout_redirect_uri: home })],
    ['an ID token without a signature', (hint) => ({ id_token_hint: `${hint.split('.').slice(0, 2).join('.')}.` })],
    ['what is no token', () => ({ id_token_hint: 'x', client_id: service.registration.clientId })],
    ['an unknown client', () => ({ client_id: 'nobody' })],
  ];

  it.each(wrong)('[OI05][LO03] with %s', async (_name, fieldsOf) => {
    const { person, hint } = await signInAt(service);
    const text = await expectRefused(await person.send(address(fieldsOf(hint))));
    expect(text).toContain('href="/sign-out"');
    expect(text).not.toContain('evil.test');
    expect(await isSignedIn(person)).toBe(true);
  });

  it('[LO03] with a parameter twice, or an access token for a hint', async () => {
    const { person, hint } = await signInAt(service);
    await expectRefused(await person.send(`${address({ id_token_hint: hint })}&id_token_hint=${hint}`));
    const { access_token: token } = await service.tokens(person, { scope: 'openid' });
    await expectRefused(await person.send(address({ id_token_hint: token })));
  });

  it('[LO03] to a service that an operator has blocked', async () => {
    const blocked = await register(stack.issuer, { post_logout_redirect_uris: [home], assent_blocked: true });
    const fields = { client_id: blocked.registration.clientId, post_logout_redirect_uri: home };
    await expectRefused(await (await signedInAt(stack)).send(address(fields)));
  });

  it('[LO03] by what nobody looks at', async () => {
    const { person, hint } = await signInAt(service);
    for (const headers of [
      { 'sec-fetch-dest': 'iframe' },
      { 'sec-fetch-dest': 'empty' },
      { 'sec-purpose': 'prefetch' },
    ]) {
      const answer = await person.send(address({ id_token_hint: hint }), { headers });
      expect(answer.status).toBe(403);
    }
    expect(await isSignedIn(person)).toBe(true);
  });
});

it('[LO04] is registered with addresses that a browser can be sent to, and said in the metadata', async () => {
  for (const uri of [
    '/out',
    'https://a.example/#x',
    'javascript:alert(1)',
    'http://a.example/',
    'https://a.example/?state=1',
  ])
    await expect(register(stack.issuer, { post_logout_redirect_uris: [uri] })).rejects.toThrow(
      'invalid_client_metadata',
    );
  for (const uri of ['http://a.example/told', 'https://a.example/told#x', 'told'])
    await expect(register(stack.issuer, { backchannel_logout_uri: uri })).rejects.toThrow('invalid_client_metadata');
  for (const path of ['oauth-authorization-server', 'openid-configuration'])
    expect(await okJson(fetch(`${stack.issuer}/.well-known/${path}`))).toMatchObject({
      end_session_endpoint: `${stack.issuer}/end-session`,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    });
});

it('[LO01] an ID token names one session: its sid is not that of the same person elsewhere', async () => {
  const [one, two] = [await signInAt(service), await signInAt(service)];
  expect(decodeJwt(one.hint).sid).not.toBe(decodeJwt(two.hint).sid);
  await one.person.send(address({ id_token_hint: one.hint }));
  expect([await isSignedIn(one.person), await isSignedIn(two.person)]).toEqual([false, true]);
});
