/** RFC 8693: a service that was called gets a token of its own to call further with, and never more than it was given. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownTokenOf } from '../../support/admin.ts';
import { jwtPart } from '../../support/answer.ts';
import { type DpopKey, newDpopKey, proofBy } from '../../support/dpop.ts';
import { formsIn } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import {
  administer,
  basicAuth,
  isActive,
  okJson,
  postForm,
  refusalOf,
  register,
  type Service,
  type TokenSet,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const [boards, files, third] = ['boards', 'files', 'third'].map((name) => `https://${name}.contoso.example`) as [
  string,
  string,
  string,
];
const resources = [boards, files, third].map((identifier) => ({
  identifier,
  name: identifier,
  claims: identifier === boards ? ['subject', 'name'] : ['subject'],
}));
const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

let stack: Stack;
let alice: Person;
/** Whom the person allows something. */
let app: Service;
/** The API that the app calls, which calls others. */
let middle: Service;
/** The API behind it. */
let behind: Service;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify(resources) } });
  alice = await signedInAt(stack);
  app = await register(stack.issuer, { grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] });
  middle = await registerExchanger({ from: [boards], to: [files, boards] });
  behind = await register(stack.issuer, {
    ...itself,
    grant_types: ['client_credentials'],
    assent_resource_server_of: [files],
  });
});

afterAll(() => stack.stop());

const itself = { redirect_uris: [], scope: 'vso.work vso.code' };

type Policy = {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly may_act?: readonly string[];
};

const registerExchanger = (policy: Policy, change: object = {}): Promise<Service> =>
  register(stack.issuer, {
    ...itself,
    grant_types: ['client_credentials', grant],
    assent_token_exchange: policy,
    ...change,
  });

/** A token of the app for the boards and the files, with which it calls the service in the middle. */
const calledWith = async (scope = 'vso.work vso.build openid'): Promise<TokenSet> => {
  const { url, verifier } = app.authorization({ scope });
  const both = new URL(url);
  for (const one of [boards, files]) both.searchParams.append('resource', one);
  const answer = await alice.authorize(both.href);
  const code = answer.searchParams.get('code');
  if (code === null) throw new Error(`no code: ${answer.href}`);
  return okJson<TokenSet>(app.redeem({ code, verifier }));
};

type Fields = Readonly<Record<string, string>>;

const exchange = (service: Service, token: string, more: Fields = {}): Promise<Response> =>
  service.token({ grant_type: grant, subject_token: token, subject_token_type: accessToken, ...more });

const exchanged = (service: Service, token: string, more: Fields = {}): Promise<TokenSet> =>
  okJson<TokenSet>(exchange(service, token, more));

const acting = (token: string): Fields => ({ actor_token: token, actor_token_type: accessToken });

