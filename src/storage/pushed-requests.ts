/**
 * Table `requests`, as far as pushed authorization requests are concerned (RFC 9126).
 *
 *   PartitionKey  hex of SHA-256 of the request's id     RowKey  pushed     the columns below, keepUntil
 *
 * A request is consumed by a conditional write that says what for: the same answer given again finds its own word there.
 */

import { type PushedRequest, pushedIdLength } from '../oauth/authorization/pushed-request.ts';
import type { Random } from '../oauth/crypto.ts';
import { sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { flag, json, optional, rowOf, seconds, text } from './columns.ts';
import { settle } from './settle.ts';
import type { Table } from './table.ts';

const columns = rowOf({
  clientId: text(),
  parameters: json<PushedRequest['parameters']>(),
  isSigned: flag,
  byBrowser: flag,
  createdAt: seconds,
  expiresAt: seconds,
  consumedBy: optional(text()),
});

type PushedColumns = Readonly<Record<string, unknown>> & { readonly consumedBy?: string };

type NewRequest = Omit<PushedRequest, 'requestId' | 'etag' | 'consumedBy'>;

export type PushedRequests = {
  /** Stores it and returns its id. Throws `Unavailable`. */
  push(request: NewRequest): Promise<Buffer>;
  read(requestId: Buffer): Promise<PushedRequest | undefined>;
  /** True for the first use and for each repetition of it (`by`). Throws `Unavailable`: then it is not consumed. */
  consume(request: PushedRequest, by: string): Promise<boolean>;
};

/** A person may take as long as the approval page holds, and whoever comes later is told that it was used. */
const keptSeconds = 7_200;

export const openPushedRequests = (requests: Table, random: Random): PushedRequests => ({
  push: async (request) => {
    const requestId = random(pushedIdLength);
    const keys = keysOf(requestId);
    const keepUntil = request.expiresAt + keptSeconds;
    const row = { ...keys, ...columns.write({ ...request, consumedBy: undefined }), keepUntil };
    const settled = await settle<undefined>({
      attempt: () => requests.write([{ insert: row }]),
      readBack: async () => ({ whose: (await requests.read(keys.partitionKey, keys.rowKey)) ? 'ours' : 'nobody' }),
      // Landing late it is a request whose name nobody was told.
      fence: async () => ({ kind: 'done' }),
    });
    if (settled.result !== 'done') throw new Unavailable('storage');
    return requestId;
  },
  read: async (requestId) => {
    const { partitionKey, rowKey } = keysOf(requestId);
    const row = await requests.read<PushedColumns>(partitionKey, rowKey);
    return row && { requestId, etag: row.etag, ...columns.read(row) };
  },
  consume: async (request, by) => {
    if (request.consumedBy !== undefined) return request.consumedBy === by;
    const keys = keysOf(request.requestId);
    const settled = await settle<string | undefined>({
      attempt: () => requests.write([{ update: { ...keys, consumedBy: by }, etag: request.etag }]),
      readBack: async () => {
        const current = await requests.read<PushedColumns>(keys.partitionKey, keys.rowKey);
        if (current?.consumedBy === by) return { whose: 'ours' };
        if (current?.etag === request.etag) return { whose: 'nobody' };
        return { whose: 'another', current: current?.consumedBy };
      },
      fence: () => requests.write([{ update: { ...keys, fenced: true }, etag: request.etag }]),
    });
    return settled.result === 'done';
  },
});

const keysOf = (requestId: Buffer) => ({ partitionKey: sha256(requestId).toString('hex'), rowKey: 'pushed' });
