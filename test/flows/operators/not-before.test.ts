/**
 * What an operator voids is void wherever it could still produce a token, on every instance, also on one that has not heard
 * of it yet: things are judged by what they rest on.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { adminWith, ownTokenOf } from '../../support/admin.ts';
import { approvalOf, approvalPageOf, codeIn, sendApproval } from '../../support/approval.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import { createPerson, type Person } from '../../support/person.ts';
import {
  createService,
  demoServices,
  okJson,
  refusalOf,
  register,
  type Service,
  type TokenSet,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let elsewhere: string;

beforeAll(async () => {
  stack = await startStack({ hosts: 2 });
  elsewhere = stack.hosts[1] ?? '';
});

afterEach(() => stack.clock.hold(false));

afterAll(() => stack.stop());

/** The same browser, whose requests reach the second host. */
const atOther = (person: Person): Person => {
  const other = createPerson({
    login: person.login,
    issuer: stack.issuer,
    providerIssuer: stack.provider.issuer,
    via: elsewhere,
  });
  for (const [host, jar] of person.cookies) other.cookies.set(host, jar);
  return other;
};

const objectIdOf = (login: string): string => users.find((user) => user.login === login)?.objectId ?? '';

const subjects = [
  { whom: 'everyone', body: () => ({ everyone: true }) },
  { whom: 'one client', body: (service: Service) => ({ client_id: service.registration.clientId }) },
  { whom: 'one person', body: () => ({ subject: objectIdOf('bob') }) },
] as const;

const voidNow = async (body: unknown): Promise<void> => {
  const call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
  expect((await call('POST', 'not-before', { body })).status).toBe(200);
};

const invalidGrant = { status: 400, error: 'invalid_grant' };

/** Within the second of an instant everything counts as older than it. */
const nextSecond = () => stack.clock.move(1);
beforeEach(() => nextSecond());

const untilHeard = () => stack.clock.move(16);

describe('a token for the admin API that was voided', () => {
  it.each([
    { whom: 'everyone', body: { everyone: true } },
    { whom: 'its client', body: { client_id: 'local-operator' } },
  ])('makes no secret, on an instance that has not heard of it either: not before now for $whom', async ({ body }) => {
    const service = await register(stack.issuer);
    const token = await ownTokenOf(demoServices(stack.issuer).operator);
    const stolen = adminWith(elsewhere, token);
    expect((await stolen('GET', 'apps')).status).toBe(200);
    await nextSecond();
    await voidNow(body);
    const made = await stolen('POST', `apps/${service.registration.clientId}/secrets`, { body: {} });
    expect([made.status, made.body.error]).toEqual([401, 'invalid_token']);
  });
});

describe.each(subjects)('not before now, for $whom', ({ body }) => {
  it('ends what an instance that has not heard of it goes on making from a session or an approval', async () => {
    const service = await register(stack.issuer);
    const other = createService(stack.issuer, service.registration, elsewhere);
    // From here on its list is fresh, and stays so however long this takes.
    await untilHeard();
    await stack.clock.hold(true);
    const bob = atOther(await signedInAt(stack, 'bob'));
    const before = await other.tokens(bob);
    const code = await other.code(bob);
    await nextSecond();
    await voidNow(body(service));
    await nextSecond();

    // The other host has read its list a moment ago: it answers in silence, and gives tokens.
    const minted = await other.tokens(bob);
    await untilHeard();
    for (const token of [before.refresh_token, minted.refresh_token]) {
      expect(await refusalOf(other.refresh(token))).toEqual(invalidGrant);
      expect(await refusalOf(service.refresh(token))).toEqual(invalidGrant);
    }
    expect(await refusalOf(other.redeem(code))).toEqual(invalidGrant);
    for (const { access_token: token } of [before, minted])
      expect(await okJson(service.introspect({ token }))).toEqual({ active: false });
  });

  it('ends remembered consent: the next visit asks, and then all is well', async () => {
    const service = await register(stack.issuer);
    const bob = await signedInAt(stack, 'bob');
    await service.tokens(bob);
    await nextSecond();
    await voidNow(body(service));
    await nextSecond();
    const again = personAt(stack, 'bob');
    const page = await approvalPageOf(again, service.authorization().url);
    expect(page.html).not.toContain('You allowed this before');
    const { refresh_token: token } = await service.tokens(again);
    expect(await okJson<TokenSet>(service.refresh(token))).toHaveProperty('access_token');
    const silent = await again.visit(service.authorization().url);
    expect(silent.kind).toBe('departure');
  });

  it('lets a person sign in anew at once, in the very second too', async () => {
    const service = await register(stack.issuer);
    await voidNow(body(service));
    const bob = await signedInAt(stack, 'bob');
    await nextSecond();
    expect(await service.tokens(bob)).toHaveProperty('access_token');
  });

  it('ends an approval page that was open', async () => {
    const service = await register(stack.issuer);
    const bob = await signedInAt(stack, 'bob');
    const page = await approvalPageOf(bob, service.authorization().url);
    await nextSecond();
    await voidNow(body(service));
    const answer = await sendApproval(bob, page, approvalOf(page));
    expect(codeIn(answer)).toBeUndefined();
  });

  it('is not what the person is shown as authorized any more', async () => {
    const service = await register(stack.issuer, { client_name: 'Void Ltd' });
    await service.tokens(await signedInAt(stack, 'bob'));
    await nextSecond();
    await voidNow(body(service));
    await nextSecond();
    const page = await (await signedInAt(stack, 'bob')).visit(`${stack.issuer}/authorizations`);
    const cards = page.kind === 'page' ? page.html.match(/<article[\s\S]*?<\/article>/g) : undefined;
    expect((cards ?? []).join()).not.toContain('Void Ltd');
  });
});