describe('token exchange (RFC 8693)', () => {
  it('[TX01] gives the service in the middle a token of its own, for less, that ends with the one it was called with', async () => {
    const { access_token: token } = await calledWith();
    const before = jwtPart(token, 'payload');
    await stack.clock.move(100);
    const answer = await exchanged(middle, token, { audience: files });
    await stack.clock.reset();
    const claims = jwtPart(answer.access_token, 'payload');
    expect(answer).toEqual({
      access_token: expect.any(String),
      issued_token_type: accessToken,
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      scope: 'vso.work',
    });
    expect(claims).toEqual({
      iss: stack.issuer,
      sub: before.sub,
      aud: files,
      client_id: middle.registration.clientId,
      granted_to: app.registration.clientId,
      scope: 'vso.work',
      iat: expect.any(Number),
      exp: before.exp,
      jti: expect.any(String),
      sid: before.sid,
      auth_time: before.auth_time,
      ...(before.acr === undefined ? {} : { acr: before.acr }),
      uid: before.uid,
    });
    expect(claims.jti).not.toBe(before.jti);
    expect(answer.expires_in).toBe(Number(claims.exp) - Number(claims.iat));
  });

  it('[TX01] tells each resource what it may know of the person, not what the first token told', async () => {
    const { access_token: token } = await calledWith();
    expect(jwtPart(token, 'payload')).not.toHaveProperty('name');
    expect(jwtPart((await exchanged(middle, token, { resource: boards })).access_token, 'payload')).toMatchObject({
      name: 'Alice Adams',
    });
  });

  it('[TX02] says who acts for whom, the newest actor outside', async () => {
    const { access_token: token } = await calledWith();
    const first = await exchanged(middle, token, acting(await ownTokenOf(middle)));
    const last = await registerExchanger({ from: [middle.registration.clientId], to: [files] });
    const second = await exchanged(last, first.access_token, acting(await ownTokenOf(last)));
    const [middleId, lastId] = [middle.registration.clientId, last.registration.clientId];
    expect(jwtPart(second.access_token, 'payload')).toMatchObject({
      client_id: lastId,
      granted_to: app.registration.clientId,
      act: { sub: lastId, client_id: lastId, act: { sub: middleId, client_id: middleId } },
    });
    // Without an actor the chain so far stays: nobody drops out of it.
    const impersonated = await exchanged(last, first.access_token);
    expect(jwtPart(impersonated.access_token, 'payload').act).toEqual({ sub: middleId, client_id: middleId });
    expect(await okJson(behind.introspect({ token: second.access_token }))).toMatchObject({
      active: true,
      client_id: lastId,
      granted_to: app.registration.clientId,
      act: { sub: lastId, act: { sub: middleId } },
    });
  });

  it('[TX02] lets no chain grow beyond five actors', async () => {
    const loop = await registerExchanger({ from: [boards, files], to: [files] });
    const actor = acting(await ownTokenOf(loop));
    let { access_token: token } = await calledWith();
    for (let length = 0; length < 5; length++) token = (await exchanged(loop, token, actor)).access_token;
    expect(await refusalOf(exchange(loop, token, actor))).toEqual({ status: 400, error: 'invalid_request' });
  });

  it('[TX03] never gives more than the token and the policy: scopes, resources, sign-in', async () => {
    const { access_token: token } = await calledWith();
    const refused = async (more: Fields) => (await refusalOf(exchange(middle, token, more))).error;
    expect(await refused({ resource: third })).toBe('invalid_target');
    expect(await refused({ audience: 'https://unknown.example' })).toBe('invalid_target');
    expect(await refused({ audience: 'not an address' })).toBe('invalid_target');
    expect(await refused({ resource: `${stack.issuer}/userinfo` })).toBe('invalid_target');
    expect(await refused({ resource: `${stack.issuer}/api/admin` })).toBe('invalid_target');
    // Not of the token; not for this client; not for anybody but the app.
    for (const scope of ['vso.code', 'vso.build', 'openid', 'assent.admin', 'vso.work vso.code'])
      expect([scope, await refused({ scope })]).toEqual([scope, 'invalid_scope']);
    expect((await exchanged(middle, token)).scope).toBe('vso.work');
    const narrow = await exchanged(middle, token, { resource: files });
    expect(await refusalOf(exchange(middle, narrow.access_token, { resource: boards }))).toEqual({
      status: 400,
      error: 'invalid_request',
    });
  });

  it('[TX04] takes only living access tokens that its policy names, and tells nobody which it was', async () => {
    const tokens = await calledWith();
    const dead = await calledWith();
    await app.revoke({ token: dead.refresh_token });
    const stranger = await registerExchanger({ from: ['nobody'], to: [files] });
    const answers = await Promise.all([
      exchange(middle, 'garbage'),
      exchange(middle, dead.access_token),
      exchange(middle, tokens.refresh_token),
      exchange(middle, tokens.id_token ?? ''),
      exchange(middle, `${tokens.access_token}x`),
      exchange(stranger, tokens.access_token),
    ]);
    const bodies = await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]));
    const [first] = bodies;
    expect(first).toEqual([400, { error: 'invalid_request', error_description: expect.any(String) }]);
    expect(bodies).toEqual(bodies.map(() => first));
  });

  it('[TX04] takes as actor only itself and whom its policy names, and none that acts for another', async () => {
    const { access_token: token } = await calledWith();
    const allowed = await registerExchanger({
      from: [app.registration.clientId],
      to: [files],
      may_act: [behind.registration.clientId],
    });
    const actor = acting(await ownTokenOf(behind));
    expect(jwtPart((await exchanged(allowed, token, actor)).access_token, 'payload').act).toEqual({
      sub: behind.registration.clientId,
      client_id: behind.registration.clientId,
    });
    const acted = (await exchanged(middle, token, acting(await ownTokenOf(middle)))).access_token;
    for (const wrong of [actor, acting(acted), acting('garbage')])
      expect(await refusalOf(exchange(middle, token, wrong))).toEqual({ status: 400, error: 'invalid_request' });
  });

  it('[TX05] refuses other types of tokens, and parameters that do not go together', async () => {
    const { access_token: token } = await calledWith();
    const jwt = 'urn:ietf:params:oauth:token-type:jwt';
    const wrong: readonly Fields[] = [
      { subject_token_type: jwt },
      { subject_token_type: '' },
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      { actor_token: token },
      { actor_token_type: accessToken },
      { actor_token: token, actor_token_type: jwt },
      { subject_token: '' },
    ];
    for (const fields of wrong)
      expect([fields, await refusalOf(exchange(middle, token, fields))]).toEqual([
        fields,
        { status: 400, error: 'invalid_request' },
      ]);
    expect((await exchanged(middle, token, { requested_token_type: accessToken })).scope).toBe('vso.work');
  });

  it('[TX05] takes no harm from any text in its parameters', async () => {
    const { access_token: token } = await calledWith();
    const texts = ['\0', 'x'.repeat(50_000), 'a.b.c', '[]', '{}', '\u202e', `${token}.x`, `${token} `, '-1'];
    const names = ['subject_token', 'subject_token_type', 'requested_token_type', 'resource', 'audience', 'scope'];
    for (const name of [...names, 'authorization_details'])
      for (const text of texts)
        expect([name, text, (await exchange(middle, token, { [name]: text })).status]).toEqual([name, text, 400]);
    for (const text of texts) expect([text, (await exchange(middle, token, acting(text))).status]).toEqual([text, 400]);
  });

  it('[TX07] leaves nothing alive when it races the end of the authorization', async () => {
    const first = await calledWith();
    const racing = Array.from({ length: 12 }, () => exchange(middle, first.access_token, { audience: files }));
    const [revoked, ...answers] = await Promise.all([app.revoke({ token: first.refresh_token }), ...racing]);
    expect(revoked.status).toBe(200);
    for (const answer of answers) {
      const { access_token: token } = (await answer.json()) as { access_token?: string };
      if (token !== undefined) expect(await isActive(behind, token)).toBe(false);
    }
    expect((await exchange(middle, first.access_token)).status).toBe(400);
  });

  it('[TX06] is off unless an operator registers whose tokens become what', async () => {
    const { access_token: token } = await calledWith();
    expect(await refusalOf(exchange(app, token))).toEqual({ status: 400, error: 'unauthorized_client' });
    const body = { client_name: 'X', ...itself, grant_types: ['client_credentials', grant] };
    const policy = { from: [boards], to: [files] };
    for (const wrong of [
      {},
      { assent_token_exchange: { from: [], to: [files] } },
      { assent_token_exchange: { from: [boards], to: ['https://unknown.example'] } },
      { assent_token_exchange: { from: [boards], to: [`${stack.issuer}/api/admin`] } },
      { assent_token_exchange: { ...policy, anything: true } },
      { assent_token_exchange: policy, grant_types: ['client_credentials'] },
      { assent_token_exchange: policy, grant_types: [grant], token_endpoint_auth_method: 'none' },
    ]) {
      const answer = await administer(stack.issuer, { method: 'POST', path: 'apps', body: { ...body, ...wrong } });
      expect([wrong, await refusalOf(answer)]).toEqual([wrong, { status: 400, error: 'invalid_client_metadata' }]);
    }
  });

  it('[TX07] ends with the authorization: by its service, and by the person', async () => {
    const first = await calledWith();
    const { access_token: token } = await exchanged(middle, first.access_token, { audience: files });
    expect(await isActive(behind, token)).toBe(true);
    await app.revoke({ token: first.refresh_token });
    expect(await isActive(behind, token)).toBe(false);

    const second = await exchanged(middle, (await calledWith()).access_token, { audience: files });
    const page = await alice.visit(`${stack.issuer}/authorizations`);
    if (page.kind !== 'page') throw new Error('the list was expected');
    const form = formsIn(page.html).find(({ action }) => action.endsWith('/authorizations/revoke'));
    if (form === undefined) throw new Error('no form to revoke');
    await alice.submit(page, form);
    expect(await isActive(behind, second.access_token)).toBe(false);
    expect(await isActive(middle, second.access_token)).toBe(false);
  });

  it('[TX07] is given back by whoever got it, alone, and without harm to the authorization', async () => {
    const first = await calledWith();
    const [one, other] = [await exchanged(middle, first.access_token), await exchanged(middle, first.access_token)];
    await app.revoke({ token: one.access_token });
    expect(await isActive(middle, one.access_token)).toBe(true);
    expect((await middle.revoke({ token: one.access_token })).status).toBe(200);
    const tokens = [one, other, first].map(({ access_token }) => access_token);
    expect(await isActive(middle, one.access_token)).toBe(false);
    expect(
      await refusalOf(exchange(await registerExchanger({ from: [boards], to: [boards] }), tokens[0] ?? '')),
    ).toEqual({ status: 400, error: 'invalid_request' });
    expect(await isActive(middle, other.access_token)).toBe(true);
    expect(await isActive(app, first.access_token)).toBe(true);
  });

  it('[TX07] ends when its service is blocked, or the one whose token it was', async () => {
    const own = { client_name: 'X', ...itself, grant_types: ['client_credentials'] };
    for (const which of ['exchanger', 'owner'] as const) {
      const owner = await register(stack.issuer, own);
      const policy = { from: [owner.registration.clientId], to: [files] };
      const exchanger = await registerExchanger(policy);
      const subject = await ownTokenOf(owner, { resource: files });
      const { access_token: token } = await exchanged(exchanger, subject);
      expect(await isActive(behind, token)).toBe(true);
      const body = {
        ...own,
        ...(which === 'owner' ? {} : { grant_types: [grant], assent_token_exchange: policy }),
        assent_blocked: true,
      };
      const path = `apps/${{ exchanger, owner }[which].registration.clientId}`;
      expect((await administer(stack.issuer, { method: 'PUT', path, body })).status).toBe(200);
      expect([which, await isActive(behind, token)]).toEqual([which, false]);
    }
  });

  it('[TX03] gives nothing that anybody can use for a token that was bound to a key (RFC 9449)', async () => {
    const post = async ({ clientId, secret = '' }: Service['registration'], fields: Fields, key: DpopKey) => {
      const dpop = await proofBy(key, { url: `${stack.issuer}/token` });
      const headers = { authorization: basicAuth(clientId, secret), dpop };
      return postForm(`${stack.issuer}/token`, fields, headers);
    };
    const send = async (registration: Service['registration'], fields: Fields) => {
      const key = await newDpopKey();
      const answer = await okJson<TokenSet>(post(registration, fields, key));
      return { ...answer, jkt: key.jkt, key };
    };
    const bound = await send(app.registration, {
      grant_type: 'client_credentials',
      scope: 'vso.work',
      resource: boards,
    });
    const fields = { grant_type: grant, subject_token: bound.access_token, subject_token_type: accessToken };
    expect(await refusalOf(middle.token(fields))).toEqual({ status: 400, error: 'invalid_dpop_proof' });
    const { token_type: type, access_token: token, jkt } = await send(middle.registration, fields);
    expect([type, jwtPart(token, 'payload').cnf]).toEqual(['DPoP', { jkt }]);
    expect(jkt).not.toBe(bound.jkt);
    // Its own needs its own key, whichever of the two it is.
    const own = await send(middle.registration, {
      grant_type: 'client_credentials',
      scope: 'vso.work',
      resource: files,
    });
    const withActor = { ...fields, ...acting(own.access_token) };
    const right = await post(middle.registration, withActor, own.key);
    const wrong = post(middle.registration, withActor, await newDpopKey());
    expect([right.status, await refusalOf(wrong)]).toEqual([200, { status: 400, error: 'invalid_dpop_proof' }]);
  });

  it('[TX08] works for a service that acts for itself, without any person', async () => {
    const own = await ownTokenOf(app, { scope: 'vso.work', resource: files });
    const exchanger = await registerExchanger({ from: [app.registration.clientId], to: [files] });
    const { access_token: token } = await exchanged(exchanger, own);
    expect(jwtPart(token, 'payload')).toMatchObject({
      sub: app.registration.clientId,
      granted_to: app.registration.clientId,
      client_id: exchanger.registration.clientId,
    });
    expect(jwtPart(token, 'payload')).not.toHaveProperty('sid');
    expect(await isActive(behind, token)).toBe(true);
    await exchanger.revoke({ token });
    expect(await isActive(behind, token)).toBe(false);
  });
});
