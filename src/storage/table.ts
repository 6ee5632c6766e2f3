/**
 * One door to Table Storage. Reads either answer or throw `Unavailable`; writes end in one of three ways that the rest of
 * the store is built on:
 *
 *   done      the service said so
 *   conflict  the service said that the condition did not hold (409, 412, or 404 for an update)
 *   unknown   the answer was lost: the write may have happened, may still happen, or may never happen
 *
 * The SDK's own retries are off. It would turn a lost answer into a conflict without a word (the second attempt finds what
 * the first one wrote), and the difference is what `settle.ts` needs to know.
 */
import { randomUUID } from 'node:crypto';
import { odata } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { Unavailable } from '../oauth/errors.ts';
import type { HttpClient, Pipeline } from '../transport/http-client.ts';
import type { Change } from './change.ts';
import { requireAllDone, requireDone, rowIn, rowsIn, saysNoSuchRow, TableFailure } from './table-answers.ts';
import { openTableClient, type SendTableRequest } from './table-client.ts';
import {
  changeRequest,
  queryRequest,
  readRequest,
  removeRequest,
  type TableAddress,
  type TableQuery,
  type TableRequest,
  transactionRequest,
  writeContinuation,
} from './table-requests.ts';

const readAttempts = 2;

/** A row as stored: its own columns, both keys, the ETag that the next write is conditional on, and when it was written. */
export type Row<Columns> = Columns & {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
  readonly timestamp: string;
};

export type Outcome =
  /** `etag`: of the row from now on, where one row was written alone and the service said it. */
  | { readonly kind: 'done'; readonly etag?: string | undefined }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown'; readonly cause: unknown };

export type Page<Columns> = { readonly rows: readonly Row<Columns>[]; readonly next: string | undefined };

export type PageOptions = {
  readonly size: number;
  readonly after: string | undefined;
  /** Only rows whose `keepUntil` is not later than this; the service leaves the others out. */
  readonly overBefore?: number;
  /** Only what waits in a person's partition since not later than this: see `outbox.ts`. */
  readonly pendingBefore?: number;
  /** Only rows with `from <= RowKey < to`. */
  readonly rowKeys?: { readonly from: string; readonly to: string };
};

export type Table = {
  /** Point read; undefined when there is no such row. */
  read<Columns>(partitionKey: string, rowKey: string): Promise<Row<Columns> | undefined>;
  /** The rows of one partition with `from <= RowKey < to`, in order, a page of up to 1,000 at a time: for whoever stops in time. */
  pages<Columns>(partitionKey: string, from: string, to: string): AsyncIterable<readonly Row<Columns>[]>;
  /** All of them: for ranges whose size is bounded where their rows are made. */
  range<Columns>(partitionKey: string, from: string, to: string): Promise<readonly Row<Columns>[]>;
  /** One page of the rows with `from <= PartitionKey < to`: for the sweep and for operators' lists, never for a request of a service. */
  page<Columns>(from: string, to: string, options: PageOptions): Promise<Page<Columns>>;
  /** Writes all or nothing (one transaction of one partition). Throws only for defects, such as a malformed row. */
  write(changes: readonly Change[]): Promise<Outcome>;
  /** Deletes the row if it still is the one read (`*`: in any case). What is consumed is updated, never deleted. */
  remove(row: { readonly partitionKey: string; readonly rowKey: string; readonly etag: string }): Promise<Outcome>;
};

export type TableOptions = {
  readonly url: string;
  readonly credential: TokenCredential;
  readonly insecureLoopback: boolean;
  /** Sends what goes to any of the tables. */
  readonly httpClient: HttpClient;
  /** `background` for what no request waits for: the service's own log can tell it by that (x-ms-client-request-id). */
  readonly purpose?: 'background';
  /** Shared by tables that are opened together. */
  readonly pipelines?: Map<string, Pipeline>;
};

