/** Writes rows of the clients table with the deployer's own right on it (infra/modules/roles.bicep). */
import { az, NotAllowed, required, Stop, say, sleep } from './shell.mjs';

const retrySeconds = 10;

const tokenForStorage = () =>
  az('account', 'get-access-token', '--resource', 'https://storage.azure.com/', '--tenant', required('AZURE_TENANT_ID'))
    .accessToken;

const request = async (method, { PartitionKey, RowKey }, body) => {
  const url = `${required('ASSENT_TABLES_URL')}/clients(PartitionKey='${PartitionKey}',RowKey='${RowKey}')`;
  const headers = {
    authorization: `Bearer ${tokenForStorage()}`,
    accept: 'application/json;odata=nometadata',
    'x-ms-version': '2019-02-02',
    'x-ms-date': new Date().toUTCString(),
    ...(body === undefined ? { 'if-match': '*' } : { 'content-type': 'application/json' }),
  };
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (response.status === 401 || response.status === 403) throw new NotAllowed(`storage answered ${response.status}`);
  if (!response.ok && response.status !== 404)
    throw new Stop(`Storage answered ${response.status}: ${await response.text()}`);
};

/** Writes the row; keeps trying for `patienceSeconds` while the right may still be on its way. Throws Stop. */
export const writeClient = async (row, patienceSeconds) => {
  for (let waited = 0; ; waited += retrySeconds) {
    try {
      return await request('PUT', row, row);
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      if (waited >= patienceSeconds)
        throw new Stop(
          'Your account may not write the clients table. The deployment gave that right to whoever ran it with azd: ' +
            'is "az" signed in as somebody else? ("azd config set auth.useAzCliAuth true" makes them one.)',
        );
      say(`Your right on the clients table has not arrived yet; trying again in ${retrySeconds} seconds.`);
      await sleep(retrySeconds);
    }
  }
};

export const deleteClient = (row) => request('DELETE', row);
