/** OpenID Connect Back-Channel Logout 1.0: services hear of it when a person's session ends, sooner or later. */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { personAt } from '../../support/people.ts';
import { administer, register, type Service, type TokenSet } from '../../support/service.ts';
import { signOut, tellDue } from '../../support/sign-out.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { startTold, type Told } from '../../support/told.ts';

let stack: Stack;
let told: Told;
let service: Service;

beforeAll(async () => {
  [stack, told] = await Promise.all([startStack({ throughProxy: true }), startTold()]);
});

afterAll(() => Promise.all([stack.stop(), told.stop()]));

beforeEach(async () => {
  told.answer = 200;
  service = await register(stack.issuer, {
    backchannel_logout_uri: told.uri,
    backchannel_logout_session_required: true,
    id_token_signed_response_alg: 'PS256',
  });
});

const objectIdOf = (login: string): string => users.find((user) => user.login === login)?.objectId ?? '';

const clientId = () => service.registration.clientId;

/** Tokens for the client that the test is about, by audience. */
const deliveredTo = (audience: string): readonly string[] =>
  told.deliveries
    .map(({ body }) => body.get('logout_token') ?? '')
    .filter((token) => decodeJwt(token).aud === audience);

const signInWith = async (scope = 'openid vso.work') => {
  const person = personAt(stack);
  return { person, tokens: await service.tokens(person, { scope }) };
};

const isRefreshed = async (tokens: TokenSet): Promise<boolean> =>
  (await service.refresh(tokens.refresh_token)).status === 200;

describe('the end of a session', () => {
  it('[LO05] reaches the service as a logout token that names the person and the session, and lasts two minutes', async () => {
    const { person, tokens } = await signInWith();
    const idToken = decodeJwt((tokens as unknown as { id_token: string }).id_token);
    await signOut(person, stack);
    const [delivery] = told.deliveries.slice(-1);
    expect([delivery?.method, delivery?.type]).toEqual(['POST', 'application/x-www-form-urlencoded']);
    const [token = '', ...others] = deliveredTo(clientId());
    expect(others).toEqual([]);
    const keys = createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: stack.issuer,
      audience: clientId(),
      typ: 'logout+jwt',
      algorithms: ['PS256'],
      requiredClaims: ['iat', 'exp', 'jti'],
    });
    expect(protectedHeader.kid).toBeTypeOf('string');
    expect(payload).toMatchObject({
      sub: idToken.sub,
      sid: idToken.sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload).not.toHaveProperty('nonce');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(120);
  });

  it('[LO05] reaches each service once, those that signed the person in again too, and no service of another session', async () => {
    const { person } = await signInWith();
    await service.tokens(person, { scope: 'openid' });
    const other = await register(stack.issuer, { backchannel_logout_uri: told.uri });
    await other.tokens(person, { scope: 'openid' });
    const elsewhere = await signInWith('openid');
    await signOut(person, stack);
    expect([deliveredTo(clientId()).length, deliveredTo(other.registration.clientId).length]).toEqual([1, 1]);
    await signOut(elsewhere.person, stack);
    expect(deliveredTo(clientId())).toHaveLength(2);
    expect(new Set(deliveredTo(clientId()).map((token) => decodeJwt(token).sid)).size).toBe(2);
    await stack.clock.move(61);
    expect(await tellDue(stack)).toMatchObject({ signOuts: 0 });
    expect(deliveredTo(clientId())).toHaveLength(2);
  });

  it('[LO05] is one session of a service however often the person signs in again in this browser', async () => {
    const { person, tokens } = await signInWith();
    const again = await service.tokens(person, { scope: 'openid', prompt: 'login' });
    const sids = [tokens, again].map((one) => decodeJwt((one as unknown as { id_token: string }).id_token).sid);
    await signOut(person, stack);
    expect(deliveredTo(clientId()).map((token) => decodeJwt(token).sid)).toEqual([sids[0]]);
    expect(sids[1]).toBe(sids[0]);
  });

  it('[LO05] is told when somebody else signs in in the same browser', async () => {
    const { person } = await signInWith();
    person.login = 'bob';
    const { url } = service.authorization({ scope: 'openid', prompt: 'select_account' });
    await person.authorize(url);
    expect(deliveredTo(clientId())).toHaveLength(1);
  });

  it('[LO06] ends refresh tokens of that session, and codes, but nothing that was asked for with offline_access', async () => {
    const { person, tokens } = await signInWith();
    const offline = await service.tokens(person, { scope: 'openid vso.work offline_access' });
    const plain = await service.tokens(person, { scope: 'vso.work' });
    const code = await service.code(person, { scope: 'openid offline_access' });
    const elsewhere = await signInWith();
    await signOut(person, stack);
    expect(await Promise.all([tokens, offline, plain, elsewhere.tokens].map(isRefreshed))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect((await service.redeem(code)).status).toBe(400);
  });

  it('[LO06] ends them at a service that is not told as well', async () => {
    const quiet = await register(stack.issuer);
    const person = personAt(stack);
    const tokens = await quiet.tokens(person, { scope: 'openid vso.work' });
    await signOut(person, stack);
    expect((await quiet.refresh(tokens.refresh_token)).status).toBe(400);
  });
});