export const openTable = (name: string, options: TableOptions): Table => {
  const { address, send } = openTableClient(name, options);
  const query: Query = (of) => readPage(send, address, of);
  return {
    read: (partitionKey, rowKey) =>
      reading(async () => {
        const answer = await send(readRequest(address, { partitionKey, rowKey }));
        if (saysNoSuchRow(answer)) return undefined;
        requireDone(answer);
        return rowIn(answer) as never;
      }),
    pages: (partitionKey, from, to) => pagesOf(query, rangeFilter(partitionKey, from, to)) as AsyncIterable<never>,
    range: async (partitionKey, from, to) => {
      const rows: unknown[] = [];
      for await (const page of pagesOf(query, rangeFilter(partitionKey, from, to))) rows.push(...page);
      return rows as never;
    },
    page: async (from, to, { size, after, overBefore, pendingBefore, rowKeys }) => {
      const over = overBefore === undefined ? '' : odata` and keepUntil le ${overBefore}`;
      const pending = pendingBefore === undefined ? '' : waitingFilter(pendingBefore);
      const keys = rowKeys === undefined ? '' : odata` and RowKey ge ${rowKeys.from} and RowKey lt ${rowKeys.to}`;
      const filter = odata`PartitionKey ge ${from} and PartitionKey lt ${to}` + over + pending + keys;
      return (await query({ filter, size, after })) as never;
    },
    write: (changes) => writing(() => submit(send, address, changes)),
    remove: ({ etag, ...row }) => writing(() => requestAlone(send, removeRequest(address, row, etag))),
  };
};

/** Events that nobody has delivered, and authorization sessions of whose tokens no event tells for half a day, or that ended. */
const waitingFilter = (before: number): string =>
  odata` and ((pending eq true and at le ${before}) or (tokensSince gt 0 and (tokensSince le ${before - uncountedSeconds} or state eq 'ended')))`;

/** Twice, and a pass over all people, is less than a day. */
const uncountedSeconds = 43_200;

const rangeFilter = (partitionKey: string, from: string, to: string): string =>
  odata`PartitionKey eq ${partitionKey} and RowKey ge ${from} and RowKey lt ${to}`;

/** The most that the service puts into one page. */
const largestPage = 1_000;

type Query = (query: TableQuery) => Promise<Page<unknown>>;

/** One page, with a time limit and retries of its own. */
const readPage = (send: SendTableRequest, address: TableAddress, query: TableQuery): Promise<Page<unknown>> =>
  reading(async () => {
    const answer = await send(queryRequest(address, query));
    requireDone(answer);
    const header = (name: string) => answer.headers.get(`x-ms-continuation-${name}`);
    const next = writeContinuation({ nextPartitionKey: header('nextpartitionkey'), nextRowKey: header('nextrowkey') });
    return { rows: rowsIn(answer) as never, next };
  });

const pagesOf = async function* (query: Query, filter: string): AsyncGenerator<readonly Row<unknown>[]> {
  let after: string | undefined;
  do {
    const page: Page<unknown> = await query({ filter, size: largestPage, after });
    yield page.rows;
    after = page.next;
  } while (after !== undefined);
};

const reading = async <T>(read: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (!isTransient(error)) throw isRefused(error) ? new Unavailable('storage', { cause: error }) : error;
      if (attempt === readAttempts) throw new Unavailable('storage', { cause: error });
    }
  }
};

const writing = async (write: () => Promise<string | undefined>): Promise<Outcome> => {
  try {
    return { kind: 'done', etag: await write() };
  } catch (error) {
    if (isConflict(error)) return { kind: 'conflict' };
    if (isRefused(error)) throw new Unavailable('storage', { cause: error });
    if (isTransient(error)) return { kind: 'unknown', cause: error };
    throw error;
  }
};

const submit = async (
  send: SendTableRequest,
  address: TableAddress,
  changes: readonly Change[],
): Promise<string | undefined> => {
  const [only, ...more] = changes;
  if (only !== undefined && more.length === 0) return requestAlone(send, changeRequest(address, only));
  requireAllDone(await send(transactionRequest(address, changes, randomUUID())), changes.length);
  return undefined;
};

/** Of one row, whose ETag it gives. */
const requestAlone = async (send: SendTableRequest, request: TableRequest): Promise<string | undefined> => {
  const answer = await send(request);
  requireDone(answer);
  return answer.headers.get('etag');
};

const statusOf = (error: unknown): number | undefined =>
  error instanceof TableFailure ? error.statusCode : (error as { readonly statusCode?: number }).statusCode;

const codeOf = (error: unknown): string | undefined => (error instanceof TableFailure ? error.code : undefined);

const isConflict = (error: unknown): boolean => {
  const status = statusOf(error);
  return status === 409 || status === 412 || (status === 404 && codeOf(error) === 'ResourceNotFound');
};

/** The service answered, and neither a retry nor the caller can help: a missing table or a missing role. */
const isRefused = (error: unknown): boolean => {
  const status = statusOf(error);
  return status === 401 || status === 403 || (status === 404 && codeOf(error) !== 'ResourceNotFound');
};

/** Everything without a status never got an answer: reset, refused, timed out, or no token to send. */
const isTransient = (error: unknown): boolean => {
  const status = statusOf(error);
  return status === undefined ? !(error instanceof TypeError) : status === 408 || status === 429 || status >= 500;
};
