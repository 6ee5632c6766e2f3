/**
 * Table `clients`, as far as initial access tokens are concerned (RFC 7591 §1.2): operators issue them, and each lets some clients
 * register themselves.
 *
 *   PartitionKey  the token's id, 16 bytes of SHA-256 of it in hex     RowKey  registration-token
 *   the columns below; keepUntil: from when it is worth nothing
 */
import { base64url, type Random } from '../oauth/crypto.ts';
import { bytes, named, number, rowOf, seconds, text } from './columns.ts';
import { settle } from './settle.ts';
import type { Row, Table } from './table.ts';

const columns = rowOf({
  hash: bytes,
  issuedBy: text(),
  createdAt: seconds,
  expiresAt: named('keepUntil', seconds),
  usesLeft: number,
});

export type RegistrationToken = ReturnType<typeof columns.read> & { readonly id: string; readonly etag: string };
type NewToken = Omit<RegistrationToken, 'etag'>;
type TokenRow = Readonly<Record<string, unknown>> & { readonly writeId?: string };

export type RegistrationTokens = {
  /** Throws `Unavailable`. */
  insert(token: NewToken): Promise<void>;
  /** As stored, spent and expired ones included. */
  read(id: string): Promise<RegistrationToken | undefined>;
  /** False when the row is not the one that was read. Throws `Unavailable`: then a use may be lost, and none is won. */
  spend(token: RegistrationToken): Promise<boolean>;
  /** Whoever holds the token can register nothing more with it. Throws `Unavailable`. */
  withdraw(token: RegistrationToken): Promise<boolean>;
};

export const openRegistrationTokens = (clients: Table, random: Random): RegistrationTokens => {
  const read = async (id: string): Promise<RegistrationToken | undefined> => {
    const { partitionKey, rowKey } = keysOf(id);
    const row: Row<TokenRow> | undefined = await clients.read<TokenRow>(partitionKey, rowKey);
    return row && { ...columns.read(row), id, etag: row.etag };
  };
  const write = async (token: NewToken, etag: string | undefined): Promise<boolean> => {
    const writeId = base64url(random(16));
    const row = { ...keysOf(token.id), ...columns.write(token), writeId };
    const settled = await settle<undefined>({
      attempt: () => clients.write([etag === undefined ? { insert: row } : { update: row, etag }]),
      readBack: async () => {
        const current = await clients.read<TokenRow>(row.partitionKey, row.rowKey);
        if (current?.writeId === writeId) return { whose: 'ours' };
        return current?.etag === etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
      },
      // Landing late it takes a use that nobody had, or withdraws what was to be withdrawn.
      fence: async () => ({ kind: 'done' }),
    });
    return settled.result === 'done';
  };
  return {
    insert: async (token) => {
      await write(token, undefined);
    },
    read,
    spend: (token) => write({ ...token, usesLeft: token.usesLeft - 1 }, token.etag),
    withdraw: (token) => write({ ...token, usesLeft: 0 }, token.etag),
  };
};

const keysOf = (id: string) => ({ partitionKey: id, rowKey: 'registration-token' });
