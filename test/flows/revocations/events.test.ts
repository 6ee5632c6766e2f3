/** Security events (RFC 8417) by polling (RFC 8936): what an API hears that speaks that standard. */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, answerOf, jwtPart } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { basicAuth, demoServices, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ hosts: 2, throughProxy: true });
  services = demoServices(stack.issuer);
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const basicOf = ({ registration: { clientId, secret = '' } }: Service): string => basicAuth(clientId, secret);

const poll = (body: unknown, authorization = basicOf(services.api), origin = stack.issuer): Promise<Answer> =>
  answerOf(
    fetch(`${origin}/events/poll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );

type Sets = Readonly<Record<string, string>>;

const setsIn = ({ body }: Answer): Sets => body.sets as Sets;

const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

const sidOf = ({ access_token: token }: TokenSet): string => String(jwtPart(token, 'payload').sid);

/** A session that has ended. */
const endedSession = async (): Promise<string> => {
  const tokens = await services.web.tokens(alice);
  await services.web.revoke({ token: tokens.refresh_token });
  return sidOf(tokens);
};

const subjectOf = (set: string): unknown => jwtPart(set, 'payload').sub_id;

/** The id and the event of this session, asked for until it is there. */
const eventOf = async (sid: string, authorization?: string): Promise<readonly [string, string]> => {
  for (let tries = 0; tries < 240; tries += 1) {
    const found = Object.entries(setsIn(await poll({}, authorization))).find(([, set]) => {
      return (subjectOf(set) as { readonly id: string }).id === sid;
    });
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the event never came');
};

const acknowledgeAll = async (): Promise<void> => {
  let answer = await poll({});
  while (Object.keys(setsIn(answer)).length > 0) answer = await poll({ ack: Object.keys(setsIn(answer)) });
};

describe('polling for security events', () => {
  it('[SE01] gives a signed event of its own type for the end of a session, and no token that passes for another', async () => {
    const sid = await endedSession();
    const [jti, set] = await eventOf(sid);
    const keys = createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`));
    const checks = { issuer: stack.issuer, audience: 'demo-api', typ: 'secevent+jwt' };
    const { payload } = await jwtVerify<JWTPayload & { events: unknown }>(set, keys, checks);
    expect(payload).toEqual({
      iss: stack.issuer,
      aud: 'demo-api',
      iat: expect.any(Number),
      jti,
      sub_id: { format: 'opaque', id: sid },
      events: { [sessionRevoked]: { event_timestamp: payload.iat } },
    });
  });

  it('[SE02] delivers an event until it is acknowledged, on whatever host, and not after', async () => {
    const [jti] = await eventOf(await endedSession());
    expect(setsIn(await poll({}))).toHaveProperty(jti);
    expect(setsIn(await poll({ ack: [jti] }))).not.toHaveProperty(jti);
    for (const origin of stack.hosts) expect(setsIn(await poll({}, undefined, origin))).not.toHaveProperty(jti);
  });

  it('[SE02] does not repeat an event that the caller could not read', async () => {
    const [jti] = await eventOf(await endedSession());
    const answer = await poll({ setErrs: { [jti]: { err: 'invalid_key', description: 'x' } } });
    expect(setsIn(answer)).not.toHaveProperty(jti);
  });

  it('[SE03] gives no more than is asked for, says that there are more, and none for 0', async () => {
    await acknowledgeAll();
    await endedSession();
    await eventOf(await endedSession());
    const one = await poll({ maxEvents: 1 });
    expect([Object.keys(setsIn(one)).length, one.body.moreAvailable]).toEqual([1, true]);
    expect((await poll({ maxEvents: 0 })).body).toEqual({ sets: {}, moreAvailable: true });
    await acknowledgeAll();
    expect((await poll({})).body).toEqual({ sets: {}, moreAvailable: false });
  });

  it('[SE04] tells a resource server nothing about sessions that are none of its business', async () => {
    const other = await register(stack.issuer, {
      grant_types: ['client_credentials'],
      redirect_uris: [],
      scope: 'vso.work',
      assent_resource_server_of: [`http://localhost:${stack.ports.mcp}/mcp`],
    });
    const sid = await endedSession();
    await eventOf(sid);
    expect((await poll({}, basicOf(other))).body).toEqual({ sets: {}, moreAvailable: false });
  });

  it('[SE04] knows a resource by either spelling', async () => {
    const same = await register(stack.issuer, {
      grant_types: ['client_credentials'],
      redirect_uris: [],
      scope: 'vso.work',
      assent_resource_server_of: ['https://api.assent.localhost/'],
    });
    expect((await eventOf(await endedSession(), basicOf(same)))[1]).toContain('.');
  });

  it.each([
    ['nobody', '', 401, 'invalid_client'],
    ['a wrong secret', basicAuth('demo-api', 'wrong'), 401, 'invalid_client'],
    ['a public client', basicAuth('demo-native', ''), 400, 'unauthorized_client'],
    ['a client that is no resource server', basicAuth('demo-web', 'demo-web-secret'), 400, 'unauthorized_client'],
  ])('[SE05] refuses %s', async (_who, authorization, status, error) => {
    const answer = await poll({}, authorization);
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  it.each([
    ['[]'],
    ['null'],
    ['{'],
    ['{"maxEvents":-1}'],
    ['{"maxEvents":1.5}'],
    ['{"ack":"x"}'],
    ['{"ack":[1]}'],
    ['{"setErrs":[]}'],
    ['{"returnImmediately":"yes"}'],
  ])('[SE05] refuses what is no poll: %s', async (text) => {
    const answer = await poll(text);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  it('[SE05] shrugs at the acknowledgement of what never was', async () => {
    const hostile = ['__proto__', 'constructor', '/\\#?', '\u0000', 'x'.repeat(64)];
    expect((await poll({ maxEvents: 0, ack: hostile })).status).toBe(200);
  });

  it('[SE02] delivers again what could not be noted, after 503', async () => {
    const [jti] = await eventOf(await endedSession());
    stack.tableProxy.rule = ({ method }) => (method === 'GET' ? undefined : { kind: 'throttle' });
    expect((await poll({ ack: [jti] })).status).toBe(503);
    stack.tableProxy.rule = undefined;
    expect(setsIn(await poll({}))).toHaveProperty(jti);
  });

  it('stands in the metadata', async () => {
    const { body } = await answerOf(fetch(`${stack.issuer}/.well-known/oauth-authorization-server`));
    expect(body.assent_events_endpoint).toBe(`${stack.issuer}/events/poll`);
  });
});
