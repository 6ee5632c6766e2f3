/** For how long a person allows: once, thirty days, until revoked. What the page promises holds at every endpoint. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { approvalOf, approvalPageOf, codeIn, sendApproval } from '../../support/approval.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { rule } from '../../support/policy.ts';
import {
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
const daySeconds = 86_400;

beforeAll(async () => {
  stack = await startStack({
    settings: {
      REFRESH_IDLE_SECONDS: String(90 * daySeconds),
      REFRESH_ABSOLUTE_SECONDS: String(365 * daySeconds),
      SESSION_IDLE_SECONDS: String(30 * daySeconds),
      SESSION_ABSOLUTE_SECONDS: String(90 * daySeconds),
    },
  });
});

afterAll(() => stack.stop());

type Allowing = { readonly lasting: string; readonly scope?: string; readonly ticked?: readonly string[] };

/** Allows what the service asks for so long. Gives its tokens. */
const allow = async (
  person: Person,
  service: Service,
  { lasting, scope = 'vso.work vso.code', ticked }: Allowing,
): Promise<Partial<TokenSet>> => {
  const { url, verifier } = service.authorization({ scope, prompt: 'consent' });
  const page = await approvalPageOf(person, url);
  const fields = approvalOf(page);
  fields.set('lasting', lasting);
  if (ticked !== undefined) {
    fields.delete('permission');
    for (const one of ticked) fields.append('permission', one);
  }
  const code = codeIn(await sendApproval(person, page, fields)) ?? '';
  return okJson<Partial<TokenSet>>(service.redeem({ code, verifier }));
};

const asksAgain = (person: Person, service: Service, scope: string): Promise<Page> =>
  approvalPageOf(person, service.authorization({ scope }).url);

const authorizationsOf = async (person: Person): Promise<string> =>
  ((await person.visit(`${stack.issuer}/authorizations`)) as Page).html;

describe('what is allowed once', () => {
  it('is an access token that works, and no refresh token', async () => {
    const [alice, service] = [await signedInAt(stack), await register(stack.issuer)];
    const tokens = await allow(alice, service, { lasting: 'once' });
    expect(tokens).toMatchObject({ scope: 'vso.code vso.work', token_type: 'Bearer' });
    expect(tokens).not.toHaveProperty('refresh_token');
    expect(await okJson(service.introspect({ token: tokens.access_token ?? '' }))).toMatchObject({ active: true });
  });

  it('is not remembered: the next request asks again, and is refused where nobody can be asked', async () => {
    const [alice, service] = [await signedInAt(stack), await register(stack.issuer)];
    await allow(alice, service, { lasting: 'once' });
    await asksAgain(alice, service, 'vso.work');
    const silent = await alice.visit(service.authorization({ scope: 'vso.work', prompt: 'none' }).url);
    expect(silent.kind === 'departure' && silent.location.searchParams.get('error')).toBe('consent_required');
  });

  it('is on the list while its token lives, and leaves it with that', async () => {
    const alice = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer, { client_name: 'Fabrikam Once' });
    const { access_token: token = '' } = await allow(alice, service, { lasting: 'once', scope: 'vso.work' });
    const listed = await authorizationsOf(alice);
    expect(listed).toContain('Fabrikam Once');
    expect(listed).toContain('See your work items');
    await stack.clock.move(601);
    expect(await authorizationsOf(alice)).not.toMatch(/<h3>[^/]*Fabrikam Once/);
    expect(await okJson(service.introspect({ token }))).toEqual({ active: false });
  });

  it('takes nothing from what was allowed for longer, and takes back what is unticked', async () => {
    const [alice, service] = [await signedInAt(stack), await register(stack.issuer)];
    const first = await allow(alice, service, { lasting: 'until revoked', scope: 'vso.work vso.build' });
    const scope = 'vso.work vso.build vso.code';
    const once = await allow(alice, service, { lasting: 'once', scope, ticked: ['vso.work', 'vso.code'] });
    expect([once.scope, 'refresh_token' in once]).toEqual(['vso.code vso.work', false]);
    const later = await okJson<TokenSet>(service.refresh(first.refresh_token ?? ''));
    expect(later.scope).toBe('vso.work');
    await asksAgain(alice, service, 'vso.code');
    await asksAgain(alice, service, 'vso.build');
  });

  it('does not let a host that was shown only once be answered in silence', async () => {
    const alice = await signedInAt(stack);
    const [first, second] = ['https://one.fabrikam.example/cb', 'https://two.fabrikam.example/cb'];
    const service = await register(stack.issuer, { redirect_uris: [first, second] });
    await allow(alice, service, { lasting: 'until revoked', scope: 'vso.work' });
    const { url } = service.authorization({ scope: 'vso.work', redirect_uri: second });
    const page = await approvalPageOf(alice, url);
    const fields = approvalOf(page);
    fields.set('lasting', 'once');
    expect(codeIn(await sendApproval(alice, page, fields))).toBeDefined();
    await approvalPageOf(alice, url);
  });
});

