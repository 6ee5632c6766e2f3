/** What a change of the rules will do, and to whom, in words for whoever is about to save it. Nothing is counted by a scan. */
import type { Policy } from './policy.ts';
import { instantText, spanText } from './words.ts';

/** `rule` is a member of the policy, or `service`. */
export type Effect = {
  readonly rule: string;
  readonly who: string;
  readonly what: string;
  /** Whose authorizations, for whoever counts them; undefined where there is nothing to count. */
  readonly concerns?: Concern;
};

/** Instants are epoch seconds; permissions in the form of `permissionsAt`. */
export type Concern =
  | { readonly of: 'everybody' }
  | { readonly of: 'services without a rule' }
  | { readonly of: 'this service'; readonly clientId: string }
  /** Of that service alone, where one is named. */
  | { readonly of: 'holders'; readonly permissions: readonly string[]; readonly clientId?: string }
  | { readonly of: 'approved before'; readonly at: number }
  | { readonly of: 'signed in before'; readonly at: number };

type Change = { readonly before: Policy; readonly after: Policy; readonly now: number };

/** How soon a change holds. */
export const within = 'on every instance within 15 seconds';

/** Only what changes. */
export const effectsOf = (change: Change): readonly Effect[] => [
  ...accessEffects(change),
  ...registrationEffects(change),
  ...otherClientsEffects(change),
  ...operatorEffects(change),
  ...lifeEffects(change),
  ...signInEffects(change),
];

const accessEffects = ({ before, after }: Change): readonly Effect[] => {
  if (before.thirdPartyAccess === after.thirdPartyAccess) return [];
  const rule = 'third_party_access';
  const concerns = { of: 'everybody' } as const;
  return after.thirdPartyAccess === 'off'
    ? [
        {
          rule,
          who: 'every service, and everybody who uses one',
          what: `Nobody can connect a service. Refreshes are refused and tokens count no more, ${within}; APIs that read the list of revocations refuse them as well. Nothing ends: it all works again when access is on, but for what has ended meanwhile.`,
          concerns,
        },
        { rule, who: 'clients of operators', what: 'Go on at the admin API, and nowhere else.' },
      ]
    : [
        {
          rule,
          who: 'every service, and everybody who uses one',
          what: `What was allowed before works again, ${within}, unless it was revoked or has expired. APIs that read the list of revocations take new tokens half a minute after access was last switched off.`,
          concerns,
        },
      ];
};

const registrants: Readonly<Record<Policy['registration'], string>> = {
  nobody: 'Nobody can register a service on the pages for it. Operators still can through the admin API.',
  operators: 'Only operators can register services.',
  everyone: 'Everybody who can sign in can register services.',
};

const registrationEffects = ({ before, after }: Change): readonly Effect[] =>
  before.registration === after.registration
    ? []
    : [
        {
          rule: 'registration',
          who: 'people who run services',
          what: `${registrants[after.registration]} Services that are registered stay as they are.`,
        },
      ];

const otherClientsEffects = ({ before, after }: Change): readonly Effect[] => {
  if (before.otherClients === after.otherClients) return [];
  return [
    {
      rule: 'other_services',
      who: 'every service that has no rule of its own',
      what:
        after.otherClients === 'blocked'
          ? `Can ask for nothing, and what it has stops, ${within}, until a rule allows it. For half a minute APIs that read the list of revocations refuse tokens of the others, too; those refresh.`
          : `Can ask again, and what it has works again, ${within}.`,
      concerns: { of: 'services without a rule' },
    },
  ];
};

const operatorEffects = ({ before, after }: Change): readonly Effect[] => {
  const rule = 'needs_operator';
  const added = after.needsOperator.filter((one) => !before.needsOperator.includes(one));
  const removed = before.needsOperator.filter((one) => !after.needsOperator.includes(one));
  return [
    ...(added.length === 0
      ? []
      : [
          {
            rule,
            who: `everybody who is asked for ${listed(added)}, or for what includes it`,
            what: 'Must ask operators first, and waits in their queue, unless the service is approved for everyone.',
          },
          {
            rule,
            who: 'authorizations that have it already',
            what: `Go on without it from their next refresh, and wherever a token is introspected, ${within}, until an operator has approved it for that person.`,
            concerns: { of: 'holders' as const, permissions: added },
          },
        ]),
    ...(removed.length === 0
      ? []
      : [
          {
            rule,
            who: `everybody who is asked for ${listed(removed)}`,
            what: 'Decides alone. Authorizations that went on without it get it back at their next refresh.',
            concerns: { of: 'holders' as const, permissions: removed },
          },
        ]),
  ];
};

const namesShown = 5;

/** The first names of these permissions, and how many more there are. */
export const listed = (permissions: readonly string[]): string => {
  const names = permissions.slice(0, namesShown).map((one) => one.slice(one.indexOf(' ') + 1));
  const more = permissions.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const lifeEffects = ({ before, after, now }: Change): readonly Effect[] => {
  const [was, will] = [before.longestAuthorizationSeconds, after.longestAuthorizationSeconds];
  if (was === will) return [];
  const rule = 'longest_authorization_seconds';
  if (will === undefined || (was !== undefined && will > was))
    return [
      {
        rule,
        who: 'everybody',
        what: `Authorizations last ${will === undefined ? 'as long as people were told' : spanText(will)}. Those that the rule before has stopped, and that have not expired, work again.`,
      },
    ];
  const since = instantText(now - will);
  return [
    {
      rule,
      who: `whoever approved a service before ${since}`,
      what: `Those authorizations stop, ${within}: the service has to ask again.`,
      concerns: { of: 'approved before', at: now - will },
    },
    { rule, who: 'everybody else', what: `Is asked again ${spanText(will)} after each approval, at the latest.` },
  ];
};

const signInEffects = ({ before, after, now }: Change): readonly Effect[] => {
  const rule = 'sign_in';
  const isSameAcr = before.signIn.acr.join(' ') === after.signIn.acr.join(' ');
  const { maxAgeSeconds } = after.signIn;
  return [
    ...(isSameAcr
      ? []
      : [
          {
            rule,
            who: 'authorizations by the sign-in that they rest on',
            what:
              after.signIn.acr.length === 0
                ? 'Work at any level of sign-in.'
                : `Stop, ${within}, unless the person had signed in as ${after.signIn.acr.join(' or ')}. People are asked to sign in so before they connect a service.`,
            concerns: { of: 'everybody' as const },
          },
        ]),
    ...(before.signIn.maxAgeSeconds === maxAgeSeconds
      ? []
      : [
          {
            rule,
            who:
              maxAgeSeconds === undefined
                ? 'everybody'
                : `whoever last signed in before ${instantText(now - maxAgeSeconds)}`,
            what:
              maxAgeSeconds === undefined
                ? 'A sign-in of any age will do.'
                : `Their services stop, ${within}, and so do those of all others ${spanText(maxAgeSeconds)} after their sign-in: the person must sign in again, at the service.`,
            ...(maxAgeSeconds === undefined
              ? {}
              : { concerns: { of: 'signed in before', at: now - maxAgeSeconds } as const }),
          },
        ]),
  ];
};

/** True if what every service was given before may be more than it may have now, so that those who hold tokens must hear of it. */
export const stopsEverything = (before: Policy, after: Policy): boolean =>
  (before.thirdPartyAccess === 'on' && after.thirdPartyAccess === 'off') ||
  (before.otherClients === 'allowed' && after.otherClients === 'blocked');