describe('a service that does not listen', () => {
  it.each([500, 302, 'hang'] as const)('[LO07] is told again by the timer, with a new token: %s', async (answer) => {
    const { person } = await signInWith();
    told.answer = answer;
    await signOut(person, stack);
    // The person has their answer, and nobody has given up on the service yet.
    expect(told.waiting).toBe(answer === 'hang' ? 1 : 0);
    const reason = answer === 'hang' ? 'too slow' : 'status not 2xx';
    const line = `"event":"logout_not_taken","client_id":"${clientId()}","reason":"${reason}"`;
    await expect.poll(() => stack.hostOutput(), { timeout: 60_000 }).toContain(line);
    told.answer = 200;
    expect(await tellDue(stack)).toMatchObject({ signOuts: 0 });
    await stack.clock.move(61);
    expect(await tellDue(stack)).toMatchObject({ signOuts: 1, waiting: 0 });
    const [first, second, ...others] = deliveredTo(clientId());
    expect(others).toEqual([]);
    expect(decodeJwt(first ?? '').jti).not.toBe(decodeJwt(second ?? '').jti);
    expect(await tellDue(stack)).toMatchObject({ signOuts: 0 });
  });

  it('[LO07] is told less and less often, on an instance that knows nothing of it, and given up after a day', async () => {
    const { person } = await signInWith();
    told.answer = 500;
    await signOut(person, stack);
    await stack.restartHost();
    const pauses = [61, 301, 601, 1_201];
    for (const [index, seconds] of pauses.entries()) {
      await stack.clock.move(seconds);
      expect(await tellDue(stack)).toMatchObject({ signOuts: 1, waiting: 1 });
      expect(await tellDue(stack)).toMatchObject({ signOuts: 0 });
      expect(deliveredTo(clientId())).toHaveLength(index + 2);
    }
    await stack.clock.move(86_400);
    expect(await tellDue(stack)).toMatchObject({ signOuts: 1, waiting: 0 });
    expect(stack.hostOutput()).toContain(`"event":"logout_not_delivered","client_id":"${clientId()}"`);
    await stack.clock.move(86_400);
    expect(await tellDue(stack)).toMatchObject({ signOuts: 0 });
    await stack.clock.reset();
    // No instance goes on with what it knows of the future.
    await stack.restartHost();
  });
});

describe('sessions that an operator voids', () => {
  it('[LO08] are told of, all browsers of the person, and none that began afterwards', async () => {
    const [one, two] = [await signInWith(), await signInWith('openid')];
    const body = { subject: objectIdOf('alice') };
    expect((await administer(stack.issuer, { method: 'POST', path: 'not-before', body })).status).toBe(200);
    await stack.clock.move(16);
    const later = await signInWith('openid');
    await stack.clock.move(61);
    expect(await tellDue(stack)).toMatchObject({ signOuts: 1, waiting: 0 });
    const sidOf = ({ tokens }: typeof one) => decodeJwt((tokens as unknown as { id_token: string }).id_token).sid;
    const told = deliveredTo(clientId()).map((token) => decodeJwt(token).sid);
    expect(told.toSorted()).toEqual([sidOf(one), sidOf(two)].map(String).toSorted());
    expect(told).not.toContain(sidOf(later));
  });
});

it('[LO09] gives no code that its end overtakes: whoever got one is told', async () => {
  const { person } = await signInWith('openid');
  const { tableProxy } = stack;
  const { url } = service.authorization({ scope: 'openid' });
  tableProxy.requests.length = 0;
  tableProxy.rule = ({ bodyStart }) =>
    bodyStart.includes('grant:') ? { kind: 'delay', milliseconds: 1_000 } : undefined;
  const asked = person.send(url);
  await expect.poll(() => tableProxy.requests.some(({ fault }) => fault === 'delay'), { timeout: 60_000 }).toBe(true);
  const cookies = new Map(person.cookies);
  await signOut(person, stack);
  const answer = await asked;
  tableProxy.rule = undefined;
  expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
  person.cookies.clear();
  for (const [host, jar] of cookies) person.cookies.set(host, jar);
  expect((await person.send(url)).headers.get('location')).not.toContain('code=');
  expect(deliveredTo(clientId())).toHaveLength(1);
});
