/** What really lies in the tables: read past every host and proxy, with the data identity's own token. */
import { request } from 'node:https';
import { dataIdentity, storageAudience } from '../../src/local/identity/identities.ts';
import type { Stack } from './stack.ts';

export type StoredRow = { readonly PartitionKey: string; readonly RowKey: string } & Readonly<Record<string, unknown>>;

/** Every row of one partition of a table, as stored. Rejects unless the tables answer 200. */
export const storedRows = async (stack: Stack, table: string, partitionKey: string): Promise<readonly StoredRow[]> => {
  const token = await stack.identity.issue(dataIdentity, storageAudience);
  const filter = encodeURIComponent(`PartitionKey eq '${partitionKey}'`);
  const text = await get(stack, `/devstoreaccount1/${table}()?$filter=${filter}`, token);
  return (JSON.parse(text) as { value: readonly StoredRow[] }).value;
};

const get = ({ ports, certificate }: Stack, path: string, token: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json;odata=nometadata',
      'x-ms-version': '2020-12-06',
      'x-ms-date': new Date().toUTCString(),
    };
    const options = { host: '127.0.0.1', servername: 'localhost', port: ports.tables, path, headers };
    const call = request({ ...options, ca: certificate.authority }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve(text) : reject(new Error(`${answer.statusCode}: ${text}`)),
      );
    });
    call.on('error', reject).end();
  });
