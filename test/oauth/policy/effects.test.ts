/** What operators read before they save a rule. */
import { describe, expect, it } from 'vitest';
import { effectsOf, stopsEverything } from '../../../src/oauth/policy/effects.ts';
import { type ClientRule, defaultPolicy, type Policy } from '../../../src/oauth/policy/policy.ts';
import { effectsOfRule } from '../../../src/oauth/policy/rule-effects.ts';

const now = Date.parse('2026-11-26T12:00:00Z') / 1000;
const before = defaultPolicy;
const told = (after: Partial<Policy>, from: Policy = before) =>
  effectsOf({ before: from, after: { ...from, ...after }, now });

describe('a change of the rules', () => {
  it('that changes nothing says nothing', () => expect(told({})).toEqual([]));

  it.each([
    [{ thirdPartyAccess: 'off' }, 'third_party_access', /Refreshes are refused.*Nothing ends/],
    [{ registration: 'everyone' }, 'registration', /Everybody who can sign in/],
    [{ otherClients: 'blocked' }, 'other_services', /Can ask for nothing/],
    [{ needsOperator: ['https://api.example vso.code'] }, 'needs_operator', /Must ask operators first/],
    [{ longestAuthorizationSeconds: 86_400 }, 'longest_authorization_seconds', /has to ask again/],
    [{ signIn: { acr: ['2'], maxAgeSeconds: undefined } }, 'sign_in', /unless the person had signed in as 2/],
    [{ signIn: { acr: [], maxAgeSeconds: 86_400 } }, 'sign_in', /1 day after their sign-in/],
  ] as const)('%o says what it does, and the other way round', (change, rule, words) => {
    const effects = told(change as Partial<Policy>);
    expect(effects[0]?.rule).toBe(rule);
    expect(effects.map(({ what }) => what).join(' ')).toMatch(words);
    const back = told(before, { ...before, ...(change as Partial<Policy>) });
    expect(back.map((one) => one.rule)).toContain(rule);
    expect(back).not.toEqual(effects);
  });

  it('names whose authorizations stop by the instant of their approval', () => {
    expect(told({ longestAuthorizationSeconds: 86_400 })[0]?.who).toContain('25 November 2026 at 12:00 UTC');
  });

  it('stops everything that is held only where all services lose by it', () => {
    expect(stopsEverything(before, { ...before, thirdPartyAccess: 'off' })).toBe(true);
    expect(stopsEverything(before, { ...before, otherClients: 'blocked' })).toBe(true);
    expect(stopsEverything(before, { ...before, registration: 'nobody' })).toBe(false);
    expect(stopsEverything({ ...before, thirdPartyAccess: 'off' }, before)).toBe(false);
  });
});

describe('a rule for one service', () => {
  const forEveryone: ClientRule = { kind: 'approved for everyone', permissions: ['https://api.example vso.work'] };
  const of = (from: ClientRule | undefined, after: ClientRule | undefined, policy = before) =>
    effectsOfRule('Reports', { before: from, after, policy, clientId: 'reports' }).map(({ what }) => what);

  it.each([
    ['blocking it', undefined, { kind: 'blocked' } as ClientRule, /Can ask for nothing/],
    ['letting it go', { kind: 'blocked' } as ClientRule, undefined, /Can ask again/],
    ['approving it', undefined, forEveryone, /Is not asked for vso.work/],
    ['taking that back', forEveryone, { kind: 'allowed' } as ClientRule, /go on without it/],
  ])('%s is said', (_, from, after, words) => expect(of(from, after).join(' ')).toMatch(words));

  it('says nothing where nothing changes', () => expect(of(undefined, { kind: 'allowed' })).toEqual([]));
  it('stops a service by its removal where others are blocked', () =>
    expect(of({ kind: 'allowed' }, undefined, { ...before, otherClients: 'blocked' })[0]).toMatch(
      /Can ask for nothing/,
    ));
});
