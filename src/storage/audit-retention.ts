/**
 * Days of the audit log that are old enough to go: all events of a day, never its seal. Where the app may only add to the
 * log (`CUSTOM_KEY_ROLE`), it cannot: somebody who may has to.
 *
 *   Table deployment   PartitionKey sweep   RowKey audit   day: up to which everything has been deleted
 */
import { Unavailable } from '../oauth/errors.ts';
import { slots } from './audit.ts';
import type { Row, Table } from './table.ts';

export type AuditRetention = {
  /** Up to which day everything has been deleted; undefined when nothing ever was. Throws `Unavailable`. */
  deletedUpTo(): Promise<string | undefined>;
  /** Whether the app may delete rows of the log. */
  isAllowed(): Promise<boolean>;
  /** Deletes the events of a day. Throws `Unavailable`: then it is to be called again. */
  remove(day: string): Promise<void>;
};

const keys = { partitionKey: 'sweep', rowKey: 'audit' } as const;
const rowsPerWrite = 100;

export const openAuditRetention = (audit: Table, deployment: Table): AuditRetention => ({
  deletedUpTo: async () => (await deployment.read<{ readonly day: string }>(keys.partitionKey, keys.rowKey))?.day,
  isAllowed: async () => {
    // A row that is never there: whoever may delete hears of that, whoever may not hears that.
    const outcome = await audit.remove({ partitionKey: 'seals', rowKey: 'never', etag: '*' }).catch(() => undefined);
    return outcome?.kind === 'conflict';
  },
  remove: async (day) => {
    for (let slot = 0; slot < slots; slot++)
      for await (const rows of audit.pages<object>(`${day}:${slot}`, '0', '~')) await removeAll(audit, rows);
    await deployment.write([{ upsert: { ...keys, day } }]);
  },
});

const removeAll = async (audit: Table, rows: readonly Row<object>[]): Promise<void> => {
  for (let first = 0; first < rows.length; first += rowsPerWrite) {
    const some = rows.slice(first, first + rowsPerWrite);
    const outcome = await audit.write(some.map(({ partitionKey, rowKey }) => ({ remove: { partitionKey, rowKey } })));
    if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
    // Another run has deleted some of them.
    if (outcome.kind === 'conflict') for (const row of some) await audit.remove({ ...row, etag: '*' });
  }
};
