/** What the rule of one service will do when it becomes another, and to whom, in words for whoever is about to save it. */
import { type Effect, listed, within } from './effects.ts';
import { approvedBy, type ClientRule, type Policy } from './policy.ts';

type RuleChange = {
  readonly before: ClientRule | undefined;
  readonly after: ClientRule | undefined;
  readonly policy: Policy;
  readonly clientId: string;
};

/** `name` is the service's. Only what changes. */
export const effectsOfRule = (name: string, { before, after, policy, clientId }: RuleChange): readonly Effect[] => {
  const rule = 'service';
  const concerns = { of: 'this service', clientId } as const;
  const isStopped = (one: ClientRule | undefined): boolean =>
    one?.kind === 'blocked' || (one === undefined && policy.otherClients === 'blocked');
  const [was, will] = [approvedBy(before), approvedBy(after)];
  const gone = was.filter((one) => !will.includes(one));
  const come = will.filter((one) => !was.includes(one));
  return [
    ...(isStopped(after) && !isStopped(before)
      ? [
          {
            rule,
            who: `${name}, and everybody who uses it`,
            what: `Can ask for nothing, and what it has stops, ${within}. Nothing ends by it.`,
            concerns,
          },
        ]
      : []),
    ...(!isStopped(after) && isStopped(before)
      ? [
          {
            rule,
            who: `${name}, and everybody who uses it`,
            what: `Can ask again, and what it has works again, ${within}.`,
            concerns,
          },
        ]
      : []),
    ...(come.length > 0
      ? [
          {
            rule,
            who: `everybody who uses ${name}`,
            what: `Is not asked for ${listed(come)} any more: the service gets it as soon as they come from it. They see that, and can take it back.`,
            concerns,
          },
        ]
      : []),
    ...(gone.length > 0
      ? [
          {
            rule,
            who: `everybody who uses ${name} and was not asked for ${listed(gone)}`,
            what: `Their authorizations go on without it, ${within}, until they have been asked.`,
            concerns: { of: 'holders' as const, permissions: gone, clientId },
          },
        ]
      : []),
  ];
};
