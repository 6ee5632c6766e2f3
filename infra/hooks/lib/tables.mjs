/** Rows of the tables, written with the deployer's own right on them (table-right.mjs). */
import { randomBytes } from 'node:crypto';
import { caller, tokenFor } from './account.mjs';
import { NotAllowed, required, Stop, say, sleep } from './shell.mjs';

const retrySeconds = 10;
const timeoutMilliseconds = 20_000;

const request = async (method, table, { row, body }) => {
  const path = `${table}(PartitionKey='${row.PartitionKey}',RowKey='${row.RowKey}')`;
  const headers = {
    authorization: `Bearer ${tokenFor('--resource', 'https://storage.azure.com/')}`,
    accept: 'application/json;odata=nometadata',
    'x-ms-version': '2019-02-02',
    'x-ms-date': new Date().toUTCString(),
    ...(body === undefined ? { 'if-match': '*' } : { 'content-type': 'application/json' }),
  };
  const response = await fetch(`${required('ASSENT_TABLES_URL')}/${path}`, {
    method,
    headers,
    signal: AbortSignal.timeout(timeoutMilliseconds),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status === 401 || response.status === 403) throw new NotAllowed(`storage answered ${response.status}`);
  if (!response.ok && response.status !== 404)
    throw new Stop(`Storage answered ${response.status}: ${await response.text()}`);
};

/** Writes the row; keeps trying for `patienceSeconds` while the right may still be on its way. Throws Stop. */
const write = async (table, row, patienceSeconds) => {
  for (let waited = 0; ; waited += retrySeconds) {
    try {
      return await request('PUT', table, { row, body: row });
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      if (waited >= patienceSeconds)
        throw new Stop(
          `Your account may not write the table ${table}, although it was given that right: rights can take ten ` +
            'minutes to arrive, so try again later. Is "az" signed in as somebody else than azd?',
        );
      say(`Your right on the table ${table} has not arrived yet; trying again in ${retrySeconds} seconds.`);
      await sleep(retrySeconds);
    }
  }
};

/** As src/storage/audit.ts keeps it: the row comes before the change that it announces, or there is no change. */
const auditRow = (event, { clientId, expiresAt, row: { name } }) => {
  const at = Math.floor(Date.now() / 1000);
  return {
    PartitionKey: `${new Date(at * 1000).toISOString().slice(0, 10)}:0`,
    RowKey: `${9_999_999_999 - at}:${randomBytes(9).toString('base64url')}`,
    at,
    event,
    v: 1,
    actorKind: 'deployment',
    actor: `deployer:${caller().id}`,
    client: clientId,
    details: JSON.stringify({ target: clientId, name, expiresAt, isOperator: true }),
  };
};

/** Writes a client of `newOperatorClient`, its audit row first. Throws Stop. */
export const writeClient = async (client, patienceSeconds) => {
  await write('audit', auditRow('client.created', client), patienceSeconds);
  await write('clients', client.row, patienceSeconds);
};

/** Deletes it again, its audit row first. */
export const deleteClient = async (client) => {
  await write('audit', auditRow('client.deleted', client), 0);
  await request('DELETE', 'clients', { row: client.row });
};
