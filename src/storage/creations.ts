/**
 * Table `requests`, as far as creations are concerned that may be repeated (draft-ietf-httpapi-idempotency-key-header).
 *
 *   PartitionKey  hex of 32 bytes that name who creates, what, and the key     RowKey  creation
 *   fingerprint   what was asked for
 *   leaseUntil    until when an attempt may still be at work
 *   pieces, answer0, answer1, …   the answer, sealed, in columns of base64url; none while there is no answer
 *   writeId, keepUntil
 *
 * The row is inserted before anything is made. A second request of the same key finds the first one's answer, or that it is still
 * at work, or that it never came to an end, and goes on in its place.
 */
import { base64url, type Clock, equalBytes, type Random } from '../oauth/crypto.ts';
import { bytes, number, rowOf, seconds } from './columns.ts';
import { settle } from './settle.ts';
import type { Row, Table } from './table.ts';

/** What becomes of a key that was sent: to go on with it, or not to. */
type Begun =
  | { readonly kind: 'begun' }
  | { readonly kind: 'answered'; readonly sealed: Buffer }
  | { readonly kind: 'in flight' }
  /** The key was used for something else. */
  | { readonly kind: 'other' };

export type Creations = {
  /** Throws `Unavailable`: then nothing has begun. */
  begin(creation: { readonly id: Buffer; readonly fingerprint: Buffer }): Promise<Begun>;
  /** Keeps the answer. If that is lost, a repetition does again what comes to the same. */
  finish(id: Buffer, sealed: Buffer): Promise<void>;
  /** Nothing was made: the key is free, at once. */
  forget(id: Buffer): Promise<void>;
  /** Nobody knows what became of it: the next one goes on. */
  abandon(id: Buffer): Promise<void>;
};

/** Longer than any request works. */
const leaseSeconds = 60;
const keptSeconds = 86_400;
/** Table Storage holds 32,768 characters in one column. */
const pieceLength = 30_000;

const columns = rowOf({ fingerprint: bytes, leaseUntil: seconds, pieces: number, keepUntil: seconds });
type CreationRow = Readonly<Record<string, unknown>> & { readonly writeId?: string };

export const openCreations = (
  requests: Table,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Creations => {
  const read = (id: Buffer) => requests.read<CreationRow>(keysOf(id).partitionKey, keysOf(id).rowKey);
  /** True for the one attempt that goes on; `etag` is that of the row whose place it takes. */
  const take = async (id: Buffer, fingerprint: Buffer, etag?: string): Promise<boolean> => {
    const writeId = base64url(random(16));
    const now = clock();
    const begun = { fingerprint, leaseUntil: now + leaseSeconds, pieces: 0, keepUntil: now + keptSeconds };
    const row = { ...keysOf(id), ...columns.write(begun), writeId };
    const settled = await settle<undefined>({
      attempt: () => requests.write([etag === undefined ? { insert: row } : { update: row, etag }]),
      readBack: async () => {
        const current = await read(id);
        if (current?.writeId === writeId) return { whose: 'ours' };
        return current?.etag === etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
      },
      // Landing late it holds whoever tries again up for as long as a lease.
      fence: async () => ({ kind: 'done' }),
    });
    return settled.result === 'done';
  };
  return {
    begin: async ({ id, fingerprint }) => {
      if (await take(id, fingerprint)) return { kind: 'begun' };
      const row = await read(id);
      if (row === undefined) return { kind: 'in flight' };
      const found = foundIn(row, fingerprint, clock());
      if (found !== undefined) return found;
      return (await take(id, fingerprint, row.etag)) ? { kind: 'begun' } : { kind: 'in flight' };
    },
    finish: async (id, sealed) => {
      await requests.write([{ merge: { ...keysOf(id), ...piecesOf(sealed) } }]);
    },
    forget: async (id) => {
      await requests.remove({ ...keysOf(id), etag: '*' });
    },
    abandon: async (id) => {
      await requests.write([{ merge: { ...keysOf(id), leaseUntil: 0 } }]);
    },
  };
};

const keysOf = (id: Buffer) => ({ partitionKey: id.toString('hex'), rowKey: 'creation' });

/** Undefined for a row whose place can be taken. */
const foundIn = (row: Row<CreationRow>, fingerprint: Buffer, now: number): Begun | undefined => {
  const { pieces, ...stored } = columns.read(row);
  if (now >= stored.keepUntil) return undefined;
  if (!equalBytes(stored.fingerprint, fingerprint)) return { kind: 'other' };
  if (pieces > 0) return { kind: 'answered', sealed: answerIn(row, pieces) };
  return now < stored.leaseUntil ? { kind: 'in flight' } : undefined;
};

const piecesOf = (sealed: Buffer) => {
  const text = base64url(sealed);
  const pieces = Math.ceil(text.length / pieceLength);
  const each = Array.from({ length: pieces }, (_, index): [string, string] => [
    `answer${index}`,
    text.slice(index * pieceLength, (index + 1) * pieceLength),
  ]);
  return { pieces, ...Object.fromEntries(each) };
};

const answerIn = (row: CreationRow, pieces: number): Buffer =>
  Buffer.from(Array.from({ length: pieces }, (_, index) => String(row[`answer${index}`])).join(''), 'base64url');
