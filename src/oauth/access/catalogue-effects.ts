/** What a change of a resource will do, and to whom, in words for whoever is about to make it. Nothing is counted by a scan. */
import { type Effect, listed, within } from '../policy/effects.ts';
import { type Permission, type Resource, resourceKey } from './resources.ts';

type Change = { readonly before: Resource | undefined; readonly after: Resource | undefined };

/** By what differs: ids of permissions, and names of types of authorization details. */
export type ResourceDifference = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Those whose words or weight are others now: whoever allowed them read something else. */
  readonly reworded: readonly string[];
  /** Those that include something else. */
  readonly reparented: readonly string[];
  readonly removedTypes: readonly string[];
};

const none: Resource['permissions'] = new Map();

/** What a change takes, brings and alters. */
export const differenceOf = ({ before, after }: Change): ResourceDifference => {
  const [was, will] = [before?.permissions ?? none, after?.permissions ?? none];
  const both = [...will.values()].flatMap((one) => {
    const other = was.get(one.id);
    return other === undefined ? [] : [[other, one] as const];
  });
  return {
    added: [...will.keys()].filter((id) => !was.has(id)),
    removed: [...was.keys()].filter((id) => !will.has(id)),
    reworded: both.filter(([one, other]) => wordsOf(one) !== wordsOf(other)).map(([{ id }]) => id),
    reparented: both.filter(([one, other]) => one.inheritsFrom !== other.inheritsFrom).map(([{ id }]) => id),
    removedTypes: [...(before?.detailTypes?.keys() ?? [])].filter((type) => after?.detailTypes?.has(type) !== true),
  };
};

const wordsOf = ({ name, description, highPrivilege }: Permission): string =>
  JSON.stringify([name, description, highPrivilege]);

/** True if tokens from before may say more than their services may do now. */
export const takesAway = ({ removed, removedTypes }: ResourceDifference): boolean =>
  removed.length + removedTypes.length > 0;

const rule = 'catalogue';

/** Only what changes. `needsOperator` are the permissions that need an operator's approval, in the form of `permissionsAt`. */
export const effectsOfResource = (change: Change, needsOperator: readonly string[]): readonly Effect[] => {
  const { before, after } = change;
  const difference = differenceOf(change);
  const name = after?.name ?? before?.name ?? '';
  return [
    ...appearing(change),
    ...(before === undefined ? [] : adding(difference, name)),
    ...taking(difference, change),
    ...rewording(difference, change),
    ...ruling(difference, needsOperator),
  ];
};

const appearing = ({ before, after }: Change): readonly Effect[] =>
  before !== undefined || after === undefined
    ? []
    : [
        {
          rule,
          who: 'every service',
          what: `Can be registered for the ${after.permissions.size} permissions of ${after.name}, ${within}. Services that register themselves can ask for them.`,
        },
      ];

const adding = ({ added }: ResourceDifference, name: string): readonly Effect[] =>
  added.length === 0
    ? []
    : [
        {
          rule,
          who: 'every service',
          what: `Can be registered for ${listed(added)} at ${name}, ${within}. Nobody has allowed it to any yet, unless it was there before under the same id.`,
        },
      ];

const taking = ({ removed, removedTypes }: ResourceDifference, { before, after }: Change): readonly Effect[] => {
  const [name, isWhole] = [after?.name ?? before?.name ?? '', after === undefined];
  const key = resourceKey(before?.identifier ?? '');
  const gone = [...removed, ...removedTypes];
  if (gone.length === 0) return [];
  return [
    {
      rule,
      who: isWhole
        ? `every service that has something at ${name}, and everybody who uses one`
        : `authorizations that have ${listed(gone)} at ${name}`,
      what: `Go on without it, ${within}: when they are refreshed, and wherever a token is introspected. Where nothing else is left they stop. Nothing is forgotten: declared again under the same name, it works again.`,
      ...(removed.length === 0
        ? {}
        : { concerns: { of: 'holders', permissions: removed.map((id) => `${key} ${id}`) } as const }),
    },
    {
      rule,
      who: 'APIs that read the list of revocations',
      what: 'Refuse all tokens from before, of every service, for half a minute; services refresh them.',
    },
    {
      rule,
      who: 'services that are registered for it',
      what: 'Stay registered. The next change of their registration has to leave it out.',
    },
  ];
};

const rewording = ({ reworded, reparented }: ResourceDifference, { before, after }: Change): readonly Effect[] => {
  if (before === undefined || after === undefined) return [];
  const isClaimsOther = before.claims.join(' ') !== after.claims.join(' ');
  return [
    ...(reworded.length === 0
      ? []
      : [
          {
            rule,
            who: `everybody who has allowed ${listed(reworded)}`,
            what: 'Is asked again when a service comes back, because they had read something else. What services have goes on.',
          },
        ]),
    ...(reparented.length === 0
      ? []
      : [
          {
            rule,
            who: `everybody who is asked for ${listed(reparented)}`,
            what: 'Is shown, and allows, what it includes from now on. What was allowed before stays as it was.',
          },
        ]),
    ...(isClaimsOther
      ? [
          {
            rule,
            who: `everybody with an authorization at ${after.name}`,
            what: `Its new tokens tell ${after.claims.join(', ') || 'nothing'} of them; they are asked again when a service comes back.`,
          },
        ]
      : []),
  ];
};

const ruling = ({ removed }: ResourceDifference, needsOperator: readonly string[]): readonly Effect[] => {
  const ruled = removed.filter((id) => needsOperator.some((one) => one.endsWith(` ${id}`)));
  return ruled.length === 0
    ? []
    : [{ rule, who: 'the policy', what: `It names ${listed(ruled)} as needing an operator; take that out as well.` }];
};
