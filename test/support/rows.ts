/** What really lies in the tables: read past every host and proxy, with the data identity's own token. */
import { request } from 'node:https';
import { dataIdentity, storageAudience } from '../../local/identity/identities.ts';
import type { Stack } from './stack.ts';

/** What reaching the tables takes of a stack. */
type Storage = Pick<Stack, 'ports' | 'certificate' | 'identity'>;

export type StoredRow = { readonly PartitionKey: string; readonly RowKey: string } & Readonly<Record<string, unknown>>;

/** Every row of a table, or of one partition of it, as stored (1,000 at most). Rejects unless the tables answer 200. */
export const storedRows = async (
  stack: Storage,
  table: string,
  partitionKey?: string,
): Promise<readonly StoredRow[]> => {
  const filter =
    partitionKey === undefined ? '' : `?$filter=${encodeURIComponent(`PartitionKey eq '${partitionKey}'`)}`;
  const text = await ask(stack, `${table}()${filter}`, { method: 'GET', expected: 200 });
  return (JSON.parse(text) as { value: readonly StoredRow[] }).value;
};

/** What the audit log has of today (UTC), in order. */
export const auditRows = async (stack: Storage): Promise<readonly StoredRow[]> => {
  const day = new Date().toISOString().slice(0, 10);
  const ofSlots = await Promise.all([0, 1, 2, 3].map((slot) => storedRows(stack, 'audit', `${day}:${slot}`)));
  return ofSlots.flat().toSorted((a, b) => (a.RowKey < b.RowKey ? -1 : 1));
};

type RowChange = Pick<StoredRow, 'PartitionKey' | 'RowKey'> & Readonly<Record<string, string | number | boolean>>;

/** Merges these columns into a row. Rejects unless it was there. */
export const changeRow = async (stack: Storage, table: string, change: RowChange): Promise<void> => {
  const { PartitionKey, RowKey, ...columns } = change;
  await ask(stack, `${table}(${keyOf(change)})`, { method: 'MERGE', expected: 204, body: JSON.stringify(columns) });
};

/** Writes a row, whether there is one or not; other columns of one that is there stay. */
export const putRow = async (stack: Storage, table: string, row: RowChange): Promise<void> => {
  const { PartitionKey, RowKey, ...columns } = row;
  const body = JSON.stringify(columns);
  await ask(stack, `${table}(${keyOf(row)})`, { method: 'MERGE', expected: 204, body, whetherThereOrNot: true });
};

/** Deletes a row, whatever is in it. Rejects unless it was there. */
export const deleteRow = async (
  stack: Storage,
  table: string,
  row: Pick<StoredRow, 'PartitionKey' | 'RowKey'>,
): Promise<void> => {
  await ask(stack, `${table}(${keyOf(row)})`, { method: 'DELETE', expected: 204 });
};

const keyOf = ({ PartitionKey, RowKey }: Pick<StoredRow, 'PartitionKey' | 'RowKey'>): string =>
  `PartitionKey='${PartitionKey}',RowKey='${encodeURIComponent(RowKey)}'`;

type Asked = {
  readonly method: 'GET' | 'DELETE' | 'MERGE';
  readonly expected: number;
  readonly body?: string;
  readonly whetherThereOrNot?: true;
};

const ask = async (
  stack: Storage,
  path: string,
  { method, expected, body, whetherThereOrNot }: Asked,
): Promise<string> => {
  const { ports, certificate, identity } = stack;
  const token = await identity.issue(dataIdentity, storageAudience);
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json;odata=nometadata',
      ...(method === 'GET' || whetherThereOrNot === true ? {} : { 'if-match': '*' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'x-ms-version': '2020-12-06',
      'x-ms-date': new Date().toUTCString(),
    };
    const address = { host: '127.0.0.1', servername: 'localhost', port: ports.tables };
    const options = { ...address, method, path: `/devstoreaccount1/${path}`, headers };
    const call = request({ ...options, ca: certificate.authority }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () =>
        answer.statusCode === expected ? resolve(text) : reject(new Error(`${answer.statusCode}: ${text}`)),
      );
    });
    call.on('error', reject).end(body);
  });
};
