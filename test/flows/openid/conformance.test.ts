/**
 * What the OpenID Foundation's conformance suite tries in its plan "basic", module by module under the names that it has there:
 * a confidential client that knows nothing of PKCE.
 */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let basic: Service;
let other: Service;
let alice: Person;

const client = { scope: '', assent_require_pkce: false } as const;

beforeAll(async () => {
  stack = await startStack();
  basic = await register(stack.issuer, { ...client, redirect_uris: ['https://suite.example/callback?of=a&plan'] });
  other = await register(stack.issuer, { ...client, token_endpoint_auth_method: 'client_secret_post' });
});

beforeEach(async () => {
  alice = await signedInAt(stack, 'alice');
});

afterAll(() => stack.stop());

type Parameters = Readonly<Record<string, string | undefined>>;

const urlOf = (parameters: Parameters, service: Service): string =>
  service.authorization({
    scope: 'openid',
    nonce: 'nonce-of-the-suite',
    code_challenge: undefined,
    code_challenge_method: undefined,
    ...parameters,
  }).url;

const answerTo = async (parameters: Parameters = {}, { person = alice, service = basic } = {}) => {
  const answer = await person.authorize(urlOf(parameters, service));
  expect(answer.searchParams.getAll('iss')).toEqual([stack.issuer]);
  expect(answer.href).toMatch(service === basic ? /^https:\/\/suite\.example\/callback\?of=a&plan&/ : /^https:/);
  return answer.searchParams;
};

const redeem = (code: string, service = basic) => service.token({ grant_type: 'authorization_code', code });

const tokensFor = async (parameters: Parameters = {}, service = basic): Promise<TokenSet> =>
  okJson<TokenSet>(redeem((await answerTo(parameters, { service })).get('code') ?? '', service));

const claimsOf = ({ id_token: token = '' }: TokenSet) => decodeJwt(token);

