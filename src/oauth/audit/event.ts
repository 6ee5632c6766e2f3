/**
 * The events of the audit log: one shape for all of them, and their names. `docs/audit.md` describes them for whoever reads
 * the log; a test holds that page and these tables equal.
 */
import type { Principal } from '../access/principal.ts';
import type { HistoryEvent, PersonEvent, QuietEvent } from '../grants/history.ts';

/** Who did it: a person for themselves, somebody who administers, a service, or the deployment (its timers, its hooks). */
export type Actor = {
  readonly by: 'person' | 'client' | 'operator' | 'auditor' | 'deployment';
  /** Hex of the user key, a client_id, or what a sign-in provider calls the principal. */
  readonly id: string;
};

/** Where a request came from: its network as limits see it, and the platform's id of its invocation. */
export type Occasion = { readonly source?: string | undefined; readonly correlation?: string | undefined };

export type AuditEvent = Occasion & {
  /** Unique. Whoever gets an event twice knows it by this. */
  readonly id: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly event: EventName;
  /** Of what `details` holds for this name; it grows when a field changes its meaning or goes. */
  readonly v: number;
  readonly actor: Actor;
  /** Whom it concerns, as hex of the user key: a pseudonym. */
  readonly person?: string | undefined;
  /** client_id of the service that it concerns. */
  readonly client?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
};

type Named = { readonly event: string; readonly v: number; readonly about: string };

/** What happens to a person's authorizations and sessions: kinds of the history, with whoever causes them. */
export const personEvents = {
  authorized: { event: 'authorization.granted', v: 1, by: 'person', about: 'a person allowed a service something' },
  widened: { event: 'authorization.widened', v: 1, by: 'person', about: 'asked again, they allowed more' },
  narrowed: { event: 'authorization.narrowed', v: 1, by: 'person', about: 'they took some of it back' },
  refused: { event: 'authorization.refused', v: 1, by: 'person', about: 'they refused' },
  'connected again': {
    event: 'authorization.used',
    v: 1,
    by: 'client',
    about: 'a service got a code in silence, from what had been allowed before',
  },
  'revoked by user': { event: 'authorization.revoked', v: 1, by: 'person', about: 'they took everything back' },
  'ended by user': {
    event: 'session.ended',
    v: 1,
    by: 'person',
    about: 'they ended one authorization session of a service',
  },
  'revoked by service': {
    event: 'session.revoked',
    v: 1,
    by: 'client',
    about: 'a service gave one authorization session back (RFC 7009)',
  },
  'code replayed': {
    event: 'session.code_replayed',
    v: 1,
    by: 'client',
    about: 'a code came a second time; what it had begun was ended',
  },
  'refresh token replayed': {
    event: 'session.refresh_token_replayed',
    v: 1,
    by: 'client',
    about: 'a replaced refresh token came back; its authorization session was ended',
  },
  evicted: {
    event: 'session.evicted',
    v: 1,
    by: 'client',
    about: 'the oldest of more than fifty authorization sessions made room',
  },
  'approved for everyone': {
    event: 'authorization.granted_for_everyone',
    v: 1,
    by: 'client',
    about: 'a service got a code without a page: operators have approved it for everyone',
  },
  'approved by operator': {
    event: 'authorization.approval_given',
    v: 1,
    by: 'deployment',
    about: 'what an operator approved for the person (`operator_request.approved`) is theirs to allow',
  },
  'refused by operator': {
    event: 'authorization.approval_refused',
    v: 1,
    by: 'deployment',
    about: 'what an operator refused them (`operator_request.refused`) is not',
  },
  'ended by operator': {
    event: 'authorization.ended_by_operator',
    v: 1,
    by: 'deployment',
    about:
      'what they had allowed a service was ended by order of an operator (`authorization.end_ordered`, `ending.ordered`)',
  },
  'signed in': { event: 'person.signed_in', v: 1, by: 'person', about: 'a browser session began' },
  'tokens issued': {
    event: 'session.tokens_issued',
    v: 1,
    by: 'client',
    about: 'a service got so many access tokens of an authorization session (`tokens`) since an instant (`since`)',
  },
  'signed out': { event: 'person.signed_out', v: 1, by: 'person', about: 'a browser session was ended' },
} as const satisfies Readonly<Record<PersonEvent['kind'], Named & { readonly by: 'person' | 'client' | 'deployment' }>>;

