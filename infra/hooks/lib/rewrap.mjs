/** Moves the deployment's secret from one wrapping key to another (src/signing/deployment-secret.ts). */
import { Stop } from './shell.mjs';
import { getRow, putRow } from './table-rows.mjs';

const keys = { PartitionKey: 'deployment', RowKey: 'secret' };
const algorithm = 'RSA-OAEP-256';
const timeoutMilliseconds = 10_000;

/**
 * Opens the secret of the account `from` with `oldKey`, wraps it with the newest version of `newKey` and stores it in the
 * account `to`, in place of any that is there. Keys are addresses as in WRAPPING_KEY. Throws Stop.
 */
export const moveSecret = async ({ from, to, oldKey, newKey, token, vaultToken }) => {
  const stored = await getRow({ account: from, table: 'deployment', token }, keys);
  if (stored === undefined) throw new Stop('The old account holds no secret: was anything ever issued there?');
  const call = caller(vaultToken);
  const opened = await call(`${oldKey}/${stored.version}/unwrapkey`, { alg: algorithm, value: stored.wrapped });
  const version = new URL((await call(newKey)).key.kid).pathname.split('/').at(-1);
  const { value: wrapped } = await call(`${newKey}/${version}/wrapkey`, { alg: algorithm, value: opened.value });
  await putRow({ account: to, table: 'deployment', token }, { ...keys, wrapped, version });
};

const caller = (vaultToken) => async (url, body) => {
  const response = await fetch(`${url}?api-version=7.5`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${await vaultToken()}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(timeoutMilliseconds),
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Stop(`${new URL(url).host} answered ${response.status}: may your account use the key?`);
  return response.json();
};
