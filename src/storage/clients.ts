/**
 * Table `clients`: one row per client.
 *
 *   PartitionKey  hex of the client key (16 bytes of SHA-256 of the client_id)
 *   RowKey        client
 *   the columns of `client-rows.ts`; keepUntil?: the sweep deletes the row a day after it (short-lived clients of the deployment's own
 *   smoke test)
 *
 * Rows are cached, for a minute by default; that a client is unknown is not, so a new one works at once. What the cached row would
 * refuse (a wrong secret) is read again first, at a limited rate, so that guessing does not become storage traffic.
 */

import { type Buckets, createBuckets } from '../limits/token-bucket.ts';
import type { Client } from '../oauth/clients/client.ts';
import { base64url, type Clock, type Random } from '../oauth/crypto.ts';
import { type ClientColumns, clientFrom, clientRow, isOver, keysOf, type StoredClient } from './client-rows.ts';
import { lost, untilWritten } from './retry.ts';
import { settle } from './settle.ts';
import type { PageOptions, Table } from './table.ts';

/** `next` is the client key (hex) to ask for more after; undefined on the last page. */
type ClientPage = { readonly clients: readonly StoredClient[]; readonly next: string | undefined };

export type Clients = {
  /** The client, at most a minute old; undefined when there is none. */
  find(clientId: string): Promise<StoredClient | undefined>;
  /** The client as stored now, unless too many such reads were asked for lately: then as `find`. */
  findFresh(clientId: string): Promise<StoredClient | undefined>;
  /** The client as stored now, for whoever is about to change it. */
  read(clientId: string): Promise<StoredClient | undefined>;
  list(options: PageOptions): Promise<ClientPage>;
  /** False when a client of this id exists. */
  insert(client: Client): Promise<boolean>;
  /** False when the row is not the one that was read. */
  replace(client: StoredClient): Promise<boolean>;
  /** Lets the client end no earlier than `until`, in epoch seconds, if it ends by itself at all. False when it is gone. Throws `Unavailable`. */
  extend(clientId: string, until: number): Promise<boolean>;
  /** False when the row is not the one that was read. */
  remove(client: StoredClient): Promise<boolean>;
};

/** How many clients an instance keeps at hand, and for how long (seconds): so late it learns what another instance changed. */
export type ClientCache = { readonly clients: number; readonly clientSeconds: number };

/** Reads past the cache per second and instance; of one client fewer, so that whoever guesses at one leaves the others theirs. */
const freshReadsPerSecond = 20;
const freshReadsOfOnePerSecond = 2;
/** RFC 6749 leaves the length open; nothing that we ever gave out is longer. */
const clientIdLimit = 256;

type Context = {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly caches: ClientCache;
  readonly cache: Map<string, { readonly client: StoredClient; readonly readAt: number }>;
  readonly freshReads: Buckets;
  readonly freshReadsOf: Buckets;
};

type ClientsOptions = Pick<Context, 'clock' | 'random' | 'caches'>;

export const openClients = (table: Table, { clock, random, caches }: ClientsOptions): Clients => {
  const context: Context = {
    table,
    clock,
    random,
    caches,
    cache: new Map(),
    freshReads: createBuckets({ perSecond: freshReadsPerSecond, burst: freshReadsPerSecond * 5 }),
    freshReadsOf: createBuckets({ perSecond: freshReadsOfOnePerSecond, burst: freshReadsOfOnePerSecond * 10 }),
  };
  return {
    find: (clientId) => find(context, clientId),
    findFresh: (clientId) => (mayReadFresh(context, clientId) ? read(context, clientId) : find(context, clientId)),
    read: (clientId) => read(context, clientId),
    list: (options) => list(context, options),
    insert: (client) => write(context, client, undefined),
    replace: (client) => write(context, client, client.etag),
    extend: async (clientId, until) =>
      untilWritten(
        await read(context, clientId),
        () => read(context, clientId),
        async (client) => {
          if (client === undefined) return false;
          if (client.endsAt === undefined || client.endsAt >= until) return true;
          return (await write(context, { ...client, endsAt: until }, client.etag)) ? true : lost;
        },
      ),
    remove: (client) => remove(context, client),
  };
};

const mayReadFresh = ({ freshReadsOf, freshReads, clock }: Context, clientId: string): boolean =>
  freshReadsOf.take(clientId, clock()) && freshReads.take('all', clock());

const read = async (context: Context, clientId: string): Promise<StoredClient | undefined> => {
  if (clientId === '' || clientId.length > clientIdLimit) return undefined;
  const { table, clock } = context;
  const { partitionKey, rowKey } = keysOf(clientId);
  const row = await table.read<ClientColumns>(partitionKey, rowKey);
  const client = row?.clientId === clientId && !isOver(row, clock()) ? clientFrom(row) : undefined;
  keep(context, clientId, client);
  return client;
};

/** A Map keeps the order of insertion: beyond the limit the one that was read longest ago goes. */
const keep = ({ cache, caches, clock }: Context, clientId: string, client: StoredClient | undefined): void => {
  cache.delete(clientId);
  if (client === undefined) return;
  if (cache.size >= caches.clients) cache.delete(cache.keys().next().value ?? '');
  cache.set(clientId, { client, readAt: clock() });
};

const find = async (context: Context, clientId: string): Promise<StoredClient | undefined> => {
  const cached = context.cache.get(clientId);
  const age = cached === undefined ? Number.POSITIVE_INFINITY : context.clock() - cached.readAt;
  return cached !== undefined && age >= 0 && age < context.caches.clientSeconds
    ? cached.client
    : read(context, clientId);
};

const list = async ({ table, clock }: Context, { size, after }: PageOptions): Promise<ClientPage> => {
  const from = after === undefined ? '0' : `${after}~`;
  let page = await table.page<ClientColumns>(from, 'g', { size, after: undefined });
  // The service may answer with nothing but where to go on.
  while (page.rows.length === 0 && page.next !== undefined)
    page = await table.page<ClientColumns>(from, 'g', { size, after: page.next });
  const live = page.rows.filter((row) => row.rowKey === 'client' && !isOver(row, clock()));
  return { clients: live.map(clientFrom), next: page.next && page.rows.at(-1)?.partitionKey };
};

/** An operator's change that lands after its 503 is the change that was asked for; asking again repeats it. */
const noFence = async () => ({ kind: 'done' }) as const;

const write = async ({ table, random, cache }: Context, client: Client, etag: string | undefined): Promise<boolean> => {
  const writeId = base64url(random(16));
  const row = { ...clientRow(client), writeId };
  const settled = await settle<undefined>({
    attempt: () => table.write([etag === undefined ? { insert: row } : { update: row, etag }]),
    readBack: async () => {
      const current = await table.read<ClientColumns>(row.partitionKey, row.rowKey);
      if (current?.writeId === writeId) return { whose: 'ours' };
      return current?.etag === etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
    },
    fence: noFence,
  });
  cache.delete(client.clientId);
  return settled.result === 'done';
};

const remove = async ({ table, cache }: Context, client: StoredClient): Promise<boolean> => {
  const keys = keysOf(client.clientId);
  const settled = await settle<undefined>({
    attempt: () => table.remove({ ...keys, etag: client.etag }),
    readBack: async () => {
      const current = await table.read<ClientColumns>(keys.partitionKey, keys.rowKey);
      if (current === undefined) return { whose: 'ours' };
      return current.etag === client.etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
    },
    fence: noFence,
  });
  cache.delete(client.clientId);
  return settled.result === 'done';
};
