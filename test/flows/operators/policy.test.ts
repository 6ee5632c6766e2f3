/** What operators rule holds for every service and person, on every instance, within 15 seconds. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { jwtPart } from '../../support/answer.ts';
import { pseudonymOf } from '../../support/audit.ts';
import { codesOf, poll, registerDevice } from '../../support/devices.ts';
import { formsIn } from '../../support/forms.ts';
import { indexOf } from '../../support/index.ts';
import { type Login, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { freePolicy, press, rule, ruleService, untilFound } from '../../support/policy.ts';
import { push } from '../../support/pushed.ts';
import { listAt } from '../../support/revocations.ts';
import { auditRows } from '../../support/rows.ts';
import {
  createService,
  demoServices,
  isActive,
  okJson,
  refusalOf,
  register,
  type Service,
  type TokenSet,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;
let services: ReturnType<typeof demoServices>;
let resource: string;

beforeAll(async () => {
  stack = await startStack({ hosts: 2 });
  services = demoServices(stack.issuer);
  const operate: Admin = async (...args) => adminWith(stack.issuer, await ownTokenOf(services.operator))(...args);
  call = operate;
  resource = (JSON.parse(stack.settings.RESOURCES ?? '[]') as { identifier: string }[])[0]?.identifier ?? '';
});

afterAll(() => stack.stop());
afterEach(() => rule(stack, call));

const permission = (scope: string) => ({ resource, scope });
const subjectOf = (login: Login): string => users.find((one) => one.login === login)?.objectId ?? '';

/** The same service, speaking to the other host. */
const elsewhere = ({ registration }: Service): Service => createService(stack.issuer, registration, stack.hosts[1]);

const errorAt = (arrival: Awaited<ReturnType<Person['visit']>>): string | undefined =>
  arrival.kind === 'departure' ? (arrival.location.searchParams.get('error') ?? undefined) : undefined;

const pageAt = async (person: Person, url: string): Promise<Page> => {
  const arrival = await person.visit(url);
  if (arrival.kind !== 'page') throw new Error(`no page: ${arrival.location}`);
  return arrival;
};

