/** The buttons that tick and untick all: without a script, that is another page, on which nothing is lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalPageOf } from '../../support/approval.ts';
import { codesOf, enterCode, poll, registerDevice } from '../../support/devices.ts';
import { untouched } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import { approvalForm, type Page, type Person } from '../../support/person.ts';
import { okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let service: Service;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
});

beforeEach(async () => {
  service = await register(stack.issuer);
});

afterAll(() => stack.stop());

const fieldsOf = (page: Page): URLSearchParams => {
  const form = approvalForm(page);
  if (form === undefined) throw new Error('no approval page');
  return untouched(form);
};

const chosenOn = (page: Page) => [fieldsOf(page).getAll('permission'), fieldsOf(page).get('lasting')];

/** Presses a button of the page, with some of its fields changed. */
const press = async (page: Page, fields: Readonly<Record<string, string>>): Promise<Page> => {
  const form = approvalForm(page);
  if (form === undefined) throw new Error('no approval page');
  const next = await alice.submit(page, form, new URLSearchParams(fields));
  if (next.kind !== 'page') throw new Error(`left for ${next.location}`);
  return next;
};

describe('“Untick all” and “Tick all”', () => {
  it('show the page again so, keep for how long, and decide nothing', async () => {
    const { url, verifier } = service.authorization({ scope: 'vso.work vso.code' });
    const page = await approvalPageOf(alice, url);
    expect(page.html).toContain('>Untick all</button>');
    expect(chosenOn(page)).toEqual([['vso.code', 'vso.work'], 'until revoked']);

    const none = await press(page, { decision: 'untick', lasting: 'once' });
    expect(none.html).toContain('>Tick all</button>');
    expect(chosenOn(none)).toEqual([[], 'once']);
    const all = await press(none, { decision: 'tick' });
    expect(chosenOn(all)).toEqual([['vso.code', 'vso.work'], 'once']);
    const silent = await alice.visit(service.authorization({ prompt: 'none' }).url);
    expect(silent.kind === 'departure' && silent.location.searchParams.get('error')).toBe('consent_required');

    const end = await alice.decide(all, { decision: 'approve', permissions: ['vso.work'] });
    const code = (end.kind === 'departure' && end.location.searchParams.get('code')) || '';
    const tokens = await okJson<Partial<TokenSet>>(service.redeem({ code, verifier }));
    expect([tokens.scope, tokens.refresh_token]).toEqual(['vso.work', undefined]);
  });

  it('do the same for a device, where "once" is once as well', async () => {
    const television = await registerDevice(stack.issuer);
    const codes = await codesOf(stack.issuer, television.registration);
    const page = await enterCode(alice, stack.issuer, codes.user_code);
    const none = await press(page, { decision: 'untick', lasting: 'once' });
    expect(chosenOn(none)).toEqual([[], 'once']);
    expect(await refusalOf(poll(television, codes))).toEqual({ status: 400, error: 'authorization_pending' });
    await alice.decide(none, { decision: 'approve', permissions: ['vso.code'] });
    // RFC 8628 §3.5: not faster than it was told to.
    await stack.clock.move(6);
    const tokens = await okJson<Partial<TokenSet>>(poll(television, codes));
    expect([tokens.scope, tokens.refresh_token]).toEqual(['vso.code', undefined]);
    expect(
      (await enterCode(alice, stack.issuer, (await codesOf(stack.issuer, television.registration)).user_code)).html,
    ).toContain('You allowed this once.');
  });

  it('are not there where there is nothing to choose', async () => {
    const page = await approvalPageOf(alice, service.authorization({ scope: 'vso.profile', prompt: 'consent' }).url);
    expect(page.html).not.toMatch(/(Unt|T)ick all/);
  });

  it('leave nothing in: a permission that one of them unticked is not granted with the rest', async () => {
    const page = await approvalPageOf(
      alice,
      service.authorization({ scope: 'vso.work vso.code', prompt: 'consent' }).url,
    );
    const none = await press(page, { decision: 'untick' });
    expect((await press(none, { decision: 'approve' })).html).toContain('Nothing is ticked');
  });
});

describe('a permission that lies within another', () => {
  const allow = async (permissions: readonly string[]): Promise<unknown> => {
    const own = await register(stack.issuer);
    const { url, verifier } = own.authorization({ scope: 'vso.work vso.work_write' });
    const end = await alice.decide(await approvalPageOf(alice, url), { decision: 'approve', permissions });
    const code = (end.kind === 'departure' && end.location.searchParams.get('code')) || '';
    return (await okJson(own.redeem({ code, verifier }))).scope;
  };

  it('comes with it, ticked or not, and stays when the other one is unticked', async () => {
    expect(await allow(['vso.work_write'])).toBe('vso.work vso.work_write');
    expect(await allow(['vso.work', 'vso.work_write'])).toBe('vso.work vso.work_write');
    expect(await allow(['vso.work'])).toBe('vso.work');
  });
});
