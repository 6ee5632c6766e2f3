/** Every rule alone, and the ruling that they come to: without storage, requests or a clock. */
import { describe, expect, it } from 'vitest';
import { parseResources } from '../../../src/oauth/access/catalogue.ts';
import type { Matter } from '../../../src/oauth/policy/matter.ts';
import { unapproved } from '../../../src/oauth/policy/needs-operator.ts';
import { defaultPolicy, type Policy } from '../../../src/oauth/policy/policy.ts';
import { meetsSignInRule, ruledNeeds } from '../../../src/oauth/policy/sign-in.ts';
import { rulingOn, verdictsOn } from '../../../src/oauth/policy/verdicts.ts';
import { permissionsOf } from '../../support/permissions.ts';

const now = 1_800_000_000;
const api = 'https://api.example';
const resources = parseResources([
  {
    identifier: `${api}/`,
    name: 'API',
    permissions: [
      ...permissionsOf('read'),
      ...permissionsOf('write').map((one) => ({ ...one, inheritsFrom: 'read' })),
      ...permissionsOf('all').map((one) => ({ ...one, inheritsFrom: 'write' })),
    ],
  },
]);

const matterWith = (change: Partial<Omit<Matter, 'policy'>> & { readonly policy?: Partial<Policy> } = {}): Matter => ({
  rule: undefined,
  now,
  permissions: [`${api} read`],
  requested: [],
  byOperator: [],
  signIn: { authTime: now - 100, acr: '1', sessionAt: now - 90 },
  approvedAt: now - 80,
  resources,
  ...change,
  policy: { ...defaultPolicy, ...change.policy },
});

const free = { refusal: undefined, withheld: [], endsAt: undefined };

describe('the rules of a deployment', () => {
  it('refuse, withhold and end nothing by default', () => expect(rulingOn(matterWith())).toEqual(free));

  it.each([
    ['third-party access is off', { policy: { thirdPartyAccess: 'off' } }, 'policy_access_paused'],
    ['the service is blocked', { rule: { kind: 'blocked' } }, 'policy_client_blocked'],
    ['others are blocked', { policy: { otherClients: 'blocked' } }, 'policy_client_unlisted'],
    [
      'another level is wanted',
      { policy: { signIn: { acr: ['2'], maxAgeSeconds: undefined } } },
      'policy_sign_in_level',
    ],
    ['the sign-in is too old', { policy: { signIn: { acr: [], maxAgeSeconds: 99 } } }, 'policy_sign_in_too_old'],
    ['the approval is too old', { policy: { longestAuthorizationSeconds: 80 } }, 'policy_authorization_too_old'],
    [
      'all of it was approved for everyone, and is not now',
      { byOperator: [`${api} read`] },
      'policy_no_longer_approved',
    ],
  ] as const)('refuse when %s', (_, change, reason) =>
    expect(rulingOn(matterWith(change as never)).refusal).toBe(reason),
  );

  it.each([
    [
      'a rule allows the service although others are blocked',
      { rule: { kind: 'allowed' }, policy: { otherClients: 'blocked' } },
    ],
    [
      'the level is one of those that are wanted',
      { policy: { signIn: { acr: ['2', '1'], maxAgeSeconds: undefined } } },
    ],
    ['nobody has approved yet', { approvedAt: undefined, policy: { longestAuthorizationSeconds: 1 } }],
  ] as const)('refuse nothing when %s', (_, change) =>
    expect(rulingOn(matterWith(change as never)).refusal).toBeUndefined(),
  );

  it('judge by the session where the provider did not say when the person signed in', () => {
    const policy = { signIn: { acr: [], maxAgeSeconds: 95 } };
    const signIn = { authTime: undefined, acr: undefined, sessionAt: now - 90 };
    expect(rulingOn(matterWith({ policy, signIn })).refusal).toBeUndefined();
    expect(rulingOn(matterWith({ policy, signIn: { ...signIn, sessionAt: now - 96 } })).refusal).toBeDefined();
  });

  it('say when they will end what holds now: the first of its ends', () => {
    const policy = { longestAuthorizationSeconds: 1_000, signIn: { acr: [], maxAgeSeconds: 500 } };
    expect(rulingOn(matterWith({ policy })).endsAt).toBe(now - 100 + 501);
    expect(rulingOn(matterWith({ policy: { longestAuthorizationSeconds: 1_000 } })).endsAt).toBe(now - 80 + 1_000);
  });

  it('all give their verdict, in one order, whether one has refused or not', () => {
    const verdicts = verdictsOn(matterWith({ rule: { kind: 'blocked' }, policy: { thirdPartyAccess: 'off' } }));
    expect(verdicts.map(({ rule, outcome }) => [rule, outcome])).toEqual([
      ['third_party_access', 'refuses'],
      ['service', 'refuses'],
      ['sign_in_level', 'passes'],
      ['sign_in_age', 'passes'],
      ['longest_authorization', 'passes'],
      ['needs_operator', 'passes'],
      ['approved_for_everyone', 'passes'],
    ]);
  });
});

