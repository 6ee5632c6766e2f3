/**
 * Requests that an operator approves something for a person (`oauth/policy/operator-request.ts`).
 *
 *   Table users        PartitionKey <userKey>            RowKey request:<clientKey>   the request, one of each service; its state
 *   Table deployment   PartitionKey operator-requests    RowKey <time>:<id>           what waits, the oldest first
 *
 * The person's row decides. The queue's row is written before it and removed after it has been decided, so that nothing waits
 * unseen: at worst the queue shows what is decided already, and deciding it again changes nothing. A person has one row of
 * each service; requests that were not approved leave the table after 90 days.
 */
import { base64url, type Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { HistoryEvent } from '../oauth/grants/history.ts';
import type { OperatorRequest, QueuedRequest } from '../oauth/policy/operator-request.ts';
import { clientKeyOf } from '../oauth/tokens/locator.ts';
import { clearable, json, mapped, otherwise, rowOf, seconds, text } from './columns.ts';
import { permissions } from './permissions-column.ts';
import { lost, untilWritten } from './retry.ts';
import { settle } from './settle.ts';
import type { Row, Table } from './table.ts';
import { eventInsert, partitionOf } from './user-rows.ts';

type RequestDecision = {
  readonly state: 'approved' | 'refused';
  readonly reason: string | undefined;
  /** Epoch seconds. */
  readonly at: number;
};

type NewRequest = Omit<QueuedRequest, 'id'>;

export type OperatorRequests = {
  /** What became of the person's request for a service; undefined if there is none. One transaction. */
  read(userKey: Buffer, clientId: string): Promise<OperatorRequest | undefined>;
  /** All of a person's. One transaction. */
  ofPerson(userKey: Buffer): Promise<readonly OperatorRequest[]>;
  /** Puts it into the queue; the same request again changes nothing while it waits. Throws `Unavailable`. */
  ask(request: NewRequest): Promise<void>;
  /** A page of what waits, the oldest first, after an id. One transaction. */
  waiting(
    after: string | undefined,
  ): Promise<{ readonly requests: readonly QueuedRequest[]; readonly next: string | undefined }>;
  /** One of the queue; undefined when it is decided, or never was. */
  queued(id: string): Promise<QueuedRequest | undefined>;
  /** Takes what a person asked before `until` (epoch seconds) out of the queue; their own rows stay as they are. Throws `Unavailable`. */
  leaveQueue(userKey: Buffer, until: number): Promise<void>;
  /** Decides it, with a line in the person's history. False when it no longer waited. Throws `Unavailable`. */
  decide(request: QueuedRequest, decision: RequestDecision): Promise<boolean>;
};

const queuePartition = 'operator-requests';
const keptSeconds = 90 * 86_400;
/** Whoever asks for more while they wait is in the queue more than once, until an operator has looked. */
const idsRemembered = 50;
/** What an operator approved stays until somebody ends it. */
const forEver = 9_999_999_999;

const optionalSeconds = mapped(
  clearable,
  (value: number | undefined) => value?.toString(),
  (written) => (written === undefined ? undefined : Number(written)),
);

const columns = rowOf({
  clientId: text(),
  clientName: text(),
  permissions,
  state: text<OperatorRequest['state']>(),
  approved: permissions,
  reason: clearable,
  askedAt: seconds,
  decidedAt: optionalSeconds,
  queued: otherwise(json<readonly string[]>(), []),
});

const queueColumns = rowOf({
  userKey: text(),
  clientId: text(),
  clientName: text(),
  personName: text(),
  accountName: text(),
  permissions,
  askedAt: seconds,
});

type AnyColumns = Readonly<Record<string, unknown>> & { readonly writeId?: string };
type Context = { readonly users: Table; readonly queue: Table; readonly random: Random };
type Seen = { readonly request: OperatorRequest; readonly etag: string } | undefined;

export const openOperatorRequests = (users: Table, queue: Table, random: Random): OperatorRequests => {
  const context = { users, queue, random };
  return {
    read: async (userKey, clientId) => (await seenOf(context, userKey, clientId))?.request,
    ofPerson: (userKey) => ofPerson(context, userKey),
    leaveQueue: async (userKey, until) => {
      const old = (await ofPerson(context, userKey)).filter(({ askedAt }) => askedAt < until);
      const ids = old.flatMap(({ queued }) => queued);
      for (const id of ids) await queue.remove({ partitionKey: queuePartition, rowKey: id, etag: '*' });
    },
    ask: (request) => ask(context, request),
    waiting: (after) => waiting(context, after),
    queued: async (id) => {
      const row = isId(id) ? await queue.read<AnyColumns>(queuePartition, id) : undefined;
      return row && queuedFrom(row);
    },
    decide: (request, decision) => decide(context, request, decision),
  };
};

const ofPerson = async ({ users }: Context, userKey: Buffer): Promise<readonly OperatorRequest[]> => {
  const rows = await users.range<AnyColumns>(partitionOf(userKey), 'request:', 'request;');
  return rows.map((row) => columns.read(row));
};

const rowKeyOf = (clientId: string): string => `request:${clientKeyOf(clientId).toString('hex')}`;

const isId = (text: string): boolean => /^\d{10}:[\w-]{12}$/.test(text);

const seenOf = async ({ users }: Context, userKey: Buffer, clientId: string): Promise<Seen> => {
  const row = await users.read<AnyColumns>(partitionOf(userKey), rowKeyOf(clientId));
  const request = row && columns.read(row);
  return row !== undefined && request?.clientId === clientId ? { request, etag: row.etag } : undefined;
};

const queuedFrom = (row: Row<AnyColumns>): QueuedRequest => {
  const { userKey, ...request } = queueColumns.read(row);
  return { ...request, id: row.rowKey, userKey: Buffer.from(userKey, 'hex') };
};

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

const ask = async (context: Context, { userKey, ...request }: NewRequest): Promise<void> => {
  const again = () => seenOf(context, userKey, request.clientId);
  let id: string | undefined;
  await untilWritten(await again(), again, async (seen) => {
    if (seen?.request.state === 'waiting' && isSame(seen.request.permissions, request.permissions)) return undefined;
    id ??= await enqueue(context, { userKey, ...request });
    const { approved = [], queued = [] } = seen?.request ?? {};
    const undecided = { state: 'waiting', reason: undefined, decidedAt: undefined } as const;
    const next = { ...request, ...undecided, approved, queued: [...queued, id].slice(-idsRemembered) };
    return (await write(context, { userKey, next, etag: seen?.etag })) ? undefined : lost;
  });
};

const enqueue = async ({ queue, random }: Context, { userKey, ...request }: NewRequest): Promise<string> => {
  const id = `${String(request.askedAt).padStart(10, '0')}:${base64url(random(9))}`;
  const row = queueColumns.write({ ...request, userKey: userKey.toString('hex') });
  const outcome = await queue.write([{ insert: { partitionKey: queuePartition, rowKey: id, ...row } }]);
  if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
  return id;
};

type Write = {
  readonly userKey: Buffer;
  readonly next: OperatorRequest;
  readonly etag: string | undefined;
  readonly event?: HistoryEvent;
};

const write = async ({ users, random }: Context, { userKey, next, etag, event }: Write): Promise<boolean> => {
  const writeId = base64url(random(16));
  const keys = { partitionKey: partitionOf(userKey), rowKey: rowKeyOf(next.clientId) };
  const keepUntil = next.approved.length > 0 ? forEver : next.askedAt + keptSeconds;
  const row = { ...keys, ...columns.write(next), writeId, keepUntil };
  const settled = await settle<undefined>({
    attempt: () =>
      users.write([
        etag === undefined ? { insert: row } : { update: row, etag },
        ...(event === undefined ? [] : [eventInsert(userKey, event, random)]),
      ]),
    readBack: async () => {
      const current = await users.read<AnyColumns>(keys.partitionKey, keys.rowKey);
      if (current?.writeId === writeId) return { whose: 'ours' };
      return current?.etag === etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
    },
    // Whoever asks or decides again changes nothing by it.
    fence: async () => ({ kind: 'done' }),
  });
  return settled.result === 'done';
};

const pageSize = 100;

const waiting: (context: Context, after: string | undefined) => ReturnType<OperatorRequests['waiting']> = async (
  { queue },
  after,
) => {
  for await (const rows of queue.pages<AnyColumns>(queuePartition, after === undefined ? '0' : `${after}0`, '~')) {
    const page = rows.slice(0, pageSize);
    return { requests: page.map(queuedFrom), next: rows.length > page.length ? page.at(-1)?.rowKey : undefined };
  }
  return { requests: [], next: undefined };
};

/** A person who has erased themselves meanwhile has no row, and gets none. */
const decide = async (context: Context, request: QueuedRequest, decision: RequestDecision): Promise<boolean> => {
  const { userKey, clientId, id } = request;
  const again = () => seenOf(context, userKey, clientId);
  const isDecided = await untilWritten(await again(), again, async (seen) => {
    if (seen?.request.state !== 'waiting' || !isSame(seen.request.permissions, request.permissions)) return false;
    const { next, event } = decided(seen.request, decision);
    return (await write(context, { userKey, next, etag: seen.etag, event })) ? true : lost;
  });
  await context.queue.remove({ partitionKey: queuePartition, rowKey: id, etag: '*' });
  return isDecided;
};

const decided = (
  before: OperatorRequest,
  { state, reason, at }: RequestDecision,
): { readonly next: OperatorRequest; readonly event: HistoryEvent } => {
  const { clientId, clientName, permissions } = before;
  const approved = state === 'approved' ? [...new Set([...before.approved, ...permissions])] : before.approved;
  const kind = state === 'approved' ? 'approved by operator' : 'refused by operator';
  return {
    next: { ...before, state, approved, reason, decidedAt: at },
    event: { kind, at, clientId, clientName, permissions },
  };
};