/** What is written before it is done, with the action that callers name. */
export const acts = {
  'create client': { event: 'client.created', v: 1, about: 'a service was registered' },
  'update client': { event: 'client.updated', v: 1, about: 'its registration was replaced' },
  'delete client': { event: 'client.deleted', v: 1, about: 'it was deleted; all that was issued to it is void' },
  'add client secret': { event: 'client.secret_added', v: 1, about: 'it got a further secret' },
  'remove client secret': { event: 'client.secret_removed', v: 1, about: 'it lost one' },
  'change client logo': { event: 'client.logo_changed', v: 1, about: 'it got another picture, or none' },
  'invite client owner': {
    event: 'client.owner_invited',
    v: 1,
    about: 'an owner made a link by which another becomes one',
  },
  'withdraw client invitation': { event: 'client.invitation_withdrawn', v: 1, about: 'and took it back' },
  'add client owner': { event: 'client.owner_added', v: 1, about: 'a person took an invitation' },
  'remove client owner': { event: 'client.owner_removed', v: 1, about: 'an owner removed one, or left' },
  'issue registration token': {
    event: 'registration_token.issued',
    v: 1,
    about: 'whoever gets it may register so many services',
  },
  'withdraw registration token': { event: 'registration_token.withdrawn', v: 1, about: 'nobody may any more' },
  'change policy': { event: 'policy.changed', v: 1, about: 'what operators rule for the deployment was replaced' },
  'change client rule': {
    event: 'policy.service_changed',
    v: 1,
    about: 'a service was allowed, blocked or approved for everyone, or its rule was removed',
  },
  'declare resource': {
    event: 'catalogue.resource_declared',
    v: 1,
    about: 'an API and its permissions came to be there',
  },
  'change resource': { event: 'catalogue.resource_changed', v: 1, about: 'its declaration was replaced' },
  'remove resource': {
    event: 'catalogue.resource_removed',
    v: 1,
    about: 'it was removed; what services had there stops',
  },
  'publish key': {
    event: 'key.published',
    v: 1,
    about: 'a key (`target` is its `kid`) is among those that verify tokens: it is new, or a rotation made it',
  },
  'withdraw key': { event: 'key.withdrawn', v: 1, about: 'it is not any more' },
  'refuse by rule': {
    event: 'client.refused_by_rule',
    v: 1,
    about: 'what operators rule refused something to a service (`reason`); told of once a day by each instance',
  },
  'use document': {
    event: 'client.document_used',
    v: 1,
    about: 'a service got a code by its document, in this version (`digest`); told of once a day by each instance',
  },
  'approve operator request': {
    event: 'operator_request.approved',
    v: 1,
    about: 'a person may allow a service what needs an operator’s approval',
  },
  'refuse operator request': { event: 'operator_request.refused', v: 1, about: 'they may not' },
  'read operator requests': {
    event: 'operator_request.queue_read',
    v: 1,
    about: 'somebody read who waits for an operator’s approval, and for what',
  },
  'find people': {
    event: 'person.looked_for',
    v: 1,
    about: 'somebody looked for people by account or subject (`details`)',
  },
  'read person': {
    event: 'person.read',
    v: 1,
    about: 'somebody read who `person` is, or what they authorized',
  },
  'read authorization': {
    event: 'authorization.read',
    v: 1,
    about: 'somebody read one authorization of `person`; `target` is the service, as hex of its key',
  },
  'read authorizations of client': {
    event: 'client.authorizations_read',
    v: 1,
    about: 'somebody read who authorized a service',
  },
  'read services': {
    event: 'services.read',
    v: 1,
    about: 'somebody read who looks after services, and what those do',
  },
  'end authorization': {
    event: 'authorization.end_ordered',
    v: 1,
    about: 'an operator ended one authorization of `person`; `target` is the service, as hex of its key',
  },
  'preview ending': {
    event: 'ending.previewed',
    v: 1,
    about: 'somebody looked at what a rule would end (`details`), before ordering it',
  },
  'order ending': {
    event: 'ending.ordered',
    v: 1,
    about: 'an operator had everything ended that a rule names (`details`); `target` is the order',
  },
  'stop ending': { event: 'ending.stopped', v: 1, about: 'an operator stopped an order before its end' },
  'try policy': { event: 'policy.tried', v: 1, about: 'somebody asked what would happen to a person at a service' },
  'report service': {
    event: 'client.reported',
    v: 1,
    about: 'a person told operators that something is wrong with it',
  },
  'erase person': {
    event: 'person.erased',
    v: 1,
    about: 'a person had everything about them deleted, but for this log',
  },
  'set not-before': {
    event: 'not_before.set',
    v: 1,
    about: 'all that a service, a person or everyone was issued up to then is void',
  },
  'read audit': { event: 'audit.read', v: 1, about: 'somebody read in this log; `details` has what they asked for' },
  'export audit': { event: 'audit.exported', v: 1, about: 'somebody took days of it along' },
  'purge audit': {
    event: 'audit.purged',
    v: 1,
    about: 'events of the days from `from` to `to` have reached the end of their time, and go; their seals stay',
  },
} as const satisfies Readonly<Record<string, Named>>;

