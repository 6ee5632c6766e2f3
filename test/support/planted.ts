/** Authorizations of people whom nobody has ever met: rows like those of somebody real, in as many partitions, and in the index. */
import { createHash } from 'node:crypto';
import { indexPartitionOf } from './index.ts';
import { putRow, type StoredRow, storedRows } from './rows.ts';
import type { Stack } from './stack.ts';

type Planted = { readonly clientId: string; readonly people: readonly string[] };

/** Hex of a user key. */
const strangerKey = (name: string): string => createHash('sha256').update(name).digest('hex');

const columnsOf = (row: StoredRow | undefined): Readonly<Record<string, string | number | boolean>> =>
  Object.fromEntries(
    Object.entries(row ?? {}).filter(([name]) => !/^(PartitionKey|RowKey|Timestamp|odata)/.test(name)),
  ) as Record<string, string | number | boolean>;

/** So many more people have authorized the service, as `like` (a pseudonym) has. */
export const plantAuthorizations = async (
  stack: Stack,
  { clientId, like, count }: { readonly clientId: string; readonly like: string; readonly count: number },
): Promise<Planted> => {
  const client = indexPartitionOf(clientId);
  const grant = (await storedRows(stack, 'users', like)).find(({ RowKey }) => RowKey === `grant:${client}`);
  const entries = await storedRows(stack, 'index', client);
  const entry = entries.find(({ RowKey }) => RowKey === `user:${like}`);
  if (grant === undefined || entry === undefined) throw new Error('nobody to plant others after');
  const people = Array.from({ length: count }, (_, at) => strangerKey(`${clientId} ${at}`));
  const counts = new Map(entries.flatMap((row) => (row.count === undefined ? [] : [[row.RowKey, Number(row.count)]])));
  for (const person of people) {
    await putRow(stack, 'users', { ...columnsOf(grant), PartitionKey: person, RowKey: grant.RowKey, families: '' });
    await putRow(stack, 'index', { ...columnsOf(entry), PartitionKey: client, RowKey: `user:${person}` });
    const counter = `count:${person.slice(0, 1)}`;
    counts.set(counter, (counts.get(counter) ?? 0) + 1);
  }
  for (const [RowKey, value] of counts) await putRow(stack, 'index', { PartitionKey: client, RowKey, count: value });
  return { clientId, people };
};
