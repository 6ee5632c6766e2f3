/**
 * Table `audit`: what operators changed. A row is written before the change it announces, so there is no change without
 * a row; a row without its change means that the change failed.
 *
 *   PartitionKey  the day, as in 2026-11-21     RowKey  <time>:<random>
 *   at (epoch seconds), actor (client_id), action, target, details (JSON, never a secret)
 */
import { base64url, type Clock, type Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Table } from './table.ts';

export type AuditEntry = {
  readonly actor: string;
  readonly action:
    | 'create client'
    | 'update client'
    | 'delete client'
    | 'add client secret'
    | 'remove client secret'
    | 'issue registration token'
    | 'withdraw registration token'
    | 'set not-before';
  readonly target: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

export type Audit = {
  /** Throws `Unavailable` when the entry may not have been written; the change must not be made then. */
  record(entry: AuditEntry): Promise<void>;
};

export const openAudit = (table: Table, { clock, random }: { clock: Clock; random: Random }): Audit => ({
  record: async ({ details = {}, ...entry }) => {
    const at = clock();
    const outcome = await table.write([
      {
        insert: {
          partitionKey: new Date(at * 1000).toISOString().slice(0, 10),
          rowKey: `${at}:${base64url(random(9))}`,
          at,
          ...entry,
          details: JSON.stringify(details),
        },
      },
    ]);
    if (outcome.kind !== 'done') throw new Unavailable('storage');
  },
});
