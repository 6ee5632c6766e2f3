/**
 * Copies tables from one storage account to another, row by row and as they are. Every write replaces, so a copy that was
 * cut off is repeated or resumed without harm; where it got to lies in a file.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { NotAllowed, Stop } from './shell.mjs';

/**
 * What was revoked and used up comes before what could be used: a copy that ends half-way never gives somebody back what
 * was taken from him. The audit is last: nothing is decided by it.
 */
const tablesInOrder = ['deployment', 'replay', 'requests', 'clients', 'users', 'audit'];

const writesAtOnce = 16;
const attempts = 5;
const timeoutMilliseconds = 20_000;

/**
 * Rows of the table `deployment` that stay behind: the secret, which only the old vault's key opens; the instant up to which
 * everything is void, since the new account's is later; and the place where the sweep of the old account was.
 */
const isOwn = (table, { PartitionKey, RowKey }) =>
  table === 'deployment' &&
  (PartitionKey === 'sweep' || ['deployment secret', 'not-before everyone'].includes(`${PartitionKey} ${RowKey}`));

/**
 * Copies all tables; returns how many rows of each. `from` and `to` are addresses of accounts, `token()` gives a bearer token,
 * `stateFile` remembers the place, `report` is told of every page. Throws Stop, and NotAllowed when an account refuses.
 */
export const copyTables = async ({ from, to, token, stateFile, report = () => undefined }) => {
  const state = readState(stateFile, { from, to });
  for (const table of tablesInOrder) {
    let at = state.tables[table] ?? { rows: 0, next: {} };
    while (at.next !== undefined) {
      const page = await readPage({ account: from, table, token }, at.next);
      const rows = page.rows.filter((row) => !isOwn(table, row));
      await inParallel(rows, (row) => putRow({ account: to, table, token }, row));
      at = { rows: at.rows + rows.length, next: page.next };
      state.tables[table] = at;
      writeState(stateFile, state);
      report(table, at.rows);
    }
  }
  return Object.fromEntries(tablesInOrder.map((table) => [table, state.tables[table].rows]));
};

/** Voids everything issued to everyone up to now, as `POST /api/admin/not-before` does. An instant only moves forward. */
export const voidEverything = async (target, now = Math.floor(Date.now() / 1000)) => {
  const keys = { PartitionKey: 'not-before', RowKey: 'everyone' };
  const place = { ...target, table: 'deployment' };
  const before = await getRow(place, keys);
  if (before === undefined || before.notBefore < now) await putRow(place, { ...keys, notBefore: now });
};

/** One row, or undefined. */
export const getRow = async ({ account, table, token }, row) => {
  const response = await ask('GET', rowUrl(account, table, row), { token, allowed: [404] });
  return response.status === 404 ? undefined : response.json();
};

/** Inserts or replaces a row. */
export const putRow = async ({ account, table, token }, row) => {
  await ask('PUT', rowUrl(account, table, row), { token, body: JSON.stringify(row) });
};

const readPage = async ({ account, table, token }, next) => {
  const response = await ask('GET', `${account}/${table}()?${new URLSearchParams({ $top: '1000', ...next })}`, {
    token,
  });
  const { value } = await response.json();
  const [partition, row] = ['nextpartitionkey', 'nextrowkey'].map((name) =>
    response.headers.get(`x-ms-continuation-${name}`),
  );
  // With minimal metadata a column says its type where JSON does not; ETag and time belong to the old account.
  const rows = value.map(({ 'odata.etag': _, Timestamp: __, 'Timestamp@odata.type': ___, ...columns }) => columns);
  const place = { ...(partition && { NextPartitionKey: partition }), ...(row && { NextRowKey: row }) };
  return { rows, next: partition ? place : undefined };
};

const rowUrl = (account, table, { PartitionKey, RowKey }) => {
  const quoted = (key) => `'${encodeURIComponent(key.replaceAll("'", "''"))}'`;
  return `${account}/${table}(PartitionKey=${quoted(PartitionKey)},RowKey=${quoted(RowKey)})`;
};

/** Tries again what may pass: no answer, too many requests, a service that is busy failing over. */
const ask = async (method, url, { token, body, allowed = [] }) => {
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

const inParallel = async (items, work) => {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: writesAtOnce }, worker));
};

const readState = (file, { from, to }) => {
  if (!existsSync(file)) return { from, to, tables: {} };
  const state = JSON.parse(readFileSync(file, 'utf8'));
  if (state.from !== from || state.to !== to)
    throw new Stop(`${file} belongs to a copy from ${state.from} to ${state.to}: delete it, or name another file.`);
  return state;
};

/** Renamed into place, so that a file cut off in the middle never counts. */
const writeState = (file, state) => {
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
};