export type Act = keyof typeof acts;

/** By an operator or an auditor. */
export const actorOf = ({ role, id }: Principal): Actor => ({ by: role, id });

export type EventName = (typeof personEvents)[PersonEvent['kind']]['event'] | (typeof acts)[Act]['event'];

/** An event of a person's partition, with the keys that it lies under. */
export type StoredEvent = PersonEvent &
  Occasion & { readonly id: string; readonly userKey: Buffer; readonly rowKey: string };

/** Nobody reads a list of more, and a row and a line hold no more than 32,000 characters. */
const permissionsLimitCharacters = 8_000;

/** As many as fit, and how many do not. */
const listed = (permissions: readonly string[] | undefined) => {
  if (permissions === undefined) return {};
  let room = permissionsLimitCharacters;
  const fitting = permissions.filter((one) => {
    room -= one.length + 3;
    return room > 0;
  });
  const leftOut = permissions.length - fitting.length;
  return { permissions: fitting, ...(leftOut === 0 ? {} : { permissions_left_out: leftOut }) };
};

/** The same as the audit log has it. */
export const auditEventOf = ({
  kind,
  id,
  at,
  userKey,
  source,
  correlation,
  clientId: client,
  ...more
}: StoredEvent): AuditEvent => {
  const { event, v, by } = personEvents[kind];
  const person = userKey.toString('hex');
  const { permissions, family } = more;
  const { tokens, since } = more as Pick<QuietEvent, 'tokens' | 'since'>;
  const { order } = more as Pick<HistoryEvent, 'order'>;
  return {
    id,
    at,
    event,
    v,
    actor: { by, id: { client: client ?? '', person, deployment: 'assent' }[by] },
    person,
    client,
    source,
    correlation,
    details: { ...listed(permissions), family, order, tokens, since },
  };
};

/** Its line in the log: flat but for `details`. More people read that: the person has a pseudonym there, and no other name. */
export const logLineOf = ({ event, actor, details, ...rest }: AuditEvent): Readonly<Record<string, unknown>> => ({
  event: 'audit',
  name: event,
  actor_kind: actor.by,
  actor: actor.id,
  ...rest,
  ...(details === undefined ? {} : { details: { ...details, subject: undefined, account: undefined } }),
});