describe('third-party access that is off', () => {
  it('stops everything that services got, at every host, and all of it works again when it is on', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const first = await service.tokens(alice);
    const own = await ownTokenOf(services.nightly);
    const code = await service.code(alice);
    await rule(stack, call, { third_party_access: 'off' });
    const refused = { status: 400, error: 'unauthorized_client' };
    for (const one of [service, elsewhere(service)])
      expect(await refusalOf(one.refresh(first.refresh_token))).toEqual(refused);
    expect(await refusalOf(elsewhere(service).redeem(code))).toEqual(refused);
    expect(await refusalOf(services.nightly.token({ grant_type: 'client_credentials' }))).toEqual(refused);
    expect(await refusalOf(push(stack.issuer, services.web, {}).response)).toEqual(refused);
    for (const token of [first.access_token, first.refresh_token]) {
      expect(await isActive(service, token)).toBe(false);
      expect(await isActive(elsewhere(service), token)).toBe(false);
    }
    expect(await isActive(services.api, own)).toBe(false);
    const userinfo = await fetch(`${stack.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${first.access_token}` },
    });
    expect(userinfo.status).toBe(401);
    expect(errorAt(await alice.visit(service.authorization().url))).toBe('access_denied');
    // APIs that read the list alone.
    expect((await listAt(stack.issuer)).not_before.everyone).toBeGreaterThan(0);

    await rule(stack, call);
    expect((await elsewhere(service).refresh(first.refresh_token)).status).toBe(200);
    expect(await isActive(service, first.access_token)).toBe(true);
    expect(await isActive(services.api, own)).toBe(true);
  });

  it('leaves what people ended meanwhile ended, and lets services give back what they have', async () => {
    const bob = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer);
    const tokens = await service.tokens(bob);
    await rule(stack, call, { third_party_access: 'off' });
    expect((await service.revoke({ token: tokens.refresh_token })).status).toBe(200);
    await rule(stack, call);
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('still ends what is replayed', async () => {
    const bob = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer);
    const first = await service.tokens(bob);
    const second = await okJson<TokenSet>(service.refresh(first.refresh_token));
    const third = await okJson<TokenSet>(service.refresh(second.refresh_token));
    await rule(stack, call, { third_party_access: 'off' });
    expect(await refusalOf(service.refresh(first.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    await rule(stack, call);
    expect(await refusalOf(service.refresh(third.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('stops devices, where they ask and where their person answers', async () => {
    const alice = await signedInAt(stack);
    const television = await registerDevice(stack.issuer);
    const codes = await codesOf(stack.issuer, television.registration);
    await rule(stack, call, { third_party_access: 'off' });
    const entry = await pageAt(alice, codes.verification_uri_complete);
    const answer = await alice.submit(entry, formsIn(entry.html)[0] ?? ({} as never));
    expect(answer).toMatchObject({ kind: 'page', status: 403 });
    expect(answer.kind === 'page' && answer.html).toContain('Access for services is switched off');
    expect((await refusalOf(poll(television, codes))).status).toBe(400);
  });
});

describe('services', () => {
  it('that are blocked get nothing at any host within 15 seconds, and have it all again afterwards', async () => {
    const alice = await signedInAt(stack);
    const [service, other] = [await register(stack.issuer), await register(stack.issuer)];
    const { clientId } = service.registration;
    const [tokens, others] = [await service.tokens(alice), await other.tokens(alice)];
    // Kept by both hosts.
    for (const one of [service, elsewhere(service)]) expect(await isActive(one, tokens.access_token)).toBe(true);
    await ruleService(stack, call, { clientId, access: 'blocked' });
    for (const one of [service, elsewhere(service)])
      expect(await refusalOf(one.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'unauthorized_client' });
    expect(await isActive(services.api, tokens.access_token)).toBe(false);
    expect(await pageAt(alice, service.authorization().url)).toMatchObject({ status: 400 });
    expect((await other.refresh(others.refresh_token)).status).toBe(200);
    await ruleService(stack, call, { clientId, access: 'default' });
    expect((await elsewhere(service).refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('without a rule wait for one where others are blocked; operators’ own go on', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    const tokens = await service.tokens(alice);
    await rule(stack, call, { other_services: 'blocked' });
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({
      status: 400,
      error: 'unauthorized_client',
    });
    expect(await isActive(services.api, tokens.access_token)).toBe(false);
    const page = await pageAt(alice, service.authorization().url);
    expect(page.html).toContain('This service is not allowed here yet');
    await ruleService(stack, call, { clientId, access: 'allowed' });
    expect((await elsewhere(service).refresh(tokens.refresh_token)).status).toBe(200);
    expect((await call('GET', 'policy')).status).toBe(200);
  });

  it('approved for everyone ask nobody; people see it and can take it back, and are asked from then on', async () => {
    const bob = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer, { client_name: 'Everyone Reports' });
    const { clientId } = service.registration;
    await ruleService(stack, call, {
      clientId,
      access: 'approved_for_everyone',
      permissions: [permission('vso.work'), permission('vso.code')],
    });
    const arrival = await bob.visit(service.authorization().url);
    expect(arrival.kind).toBe('departure');
    const tokens = await service.tokens(bob);
    expect(tokens.scope).toBe('vso.code vso.work');
    const shown = await pageAt(bob, `${stack.issuer}/authorizations`);
    expect(shown.html).toContain('Everyone Reports');
    // More than was approved is asked for.
    expect((await pageAt(bob, service.authorization({ scope: 'vso.work vso.build' }).url)).html).toContain(
      'name="decision"',
    );
    const revoked = formsIn(shown.html).find(({ action }) => action.endsWith('/authorizations/revoke'));
    if (revoked !== undefined) await bob.submit(shown, revoked);
    else throw new Error('no way to take it back');
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    expect((await pageAt(bob, service.authorization().url)).html).toContain('name="decision"');
  });

  it('are approved for everyone only for permissions that are said', async () => {
    const rule = { access: 'approved_for_everyone', permissions: [] };
    const path = 'policy/service?client_id=demo-web';
    const refused = { status: 400, body: { detail: 'permissions: say which are approved' } };
    expect(await call('PUT', path, { body: rule, headers: { 'if-match': '*' } })).toMatchObject(refused);
    const previewed = { client_id: 'demo-web', ...rule };
    expect(await call('POST', 'policy/service/preview', { body: previewed })).toMatchObject(refused);
  });

  it('lose what nobody was asked for when it is no longer approved, and keep what people allowed themselves', async () => {
    const [alice, bob] = [await signedInAt(stack), await signedInAt(stack, 'bob')];
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    const own = await service.tokens(alice, { scope: 'vso.work' });
    await ruleService(stack, call, {
      clientId,
      access: 'approved_for_everyone',
      permissions: [permission('vso.work')],
    });
    const given = await service.tokens(bob, { scope: 'vso.work' });
    await ruleService(stack, call, { clientId, access: 'default' });
    expect(await refusalOf(elsewhere(service).refresh(given.refresh_token))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
    expect(await isActive(services.api, given.access_token)).toBe(false);
    expect((await elsewhere(service).refresh(own.refresh_token)).status).toBe(200);
    expect((await pageAt(bob, service.authorization({ scope: 'vso.work' }).url)).html).toContain('name="decision"');
  });
});

describe('operators who decide at once', () => {
  const ten = <T>(one: (index: number) => T) => Promise.all(Array.from({ length: 10 }, (_, index) => one(index)));

  it('are told so by the rules: of ten who read one version, one has changed it', async () => {
    const { headers } = await call('GET', 'policy');
    const version = { 'if-match': headers.get('etag') ?? '' };
    const answers = await ten((index) =>
      call('PUT', 'policy', {
        body: { ...freePolicy, longest_authorization_seconds: 86_400 + index },
        headers: version,
      }),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect([409, 412]).toEqual(expect.arrayContaining([...new Set(statuses.slice(1))]));
  });
});

describe('permissions that need an operator', () => {
  const queued = async (clientId: string) => {
    const { body } = await call('GET', 'operator-requests');
    return (body.requests as { id: string; client_id: string; account: string }[]).filter(
      (one) => one.client_id === clientId,
    );
  };

  it('wait in a queue that the person and operators follow, until they are approved', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    await rule(stack, call, { needs_operator: [permission('vso.code')] });
    const asked = { scope: 'vso.work vso.code' };
    const page = await pageAt(alice, service.authorization(asked).url);
    expect(page.html).toContain('An operator must approve this first');
    expect(errorAt(await alice.visit(service.authorization({ ...asked, prompt: 'none' }).url))).toBe(
      'consent_required',
    );
    const waiting = await press(alice, page, 'ask operator');
    expect(waiting.kind === 'page' && waiting.html).toContain('Nobody has decided yet');
    // Once more is the same request.
    await press(alice, page, 'ask operator');
    const [request, ...more] = await queued(clientId);
    expect([request?.account, more]).toEqual(['alice@contoso.example', []]);

    expect((await call('POST', `operator-requests/${request?.id}/approve`, { body: {} })).status).toBe(200);
    expect(await queued(clientId)).toEqual([]);
    const again = await call('POST', `operator-requests/${request?.id}/approve`, { body: {} });
    expect(again).toMatchObject({ status: 404, body: { error: 'not_found' } });
    const tokens = await service.tokens(alice, asked);
    expect(tokens.scope).toBe('vso.code vso.work');
    expect((await okJson<TokenSet>(elsewhere(service).refresh(tokens.refresh_token))).scope).toBe('vso.code vso.work');
  });

  it('are decided once, however many operators decide at once', async () => {
    const bob = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    await rule(stack, call, { needs_operator: [permission('vso.code')] });
    await press(bob, await pageAt(bob, service.authorization({ scope: 'vso.code' }).url), 'ask operator');
    const [request] = await queued(clientId);
    const decided = await Promise.all(
      ['approve', 'refuse', 'approve', 'refuse'].map((decision) =>
        call('POST', `operator-requests/${request?.id}/${decision}`, { body: { reason: decision } }),
      ),
    );
    const statuses = decided.map(({ status }) => status).toSorted();
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect([404, 409]).toEqual(expect.arrayContaining([...new Set(statuses.slice(1))]));
  });

  it('may be left out, and are refused with a reason that the person reads', async () => {
    const bob = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    await rule(stack, call, { needs_operator: [permission('vso.code')] });
    const { url } = service.authorization({ scope: 'vso.work vso.code' });
    await press(bob, await pageAt(bob, url), 'ask operator');
    const [request] = await queued(clientId);
    const path = `operator-requests/${request?.id}/refuse`;
    expect((await call('POST', path, { body: {} })).status).toBe(400);
    expect((await call('POST', path, { body: { reason: 'Not <b>before</b> the audit' } })).status).toBe(200);
    const page = await pageAt(bob, url);
    expect(page.html).toContain('Not &lt;b&gt;before&lt;/b&gt; the audit');
    const rest = await press(bob, page, 'without');
    if (rest.kind !== 'page') throw new Error('a page was expected');
    expect(rest.html).not.toContain('value="vso.code"');
    const end = await bob.decide(rest, { decision: 'approve' });
    const code = end.kind === 'departure' ? end.location.searchParams.get('code') : undefined;
    expect(code).toContain('assent_ac_');
  });

  it('are taken from what has them already, at the next refresh and wherever a token is looked at; and come back', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice, { scope: 'vso.work vso.code' });
    await rule(stack, call, { needs_operator: [permission('vso.code')] });
    expect(await okJson(services.api.introspect({ token: tokens.access_token }))).toMatchObject({
      active: true,
      scope: 'vso.work',
    });
    const less = await okJson<TokenSet>(elsewhere(service).refresh(tokens.refresh_token));
    expect(less.scope).toBe('vso.work');
    await rule(stack, call);
    expect((await okJson<TokenSet>(service.refresh(less.refresh_token))).scope).toBe('vso.code vso.work');
  });

  it('may say who the person is: without them nobody is signed in, and what is held tells nothing of them', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const asked = { scope: 'openid profile vso.work' };
    const tokens = await service.tokens(alice, asked);
    const userinfo = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${stack.issuer}/userinfo`, { headers });
      return answer.status === 200 ? Object.keys((await answer.json()) as object) : answer.status;
    };
    const identity = (scope: string) => ({ resource: `${stack.issuer}/userinfo`, scope });

    await rule(stack, call, { needs_operator: [identity('profile')] });
    expect(await userinfo(tokens.access_token)).toEqual(['sub']);
    const nameless = await okJson<TokenSet>(elsewhere(service).refresh(tokens.refresh_token));
    expect(nameless.scope).toBe('openid vso.work');
    expect(jwtPart(nameless.id_token ?? '', 'payload')).not.toHaveProperty('name');

    await rule(stack, call, { needs_operator: [identity('openid')] });
    expect(await userinfo(tokens.access_token)).toBe(403);
    expect(await okJson(services.api.introspect({ token: nameless.access_token }))).toMatchObject({
      scope: 'vso.work',
    });
    const less = await okJson<TokenSet>(elsewhere(service).refresh(nameless.refresh_token));
    expect([less.scope, less.id_token]).toEqual(['vso.work', undefined]);
    // A service that signs people in can do nothing with the rest.
    const { html } = await pageAt(alice, service.authorization(asked).url);
    expect(html).toContain('An operator must approve this first');
    expect(html).not.toContain('value="without"');

    await rule(stack, call);
    const again = await okJson<TokenSet>(service.refresh(less.refresh_token));
    expect([again.scope, again.id_token]).toEqual(['openid profile vso.work', expect.any(String)]);
  });

  it('are not got by approving a page from before the rule', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const page = await pageAt(alice, service.authorization({ scope: 'vso.work vso.code' }).url);
    await rule(stack, call, { needs_operator: [permission('vso.code')] });
    const end = await alice.decide(page, { decision: 'approve' });
    expect(end.kind).toBe('page');
  });
});

describe('the longest life of an authorization', () => {
  it('ends what was approved before it, and what silence would go on with', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice);
    await rule(stack, call, { longest_authorization_seconds: 3_600 });
    const next = await okJson<TokenSet>(service.refresh(tokens.refresh_token));
    await stack.clock.move(3_600 - 60);
    const person = await signedInAt(stack);
    const last = await service.refresh(next.refresh_token);
    // Nothing outlives it: the token says so itself.
    if (last.status === 200) expect((await okJson<TokenSet>(last)).expires_in).toBeLessThan(60);
    await stack.clock.move(60);
    expect(await refusalOf(service.refresh(next.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await isActive(service, next.refresh_token)).toBe(false);
    expect((await pageAt(person, service.authorization().url)).html).toContain('name="decision"');
  });
});

describe('conditions on sign-in', () => {
  it('stop what rests on an older sign-in, and ask for a new one', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice);
    await rule(stack, call, { sign_in: { acr: [], max_age_seconds: 300 } });
    expect((await service.refresh(tokens.refresh_token)).status).toBe(200);
    await stack.clock.move(301);
    const kept = await okJson<TokenSet>(service.refresh(tokens.refresh_token)).catch((error: Error) => error.message);
    expect(kept).toContain('invalid_grant');
    expect(await isActive(services.api, tokens.access_token)).toBe(false);
    const away = await alice.send(service.authorization().url);
    expect(new URL(away.headers.get('location') ?? '').searchParams.get('max_age')).toBe('300');
    const fresh = await service.tokens(alice);
    expect((await service.refresh(fresh.refresh_token)).status).toBe(200);
  });

  it('refuse whom the provider does not sign in at the level', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice);
    await rule(stack, call, { sign_in: { acr: ['urn:never'] } });
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(errorAt(await alice.visit(service.authorization().url))).toBe('unmet_authentication_requirements');
  });
});

describe('operators', () => {
  it('read what a change does before they make it, and each change is in the audit first', async () => {
    const body = { ...freePolicy, third_party_access: 'off' };
    const preview = await call('POST', 'policy/preview', { body });
    expect(preview.status).toBe(200);
    expect(JSON.stringify(preview.body)).toContain('Nothing ends');
    expect((await call('GET', 'policy')).body).toMatchObject({ third_party_access: 'on' });
    await rule(stack, call, { registration: 'nobody' });
    const rows = (await auditRows(stack)).filter((row) => row.event === 'policy.changed');
    expect(rows.at(-1)).toMatchObject({ actor: 'local-operator', actorKind: 'operator' });
  });

  it('do not overwrite a change that they have not seen', async () => {
    const seen = (await call('GET', 'policy')).headers.get('etag') ?? '';
    const headers = { 'if-match': seen };
    const answers = await Promise.all(
      ['nobody', 'everyone', 'nobody', 'everyone'].map((registration) =>
        call('PUT', 'policy', { body: { ...freePolicy, registration }, headers }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.every((status) => [200, 409, 412].includes(status))).toBe(true);
  });

  it.each([
    ['a permission that no resource has', { needs_operator: [{ resource: 'https://nowhere.example', scope: 'x' }] }],
    ['a life of a minute', { longest_authorization_seconds: 60 }],
    ['a sign-in of a second', { sign_in: { acr: [], max_age_seconds: 1 } }],
    ['a member that is not known', { everything: 'allowed' }],
  ])('are refused %s', async (_, change) => {
    expect((await call('PUT', 'policy', { body: { ...freePolicy, ...change } })).status).toBe(400);
  });

  it('are told what would happen to somebody at a service, by the rules that are enforced', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    await service.tokens(alice);
    const trial = { subject: subjectOf('alice'), client_id: clientId };
    const free = await call('POST', 'policy/try', { body: trial });
    expect(free.body).toMatchObject({ person_known: true, holding: [{ outcome: 'goes on as it is' }] });
    const off = { ...trial, policy: { ...freePolicy, third_party_access: 'off' } };
    const stopped = await call('POST', 'policy/try', { body: off });
    expect(JSON.stringify(stopped.body)).toContain('stopped: third-party access is off');
    expect((stopped.body.holding as { verdicts: { rule: string; outcome: string }[] }[])[0]?.verdicts[0]).toMatchObject(
      {
        rule: 'third_party_access',
        outcome: 'refuses',
      },
    );
    expect((await call('POST', 'policy/try', { body: { ...trial, client_id: 'nobody' } })).status).toBe(404);
  });

  it('read whose authorizations a change concerns, counted by service', async () => {
    const service = await register(stack.issuer, { client_name: 'Counted Plans' });
    const { clientId } = service.registration;
    for (const login of ['alice', 'bob'] as const)
      await service.tokens(await signedInAt(stack, login), {
        scope: login === 'bob' ? 'vso.work' : 'vso.work vso.code',
      });
    await expect.poll(async () => (await indexOf(stack, clientId)).count, { timeout: 60_000, interval: 100 }).toBe(2);
    type Effects = { rule: string; counts?: { services: { client_id: string; people: number }[] } }[];
    const peopleBy = async (path: string, body: object, rule: string) => {
      const effects = (await call('POST', path, { body })).body.effects as Effects;
      const counted = effects.find((one) => one.rule === rule && one.counts !== undefined)?.counts;
      return counted?.services.find((one) => one.client_id === clientId)?.people ?? 0;
    };
    const by = (rule: string, change: object) => peopleBy('policy/preview', { ...freePolicy, ...change }, rule);
    expect(await by('third_party_access', { third_party_access: 'off' })).toBe(2);
    expect(await by('needs_operator', { needs_operator: [permission('vso.code')] })).toBe(1);
    expect(await by('longest_authorization_seconds', { longest_authorization_seconds: 3_600 })).toBe(0);
    await stack.clock.move(3_700);
    expect(await by('longest_authorization_seconds', { longest_authorization_seconds: 3_600 })).toBe(2);
    expect(await by('sign_in', { sign_in: { acr: [], max_age_seconds: 3_600 } })).toBe(2);
    expect(await by('other_services', { other_services: 'blocked' })).toBe(2);
    const own = { client_id: clientId, access: 'blocked' };
    expect(await peopleBy('policy/service/preview', own, 'service')).toBe(2);
    await ruleService(stack, call, { clientId, access: 'allowed' });
    expect(await by('other_services', { other_services: 'blocked' })).toBe(0);
  });

  it('name the person to try by account, subject or pseudonym, in one way', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    await service.tokens(alice);
    await untilFound(call, 'alice@contoso.example');
    const ways = [
      { account: 'ALICE@contoso.example' },
      { subject: subjectOf('alice') },
      { person: pseudonymOf(stack, 'alice') },
    ];
    const attempt = (body: object) =>
      call('POST', 'policy/try', { body: { client_id: service.registration.clientId, ...body } });
    for (const way of ways)
      expect((await attempt(way)).body).toMatchObject({
        person: pseudonymOf(stack, 'alice'),
        holding: [{ outcome: 'goes on as it is' }],
      });
    expect((await attempt({ account: 'nobody@contoso.example' })).status).toBe(404);
    for (const wrong of [{}, { ...ways[0], ...ways[1] }, { person: 'x' }])
      expect((await attempt(wrong)).status).toBe(400);
  });

  it('try the rule of a service before it is saved, and permissions that there are', async () => {
    const { clientId } = (await register(stack.issuer)).registration;
    const trial = { subject: subjectOf('alice'), client_id: clientId, scope: 'vso.work' };
    const outcomeWith = async (service_rule: object) => {
      const { body } = await call('POST', 'policy/try', { body: { ...trial, service_rule } });
      return (body.asking as { outcome: string } | undefined)?.outcome ?? body.error;
    };
    expect(await outcomeWith({ access: 'blocked' })).toBe('stopped: the service is blocked');
    const forEveryone = { access: 'approved_for_everyone', permissions: [permission('vso.work')] };
    expect(await outcomeWith(forEveryone)).toBe('the person is not asked, and gets it');
    expect(await outcomeWith({ ...forEveryone, permissions: [permission('no.such')] })).toBe('invalid_request');
    const needing = { ...freePolicy, needs_operator: [permission('no.such')] };
    expect((await call('POST', 'policy/try', { body: { ...trial, policy: needing } })).status).toBe(400);
  });

  it('cannot block the client that they block by', async () => {
    const path = 'policy/service?client_id=local-operator';
    expect((await call('PUT', path, { body: { access: 'blocked' } })).status).toBe(409);
  });

  it('find every service that has a rule', async () => {
    const { clientId } = (await register(stack.issuer)).registration;
    await ruleService(stack, call, { clientId, access: 'allowed' });
    const { body } = await call('GET', 'policy/services');
    expect((body.services as { client_id: string }[]).map((one) => one.client_id)).toContain(clientId);
    expect((await call('GET', 'policy/services?after=x')).status).toBe(400);
  });
});
