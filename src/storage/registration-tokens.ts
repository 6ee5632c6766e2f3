/**
 * Table `clients`, as far as initial access tokens are concerned (RFC 7591 §1.2): operators issue them, and each lets some clients
 * register themselves.
 *
 *   PartitionKey  the same for all, so that they can be listed     RowKey  the token's id, 16 bytes of SHA-256 of it in hex
 *   the columns below; keepUntil: from when it is worth nothing
 */
import { base64url, type Random, sha256 } from '../oauth/crypto.ts';
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
type TokenPage = { readonly tokens: readonly RegistrationToken[]; readonly next: string | undefined };
type TokenRow = Readonly<Record<string, unknown>> & { readonly writeId?: string };

export type RegistrationTokens = {
  /** Throws `Unavailable`. */
  insert(token: NewToken): Promise<void>;
  /** As stored, spent and expired ones included. */
  read(id: string): Promise<RegistrationToken | undefined>;
  /** In the order of their ids, after one of them; spent and expired ones included. */
  list(page: { readonly after: string | undefined; readonly limit: number }): Promise<TokenPage>;
  /** False when the row is not the one that was read. Throws `Unavailable`: then a use may be lost, and none is won. */
  spend(token: RegistrationToken): Promise<boolean>;
  /** Whoever holds the token can register nothing more with it. Throws `Unavailable`. */
  withdraw(token: RegistrationToken): Promise<boolean>;
};

export const openRegistrationTokens = (clients: Table, random: Random): RegistrationTokens => {
  const read = async (id: string): Promise<RegistrationToken | undefined> => {
    const row = await clients.read<TokenRow>(partitionKey, id);
    return row && tokenFrom(row);
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
    list: async ({ after, limit }) => {
      const rows: Row<TokenRow>[] = [];
      for await (const page of clients.pages<TokenRow>(partitionKey, after === undefined ? '' : `${after}~`, '~')) {
        rows.push(...page);
        if (rows.length > limit) break;
      }
      const tokens = rows.slice(0, limit).map(tokenFrom);
      return { tokens, next: rows.length > limit ? tokens.at(-1)?.id : undefined };
    },
    spend: (token) => write({ ...token, usesLeft: token.usesLeft - 1 }, token.etag),
    withdraw: (token) => write({ ...token, usesLeft: 0 }, token.etag),
  };
};

/** In hex as all are, for the sweep. */
const partitionKey = sha256('registration tokens').toString('hex').slice(0, 32);

const keysOf = (id: string) => ({ partitionKey, rowKey: id });

const tokenFrom = (row: Row<TokenRow>): RegistrationToken => ({
  ...columns.read(row),
  id: row.rowKey,
  etag: row.etag,
});
