import type { AuthorizationDetail } from '../access/details.ts';

/** Events of a person's history, as stored. Their words are chosen by the page that shows them. */
type EventKind =
  | 'authorized'
  /** Asked again, the person allowed more than before. */
  | 'widened'
  /** Asked again, the person left out what they had allowed before. */
  | 'narrowed'
  | 'refused'
  /** In silence, from what the person had allowed before. */
  | 'connected again'
  | 'revoked by user'
  /** One connection alone. */
  | 'ended by user'
  | 'revoked by service'
  | 'code replayed'
  | 'refresh token replayed'
  | 'evicted'
  /** Without a page, because operators have approved the service for everyone. */
  | 'approved for everyone'
  /** The person's request, by an operator. */
  | 'approved by operator'
  | 'refused by operator'
  /** By order of an operator, all of it. */
  | 'ended by operator';

export type HistoryEvent = {
  readonly kind: EventKind;
  /** Epoch seconds. */
  readonly at: number;
  readonly clientId: string;
  readonly clientName: string;
  /** What it is about, each as a resource identifier, a space and a scope of it (`permissionsAt`), or in words (`detailLines`). */
  readonly permissions?: readonly string[];
  /** What the lines in words among `permissions` were made from. */
  readonly details?: readonly AuthorizationDetail[];
  /** Hex of the id of the family that it is about, where it is one. */
  readonly family?: string;
  /** What an operator ordered: the id of the order, or of the request where it was about this authorization alone. */
  readonly order?: string;
};

/** What nobody's page shows, and the audit log keeps (`oauth/audit/event.ts`). */
export type QuietEvent = Pick<HistoryEvent, 'at' | 'family' | 'permissions'> & {
  readonly kind: 'signed in' | 'signed out' | 'tokens issued';
  readonly details?: undefined;
  /** Undefined where it concerns no service. */
  readonly clientId?: string;
  readonly clientName?: string;
  /** How many tokens, and since when (epoch seconds). */
  readonly tokens?: number;
  readonly since?: number;
};

/** Everything that is written down of one person. */
export type PersonEvent = HistoryEvent | QuietEvent;

/** What an approval changes of what was allowed `before`, as its event's kind, and the permissions that this is about. */
export const changeBy = (
  before: readonly string[],
  approved: readonly string[],
): Pick<HistoryEvent, 'kind' | 'permissions'> => {
  const added = approved.filter((one) => !before.includes(one));
  return before.length > 0 && added.length > 0
    ? { kind: 'widened', permissions: added }
    : { kind: 'authorized', permissions: approved };
};
