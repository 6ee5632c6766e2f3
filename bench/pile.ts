/** The people's table past every server: rows of people who do not exist planted, rows of somebody who does taken away. */
import { randomBytes } from 'node:crypto';
import { odata, TableClient, type TransactionAction } from '@azure/data-tables';
import { users } from '../local/provider/users.ts';
import { userKeyOf } from '../src/oauth/tokens/locator.ts';
import { tokensOf, type World } from './world.ts';

type Row = Readonly<Record<string, unknown>> & { readonly partitionKey: string; readonly rowKey: string };

const rowsPerBatch = 100;
const authorizationsPerPerson = 100;

const openUsers = ({ tables, identity, certificate }: World['emulators']): TableClient =>
  new TableClient(tables.url, 'users', tokensOf(identity), { tlsOptions: { ca: certificate.authority } });

/** The two rows of one live authorization, as the server wrote them: both name its client in their keys. */
const readSample = async (table: TableClient): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for await (const row of table.listEntities<Row>()) rows.push(row);
  for (const grant of rows.filter(({ rowKey }) => rowKey.startsWith('grant:'))) {
    const prefix = grant.rowKey.replace(/^grant/, 'family');
    const family = rows.find(
      ({ partitionKey, rowKey, state }) =>
        partitionKey === grant.partitionKey && rowKey.startsWith(`${prefix}:`) && state !== 'ended',
    );
    if (family !== undefined) return [grant, family];
  }
  throw new Error('there is no authorization that others could be planted like');
};

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** The sample as that of another client. */
const another = (sample: readonly Row[], partitionKey: string): readonly Row[] => {
  const client = hex(16);
  return sample.map(({ rowKey, etag: _etag, timestamp: _timestamp, ...columns }) => {
    const [kind, , family] = rowKey.split(':');
    const key = [kind, client, ...(family === undefined ? [] : [hex(family.length / 2)])].join(':');
    return { ...columns, partitionKey, rowKey: key };
  });
};

/** Plants `count` authorizations of people with a hundred each, like one that is in the tables. */
export const plantOthers = async ({ emulators }: World, count: number): Promise<void> => {
  const table = openUsers(emulators);
  const sample = await readSample(table);
  for (let planted = 0; planted < count; planted += authorizationsPerPerson) {
    const partitionKey = hex(32);
    const many = Math.min(authorizationsPerPerson, count - planted);
    const rows = Array.from({ length: many }, () => another(sample, partitionKey)).flat();
    for (let start = 0; start < rows.length; start += rowsPerBatch) {
      const batch = rows.slice(start, start + rowsPerBatch);
      await table.submitTransaction(batch.map((row): TransactionAction => ['create', row]));
    }
  }
};

/** Takes away all that there is of somebody, so that nothing of an earlier measurement is in the next. */
export const erasePerson = async ({ emulators }: World, login: string): Promise<void> => {
  const table = openUsers(emulators);
  const subject = users.find((user) => user.login === login)?.objectId ?? '';
  const partition = userKeyOf(emulators.provider.issuer, subject).toString('hex');
  const rows: Row[] = [];
  for await (const row of table.listEntities<Row>({ queryOptions: { filter: odata`PartitionKey eq ${partition}` } }))
    rows.push(row);
  for (let start = 0; start < rows.length; start += rowsPerBatch) {
    const batch = rows.slice(start, start + rowsPerBatch);
    await table.submitTransaction(batch.map(({ partitionKey, rowKey }) => ['delete', { partitionKey, rowKey }]));
  }
};