describe('what is allowed for thirty days', () => {
  it('is refreshed and answered in silence until then, and neither of them after', async () => {
    const [alice, service] = [await signedInAt(stack), await register(stack.issuer)];
    const { refresh_token: token = '' } = await allow(alice, service, { lasting: '30 days', scope: 'vso.work' });
    await stack.clock.move(30 * daySeconds - 60);
    const next = await okJson<TokenSet>(service.refresh(token));
    await service.code(alice, { scope: 'vso.work' });
    await stack.clock.move(61);
    expect(await refusalOf(service.refresh(next.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    await asksAgain(alice, service, 'vso.work');
  });

  it('does not shorten what was allowed until it is revoked', async () => {
    const [alice, service] = [await signedInAt(stack), await register(stack.issuer)];
    const { refresh_token: token = '' } = await allow(alice, service, { lasting: 'until revoked', scope: 'vso.work' });
    await allow(alice, service, { lasting: '30 days', scope: 'vso.code' });
    await stack.clock.move(31 * daySeconds);
    expect(await okJson<TokenSet>(service.refresh(token))).toMatchObject({ scope: 'vso.work' });
  });
});

describe('what operators let nobody allow for longer', () => {
  it('is said on the page, bounds every choice, and ends it even where the rule is gone by then', async () => {
    const call: Admin = async (...args) =>
      adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...args);
    await rule(stack, call, { longest_authorization_seconds: 7 * daySeconds });
    const [alice, service] = [await signedInAt(stack), await register(stack.issuer)];
    const { html } = await asksAgain(alice, service, 'vso.work');
    expect(html).toContain('At <bdi>Contoso</bdi>, every authorization ends after 7 days at the latest.');
    expect(html).toContain('in any case after 7 days');
    expect(html).not.toContain('value="30 days"');
    const { refresh_token: token = '' } = await allow(alice, service, { lasting: 'until revoked', scope: 'vso.work' });
    const other = await allow(alice, await register(stack.issuer), { lasting: '30 days', scope: 'vso.work' });
    await rule(stack, call);
    await stack.clock.move(6 * daySeconds);
    const next = await okJson<TokenSet>(service.refresh(token));
    await stack.clock.move(daySeconds);
    expect(await refusalOf(service.refresh(next.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await isActive(service, other.refresh_token ?? '')).toBe(false);
    expect((await asksAgain(alice, service, 'vso.work')).html).toContain('value="30 days"');
  });
});

describe('the choice', () => {
  it('is until revoked where a form does not say, and nobody’s where it says something else', async () => {
    const [alice, service] = [await signedInAt(stack), await register(stack.issuer)];
    const { url, verifier } = service.authorization({ prompt: 'consent' });
    const page = await approvalPageOf(alice, url);
    const fields = approvalOf(page);
    fields.set('lasting', 'forever');
    await expectErrorPage(await sendApproval(alice, page, fields));
    fields.delete('lasting');
    const code = codeIn(await sendApproval(alice, page, fields)) ?? '';
    expect(await okJson(service.redeem({ code, verifier }))).toHaveProperty('refresh_token');
  });

  it('makes another decision of the same page: no second code comes of it', async () => {
    const [alice, service] = [await signedInAt(stack), await register(stack.issuer)];
    const page = await approvalPageOf(alice, service.authorization({ prompt: 'consent' }).url);
    const fields = approvalOf(page);
    expect(codeIn(await sendApproval(alice, page, fields))).toBeDefined();
    fields.set('lasting', 'once');
    const again = await sendApproval(alice, page, fields);
    expect([again.status, codeIn(again)]).toEqual([200, undefined]);
  });
});
