/** What an authentication request can ask for (OpenID Connect Core §3.1.2.1, §5.5). */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, okJson, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  ({ web } = demoServices(stack.issuer));
});

beforeEach(async () => {
  alice = await signedInAt(stack, 'alice');
  stack.provider.answersFromOldSession = false;
});

afterAll(() => stack.stop());

type Parameters = Readonly<Record<string, string | undefined>>;

const signIn = (person: Person, parameters: Parameters = {}, service = web) =>
  service.tokens(person, { scope: 'openid', ...parameters });

const claimsOf = ({ id_token: token = '' }: TokenSet) => decodeJwt(token);

/** The answer of /authorize, approved where a page is shown. */
const errorOf = async (person: Person, parameters: Parameters, service = web): Promise<string | null> => {
  const location = await person.authorize(service.authorization({ scope: 'openid', ...parameters }).url);
  return location.searchParams.get('error');
};

const userinfo = ({ access_token: token }: TokenSet) =>
  okJson(fetch(`${stack.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } }));

describe('an authentication request', () => {
  it.each([
    ['display', 'popup'],
    ['display', 'page'],
    ['ui_locales', 'se de-CH'],
    ['claims_locales', 'se'],
    ['acr_values', '1 2'],
    ['login_hint', 'alice'],
    ['nonsense', '1'],
  ])('[OI09] may say %s=%s, whether it means anything here or not', async (name, value) => {
    expect(claimsOf(await signIn(alice, { [name]: value })).sub).toBeTypeOf('string');
  });

  it.each([
    ['request_uri', 'https://app.example/request', 'request_uri_not_supported'],
    ['registration', '{}', 'registration_not_supported'],
    ['prompt', 'none login', 'invalid_request'],
    ['max_age', 'soon', 'invalid_request'],
    ['id_token_hint', 'nonsense', 'invalid_request'],
    ['claims', '[]', 'invalid_request'],
    ['claims', '{"userinfo":{"name":{"essential":"yes"}}}', 'invalid_request'],
    ['claims', '{', 'invalid_request'],
  ])('[OI09] is refused at the client with %s=%s', async (name, value, error) => {
    expect(await errorOf(alice, { [name]: value })).toBe(error);
  });

  it('[OI09] is met by a newer sign-in with prompt=login and with max_age', async () => {
    const first = claimsOf(await signIn(alice));
    await stack.clock.move(3);
    const again = claimsOf(await signIn(alice, { prompt: 'login' }));
    expect(again.auth_time).toBeGreaterThan(Number(first.auth_time));
    await stack.clock.move(3);
    const young = claimsOf(await signIn(alice, { max_age: '1' }));
    expect(young.auth_time).toBeGreaterThan(Number(again.auth_time));
    const good = claimsOf(await signIn(alice, { max_age: '10000' }));
    expect([good.auth_time, good.sub]).toEqual([young.auth_time, first.sub]);
    await stack.clock.reset();
  });

  it('[OI09] shows nothing with prompt=none', async () => {
    expect(await errorOf(personAt(stack), { prompt: 'none' })).toBe('login_required');
    const first = await signIn(alice, { scope: 'openid profile' });
    expect(claimsOf(await signIn(alice, { prompt: 'none' })).sub).toBe(claimsOf(first).sub);
    expect(await errorOf(await signedInAt(stack, 'bob'), { prompt: 'none' })).toBe('consent_required');
  });

  it('[OI09] is held to the max_age and the auth_time of the registration', async () => {
    const strict = await register(stack.issuer, { default_max_age: 2, require_auth_time: true });
    const first = claimsOf(await signIn(alice, {}, strict));
    await stack.clock.move(5);
    const again = claimsOf(await signIn(alice, {}, strict));
    expect(again.auth_time).toBeGreaterThan(Number(first.auth_time));
    await stack.clock.move(5);
    expect(claimsOf(await signIn(alice, { max_age: '10000' }, strict)).auth_time).toBe(again.auth_time);
    expect(await errorOf(alice, { prompt: 'none' }, strict)).toBe('login_required');
    await stack.clock.reset();
  });
});

describe('an id_token_hint', () => {
  it('[OI10] names the person who is expected: the one at the browser, or nobody is answered for', async () => {
    const { id_token: hint } = await signIn(alice);
    expect(await errorOf(alice, { prompt: 'none', id_token_hint: hint })).toBeNull();
    const bob = await signedInAt(stack, 'bob');
    await signIn(bob);
    expect(await errorOf(bob, { prompt: 'none', id_token_hint: hint })).toBe('login_required');
    expect(await errorOf(personAt(stack), { prompt: 'none', id_token_hint: hint })).toBe('login_required');
  });

  it('[OI10] lets somebody else choose another account, once', async () => {
    const { id_token: hint, ...first } = await signIn(alice);
    const shared = await signedInAt(stack, 'bob');
    shared.login = 'alice';
    const tokens = await signIn(shared, { id_token_hint: hint });
    expect(claimsOf(tokens).sub).toBe(decodeJwt(first.access_token).sub);
    const stubborn = await signedInAt(stack, 'bob');
    expect(await errorOf(stubborn, { id_token_hint: hint })).toBe('login_required');
  });

  it('[OI10] counts after it has expired, and only from the client that it was made for', async () => {
    const { id_token: hint } = await signIn(alice);
    await stack.clock.move(700);
    expect(await errorOf(alice, { prompt: 'none', id_token_hint: hint })).toBeNull();
    await stack.clock.reset();
    const other = await register(stack.issuer, {});
    expect(await errorOf(alice, { id_token_hint: hint }, other)).toBe('invalid_request');
    const { access_token: accessToken } = await signIn(alice);
    expect(await errorOf(alice, { id_token_hint: accessToken })).toBe('invalid_request');
  });
});

describe('the claims parameter', () => {
  const claims = (value: unknown): Parameters => ({ claims: JSON.stringify(value) });

  it('[OI08] has single claims told, at userinfo or in the ID token, and no others of their scope', async () => {
    const tokens = await signIn(
      alice,
      claims({
        userinfo: { name: { essential: true }, picture: null, __proto__: null },
        id_token: { email: null, auth_time: { essential: true } },
      }),
    );
    expect(await userinfo(tokens)).toEqual({ sub: expect.any(String), name: 'Alice Adams' });
    expect(claimsOf(tokens)).toMatchObject({ email: 'alice@contoso.example', auth_time: expect.any(Number) });
    expect(claimsOf(tokens)).not.toHaveProperty('email_verified');
  });

  it('[OI08] asks the person for what it names, who can leave it out', async () => {
    const bob = await signedInAt(stack, 'bob');
    const { url, verifier } = web.authorization({ scope: 'openid', ...claims({ userinfo: { email: null } }) });
    const page = await bob.visit(url);
    expect(page.kind === 'page' && page.html).toContain('See your e-mail address');
    const location = await bob.authorize(url, { decision: 'approve', permissions: [] });
    const code = { code: location.searchParams.get('code') ?? '', verifier };
    expect(await userinfo(await okJson<TokenSet>(web.redeem(code)))).toEqual({ sub: expect.any(String) });
  });

  it('[OI08] can name the person by sub', async () => {
    const { sub } = claimsOf(await signIn(alice));
    const wanted = (value: unknown) => ({ prompt: 'none', ...claims({ id_token: { sub: { value } } }) });
    expect(await errorOf(alice, wanted(sub))).toBeNull();
    expect(await errorOf(alice, wanted('somebody else'))).toBe('login_required');
  });

  it('[OI08] can require a level of authentication, which the provider is asked for', async () => {
    const acr = 'urn:contoso:second-factor';
    const required = (values: readonly string[]) => claims({ id_token: { acr: { essential: true, values } } });
    expect(claimsOf(await signIn(alice)).acr).toBe('urn:contoso:password');
    expect(await errorOf(alice, { prompt: 'none', ...required([acr]) })).toBe('login_required');
    const stepped = await signIn(alice, required([acr]));
    expect(claimsOf(stepped)).toMatchObject({ acr, amr: ['pwd', 'otp', 'mfa'] });
    expect(decodeJwt(stepped.access_token).acr).toBe(acr);
    expect(await errorOf(alice, required(['urn:contoso:retina']))).toBe('unmet_authentication_requirements');
  });

  it('[OI08] is tried for acr_values, and goes on without', async () => {
    const acr = 'urn:contoso:second-factor';
    expect(claimsOf(await signIn(alice, { acr_values: acr })).acr).toBe(acr);
    const other = await signedInAt(stack, 'olga');
    expect(claimsOf(await signIn(other, { acr_values: 'urn:contoso:retina' })).acr).toBe('urn:contoso:password');
  });
});
