/**
 * What the OpenID Foundation's conformance suite tries in its plans for RP-initiated and back-channel logout, module by module
 * under the names that it has there.
 */
import { decodeJwt, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { redirectOf } from '../../support/answer.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { okJson, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { startTold, type Told } from '../../support/told.ts';

const home = 'https://suite.example/test/a/assent/post_logout_redirect';

let stack: Stack;
let told: Told;
let client: Service;

beforeAll(async () => {
  [stack, told] = await Promise.all([startStack(), startTold()]);
  client = await register(stack.issuer, {
    redirect_uris: ['https://suite.example/test/a/assent/callback'],
    post_logout_redirect_uris: [home],
    backchannel_logout_uri: told.uri,
    backchannel_logout_session_required: true,
  });
});

afterAll(() => Promise.all([stack.stop(), told.stop()]));

type Request = Readonly<Record<string, string>>;

/** The authorization flow that comes before each of them, and its ID token. */
const signIn = async (): Promise<{ readonly person: Person; readonly hint: string }> => {
  const person = personAt(stack);
  const code = await client.code(person, { scope: 'openid' });
  return { person, hint: (await okJson<TokenSet & { id_token: string }>(client.redeem(code))).id_token };
};

const withoutSignature = (token: string): string => new UnsecuredJWT(decodeJwt(token)).encode();

/** Module -> its request beside the state, and where it leads: back, to a page, or to one that refuses. */
const modules: Readonly<Record<string, readonly [(hint: string) => Request, 'back' | 'page' | 'refused']>> = {
  'oidcc-rp-initiated-logout': [
    (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: home, state: 's' }),
    'back',
  ],
  'oidcc-rp-initiated-logout-no-state': [(hint) => ({ id_token_hint: hint, post_logout_redirect_uri: home }), 'back'],
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri': [
    (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: `${home}/foo`, state: 's' }),
    'refused',
  ],
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri': [
    (hint) => ({ id_token_hint: hint, post_logout_redirect_uri: `${home}?foo=bar`, state: 's' }),
    'refused',
  ],
  'oidcc-rp-initiated-logout-modified-id-token-hint': [
    (hint) => ({ id_token_hint: withoutSignature(hint), post_logout_redirect_uri: home, state: 's' }),
    'refused',
  ],
  'oidcc-rp-initiated-logout-bad-id-token-hint': [
    (hint) => ({ id_token_hint: `${hint.slice(0, -8)}AAAAAAAA`, post_logout_redirect_uri: home, state: 's' }),
    'refused',
  ],
  'oidcc-rp-initiated-logout-no-id-token-hint': [() => ({ post_logout_redirect_uri: home, state: 's' }), 'refused'],
  'oidcc-rp-initiated-logout-no-params': [() => ({}), 'page'],
  'oidcc-rp-initiated-logout-only-state': [() => ({ state: 's' }), 'page'],
  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri': [(hint) => ({ id_token_hint: hint, state: 's' }), 'page'],
};

it.each(Object.entries(modules))('[LO01][LO02][LO03] %s', async (_name, [requestOf, expected]) => {
  const { person, hint } = await signIn();
  const request = requestOf(hint);
  const answer = await person.send(`${stack.issuer}/end-session?${new URLSearchParams(request)}`);
  const state = request.state === undefined ? '' : `?state=${request.state}`;
  const ends = { back: [303, `${home}${state}`], page: [200, null], refused: [400, null] } as const;
  expect([answer.status, answer.headers.get('location')]).toEqual(ends[expected]);
});

it('[LO04] oidcc-rp-initiated-logout-discovery-endpoint-verification, oidcc-backchannel-logout-discovery-endpoint-verification', async () => {
  expect(await okJson(fetch(`${stack.issuer}/.well-known/openid-configuration`))).toMatchObject({
    end_session_endpoint: `${stack.issuer}/end-session`,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

it('[LO01][LO05] oidcc-backchannel-rp-initiated-logout', async () => {
  const { person, hint } = await signIn();
  const before = told.deliveries.length;
  const request = { id_token_hint: hint, post_logout_redirect_uri: home, state: 's' };
  const back = await redirectOf(`${stack.issuer}/end-session?${new URLSearchParams(request)}`, person);
  expect(back.href).toBe(`${home}?state=s`);
  const [delivery, ...others] = told.deliveries.slice(before);
  expect(others).toEqual([]);
  expect([...(delivery?.body.keys() ?? [])]).toEqual(['logout_token']);
  const { iss, aud, sub, sid } = decodeJwt(hint);
  expect(decodeJwt(delivery?.body.get('logout_token') ?? '')).toMatchObject({ iss, aud, sub, sid });
  const silently = await redirectOf(client.authorization({ scope: 'openid', prompt: 'none' }).url, person);
  expect(silently.searchParams.get('error')).toBe('login_required');
});