const userinfo = (token: string, init: RequestInit = {}) =>
  fetch(`${stack.issuer}/userinfo`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

const expectClaims = async (scope: string, names: readonly string[]): Promise<void> => {
  const { access_token: token } = await tokensFor({ scope });
  expect(Object.keys(await okJson(userinfo(token))).sort()).toEqual(['sub', ...names].sort());
};

const expectSignIn = (parameters: Parameters) => async () => {
  const claims = claimsOf(await tokensFor(parameters));
  expect(claims).toMatchObject({ iss: stack.issuer, aud: basic.registration.clientId, nonce: 'nonce-of-the-suite' });
};

const expectReuse = async (seconds: number): Promise<void> => {
  const code = (await answerTo()).get('code') ?? '';
  const { access_token: token } = await okJson<TokenSet>(redeem(code));
  await stack.clock.move(seconds);
  expect(await refusalOf(redeem(code))).toEqual({ status: 400, error: 'invalid_grant' });
  expect((await userinfo(token)).status).toBe(401);
  await stack.clock.reset();
};

const profile = ['name', 'given_name', 'family_name', 'preferred_username'];
const email = ['email', 'email_verified'];

const modules: Readonly<Record<string, () => Promise<void>>> = {
  'oidcc-server': async () => {
    const tokens = await tokensFor();
    expect(decodeProtectedHeader(tokens.id_token ?? '')).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
    expect(tokens.token_type).toBe('Bearer');
  },
  'oidcc-response-type-missing': async () => {
    expect((await answerTo({ response_type: undefined })).get('error')).toBe('invalid_request');
  },
  'oidcc-userinfo-get': async () => {
    const tokens = await tokensFor();
    expect((await okJson(userinfo(tokens.access_token))).sub).toBe(claimsOf(tokens).sub);
  },
  'oidcc-userinfo-post-header': async () => {
    const tokens = await tokensFor();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await okJson(userinfo(tokens.access_token, { method: 'POST', headers }))).sub).toBe(claimsOf(tokens).sub);
  },
  'oidcc-userinfo-post-body': async () => {
    const tokens = await tokensFor();
    const body = new URLSearchParams({ access_token: tokens.access_token });
    const told = await okJson(fetch(`${stack.issuer}/userinfo`, { method: 'POST', body }));
    expect(told.sub).toBe(claimsOf(tokens).sub);
  },
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': async () => {
    expect(claimsOf(await tokensFor({ nonce: undefined }))).not.toHaveProperty('nonce');
  },
  'oidcc-scope-profile': () => expectClaims('openid profile', profile),
  'oidcc-scope-email': () => expectClaims('openid email', email),
  'oidcc-scope-address': () => expectClaims('openid address', []),
  'oidcc-scope-phone': () => expectClaims('openid phone', []),
  'oidcc-scope-all': () => expectClaims('openid profile email address phone', [...profile, ...email]),
  'oidcc-ensure-other-scope-order-succeeds': () => expectClaims('email openid', email),
  'oidcc-display-page': expectSignIn({ display: 'page' }),
  'oidcc-display-popup': expectSignIn({ display: 'popup' }),
  'oidcc-prompt-login': async () => {
    const first = claimsOf(await tokensFor());
    await stack.clock.move(2);
    const second = claimsOf(await tokensFor({ prompt: 'login' }));
    expect(second.sub).toBe(first.sub);
    expect(second.auth_time).toBeGreaterThan(Number(first.auth_time));
    await stack.clock.reset();
  },
  'oidcc-prompt-none-not-logged-in': async () => {
    const answer = await answerTo({ prompt: 'none' }, { person: personAt(stack) });
    expect(answer.get('error')).toBe('login_required');
  },
  'oidcc-prompt-none-logged-in': async () => {
    const first = claimsOf(await tokensFor());
    const second = claimsOf(await tokensFor({ prompt: 'none' }));
    expect([second.sub, second.auth_time]).toEqual([first.sub, first.auth_time]);
  },
  'oidcc-max-age-1': async () => {
    const first = claimsOf(await tokensFor());
    await stack.clock.move(2);
    expect(claimsOf(await tokensFor({ max_age: '1' })).auth_time).toBeGreaterThan(Number(first.auth_time));
    await stack.clock.reset();
  },
  'oidcc-max-age-10000': async () => {
    const first = claimsOf(await tokensFor());
    expect(claimsOf(await tokensFor({ max_age: '10000' })).auth_time).toBe(first.auth_time);
  },
  'oidcc-ensure-request-with-unknown-parameter-succeeds': expectSignIn({ extra: 'foobar' }),
  'oidcc-id-token-hint': async () => {
    const { id_token: hint } = await tokensFor();
    expect(claimsOf(await tokensFor({ prompt: 'none', id_token_hint: hint })).sub).toBe(decodeJwt(hint ?? '').sub);
  },
  'oidcc-login-hint': expectSignIn({ login_hint: 'buffy@suite.example' }),
  'oidcc-ui-locales': expectSignIn({ ui_locales: 'se' }),
  'oidcc-claims-locales': expectSignIn({ claims_locales: 'se' }),
  'oidcc-ensure-request-with-acr-values-succeeds': expectSignIn({ acr_values: '1 2' }),
  'oidcc-codereuse': () => expectReuse(0),
  'oidcc-codereuse-30seconds': () => expectReuse(30),
  'oidcc-ensure-registered-redirect-uri': async () => {
    const arrival = await alice.visit(urlOf({ redirect_uri: 'https://suite.example/other' }, basic));
    expect([arrival.kind, arrival.status]).toEqual(['page', 400]);
  },
  'oidcc-ensure-post-request-succeeds': async () => {
    const { origin, pathname, searchParams } = new URL(urlOf({}, basic));
    const posted = await alice.send(`${origin}${pathname}`, { method: 'POST', body: searchParams });
    const again = new URL(posted.headers.get('location') ?? '', origin);
    expect((await alice.authorize(again)).searchParams.get('code')).toBeTypeOf('string');
  },
  'oidcc-server-client-secret-post': async () => {
    expect(claimsOf(await tokensFor({}, other)).aud).toBe(other.registration.clientId);
  },
  'oidcc-claims-essential': async () => {
    const { access_token: token } = await tokensFor({ claims: '{"userinfo":{"name":{"essential":true}}}' });
    expect((await okJson(userinfo(token))).name).toBe('Alice Adams');
  },
  'oidcc-refresh-token': async () => {
    const first = await tokensFor({ scope: 'openid offline_access', prompt: 'consent' });
    const refreshed = await okJson<TokenSet>(basic.refresh(first.refresh_token));
    const [before, after] = [claimsOf(first), claimsOf(refreshed)];
    for (const name of ['iss', 'sub', 'aud', 'auth_time', 'azp']) expect(after[name]).toEqual(before[name]);
    expect(await refusalOf(other.refresh(refreshed.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
  },
  'oidcc-ensure-request-with-valid-pkce-succeeds': async () => {
    expect((await basic.tokens(alice, { scope: 'openid' })).id_token).toBeTypeOf('string');
  },
};

it.each(Object.entries(modules))('[OI12] %s', (_name, proves) => proves());
