/** Rows of any account's tables, read and written as they are, by whoever has the right. */
import { NotAllowed, Stop } from './shell.mjs';

const writesAtOnce = 16;
const attempts = 5;
const timeoutMilliseconds = 20_000;

/** One row, or undefined. */
export const getRow = async ({ account, table, token }, row) => {
  const response = await ask('GET', rowUrl(account, table, row), { token, allowed: [404] });
  return response.status === 404 ? undefined : response.json();
};

/** Inserts or replaces a row. */
export const putRow = async ({ account, table, token }, row) => {
  await ask('PUT', rowUrl(account, table, row), { token, body: JSON.stringify(row) });
};

/** Inserts a row; false when there is one. */
export const insertRow = async ({ account, table, token }, row) => {
  const response = await ask('POST', `${account}/${table}`, { token, body: JSON.stringify(row), allowed: [409] });
  return response.status !== 409;
};

/** Replaces a row if it is still the one that was read; false when it is another by now. */
export const replaceRow = async ({ account, table, token }, row, etag) => {
  const options = { token, etag, body: JSON.stringify(row), allowed: [404, 412] };
  return (await ask('PUT', rowUrl(account, table, row), options)).ok;
};

/** Deletes a row if it is still the one that was read; false when it is another by now. One that is gone is deleted. */
export const deleteRow = async ({ account, table, token }, row, etag) => {
  const response = await ask('DELETE', rowUrl(account, table, row), { token, etag, allowed: [404, 412] });
  return response.status !== 412;
};

/** Up to 1,000 rows, and where to go on; `query` may hold a `$filter`. `etags` are of the rows, in their order. */
export const readPage = async ({ account, table, token }, query) => {
  const response = await ask('GET', `${account}/${table}()?${new URLSearchParams({ $top: '1000', ...query })}`, {
    token,
  });
  const { value } = await response.json();
  const [partition, row] = ['nextpartitionkey', 'nextrowkey'].map((name) =>
    response.headers.get(`x-ms-continuation-${name}`),
  );
  // With minimal metadata a column says its type where JSON does not; ETag and time belong to the old account.
  const rows = value.map(({ 'odata.etag': _, Timestamp: __, 'Timestamp@odata.type': ___, ...columns }) => columns);
  const place = { ...(partition && { NextPartitionKey: partition }), ...(row && { NextRowKey: row }) };
  const etags = value.map((row) => row['odata.etag']);
  return { rows, etags, next: partition ? place : undefined };
};

const rowUrl = (account, table, { PartitionKey, RowKey }) => {
  const quoted = (key) => `'${encodeURIComponent(key.replaceAll("'", "''"))}'`;
  return `${account}/${table}(PartitionKey=${quoted(PartitionKey)},RowKey=${quoted(RowKey)})`;
};

/** Tries again what may pass: no answer, too many requests, a service that is busy failing over. */
const ask = async (method, url, { token, body, etag, allowed = [] }) => {
  for (let attempt = 1; ; attempt += 1) {
    const problem = await fetch(url, {
      method,
      body,
      signal: AbortSignal.timeout(timeoutMilliseconds),
      headers: {
        authorization: `Bearer ${await token()}`,
        accept: 'application/json;odata=minimalmetadata',
        'content-type': 'application/json',
        'x-ms-version': '2019-02-02',
        'x-ms-date': new Date().toUTCString(),
        ...(etag === undefined ? {} : { 'if-match': etag }),
      },
    }).then(
      (response) => (response.ok || allowed.includes(response.status) ? { response } : { refused: response }),
      (error) => ({ error }),
    );
    if (problem.response !== undefined) return problem.response;
    const status = problem.refused?.status ?? 0;
    if (status === 401 || status === 403) throw new NotAllowed(`${new URL(url).host} answered ${status}`);
    if (attempt === attempts || (status >= 400 && status < 500 && status !== 429))
      throw new Stop(
        `${method} ${new URL(url).host} failed: ${problem.error?.message ?? status}. Run this again to go on.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
  }
};

/** Does `work` for every item, sixteen at a time. */
export const inParallel = async (items, work) => {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: writesAtOnce }, worker));
};