describe('permissions that need an operator', () => {
  const policy = { needsOperator: [`${api} write`] };
  const missing = (change: Partial<Matter>) => unapproved(matterWith({ policy, ...change } as never));

  it.each([
    ['the permission itself', ['write'], ['write']],
    ['one that includes it, or nobody would have to ask', ['all'], ['all']],
    ['and not one that it includes', ['read'], []],
  ])('are %s', (_, asked, expected) =>
    expect(missing({ permissions: asked.map((one) => `${api} ${one}`) })).toEqual(
      expected.map((one) => `${api} ${one}`),
    ),
  );

  it('are given to whom an operator has approved them for, with what they include, and by a service approved for everyone', () => {
    const permissions = [`${api} write`, `${api} read`];
    expect(missing({ permissions, requested: [`${api} write`] })).toEqual([]);
    expect(missing({ permissions, requested: [`${api} all`] })).toEqual([]);
    expect(missing({ permissions, requested: [`${api} read`] })).toEqual([`${api} write`]);
    expect(missing({ permissions, rule: { kind: 'approved for everyone', permissions } })).toEqual([]);
  });

  it('are withheld from what has them already, and nothing else is', () => {
    const ruling = rulingOn(matterWith({ policy, permissions: [`${api} write`, `${api} read`] }));
    expect(ruling).toEqual({ ...free, withheld: [`${api} write`] });
  });
});

describe('a service approved for everyone', () => {
  const rule = { kind: 'approved for everyone', permissions: [`${api} read`] } as const;
  const last = (change: Partial<Matter>) => verdictsOn(matterWith({ rule, ...change } as never)).at(-1)?.outcome;

  it('asks nobody for what was approved', () => expect(last({})).toBe('approves'));
  it('asks for more', () => expect(last({ permissions: [`${api} read`, `${api} write`] })).toBe('passes'));
  it('keeps what people allowed by themselves, and loses what they were not asked for, when less is approved', () => {
    const permissions = [`${api} read`, `${api} write`];
    expect(rulingOn(matterWith({ rule, permissions, byOperator: [`${api} write`] })).withheld).toEqual([
      `${api} write`,
    ]);
    expect(rulingOn(matterWith({ rule, permissions, byOperator: [] })).withheld).toEqual([]);
  });
});

describe('what a request needs of a sign-in', () => {
  const rule = { acr: ['2'], maxAgeSeconds: 600 };

  it('is the stricter of its own age and the rule’s', () => {
    expect(ruledNeeds({ maxAgeSeconds: undefined }, rule)).toEqual({ maxAgeSeconds: 600, ruledAcr: ['2'] });
    expect(ruledNeeds({ maxAgeSeconds: 60 }, rule).maxAgeSeconds).toBe(60);
    expect(ruledNeeds({ maxAgeSeconds: 6_000 }, rule).maxAgeSeconds).toBe(600);
  });

  it.each([
    ['both are right', { acr: '2', authTime: now - 600 }, true],
    ['it is a second too old', { acr: '2', authTime: now - 601 }, false],
    ['the level is another', { acr: '1', authTime: now }, false],
    ['the provider said neither', { acr: undefined, authTime: undefined }, false],
  ])('is met or not: %s', (_, session, isMet) => expect(meetsSignInRule(session, rule, now)).toBe(isMet));
});
