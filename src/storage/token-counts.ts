/**
 * How many tokens an authorization session got. Each write that gives one counts it in the family's row (`families.ts`); one
 * event tells of them all, half a day after the first or when the session has ended, in the batch that sets the count
 * back to nothing. So every token is told of once, whoever dies.
 */
import type { Clock, Random } from '../oauth/crypto.ts';
import type { RowKeys } from './change.ts';
import type { Row, Table } from './table.ts';
import { eventInsert } from './user-rows.ts';

/** What of a family's row this is about. */
export type CountColumns = { readonly clientId: string; readonly tokens: number; readonly tokensSince: number };

export type TokenCounts = {
  /** Tells of them. What somebody else writes at the same time is told of at the next pass. Throws `Unavailable`. */
  tell(rows: readonly Row<CountColumns>[]): Promise<void>;
};

type Options = { readonly clock: Clock; readonly random: Random };

const atOnce = 8;

export const openTokenCounts = (users: Table, { clock, random }: Options): TokenCounts => ({
  tell: async (rows) => {
    const waiting = rows.values();
    const work = async (): Promise<void> => {
      for (const { partitionKey, rowKey, etag, clientId, tokens, tokensSince: since } of waiting) {
        const event = {
          kind: 'tokens issued',
          at: clock(),
          clientId,
          tokens,
          since,
          family: familyOf({ rowKey }),
        } as const;
        await users.write([
          { update: { partitionKey, rowKey, tokens: 0, tokensSince: 0 }, etag },
          eventInsert(Buffer.from(partitionKey, 'hex'), event, random),
        ]);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  },
});

const familyOf = ({ rowKey }: Pick<RowKeys, 'rowKey'>): string => rowKey.split(':').at(-1) ?? '';
