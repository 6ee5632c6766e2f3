/**
 * Copies tables from one storage account to another, row by row and as they are. Every write replaces, so a copy that was
 * cut off is repeated or resumed without harm; where it got to lies in a file.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Stop } from './shell.mjs';
import { getRow, inParallel, putRow, readPage } from './table-rows.mjs';

/**
 * What was revoked and used up comes before what could be used: a copy that ends half-way never gives somebody back what
 * was taken from him. Index and audit are last: nothing is decided by them.
 */
const tablesInOrder = ['deployment', 'replay', 'requests', 'clients', 'users', 'index', 'audit'];

/**
 * Rows of the table `deployment` that stay behind: the secret, which only the old vault's key opens; the instant up to which
 * everything is void, since the new account's is later; the place where the sweep of the old account was; and which accounts
 * hold what beside it.
 */
const isOwn = (table, { PartitionKey, RowKey }) =>
  table === 'deployment' &&
  (PartitionKey === 'sweep' ||
    /^ranges:/.test(RowKey) ||
    ['deployment secret', 'not-before everyone'].includes(`${PartitionKey} ${RowKey}`));

/**
 * Copies all tables, or the ones in `only`; returns how many rows of each. `from` and `to` are addresses of accounts, `token()` gives a bearer token,
 * `stateFile` remembers the place, `report` is told of every page. Throws Stop, and NotAllowed when an account refuses.
 */
export const copyTables = async ({ from, to, token, only = tablesInOrder, stateFile, report = () => undefined }) => {
  const tables = tablesInOrder.filter((table) => only.includes(table));
  const state = readState(stateFile, { from, to });
  for (const table of tables) {
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
  return Object.fromEntries(tables.map((table) => [table, state.tables[table].rows]));
};

/** Voids everything issued to everyone up to now, as `POST /api/admin/not-before` does. An instant only moves forward. */
export const voidEverything = async (target, now = Math.floor(Date.now() / 1000)) => {
  const keys = { PartitionKey: 'not-before', RowKey: 'everyone' };
  const place = { ...target, table: 'deployment' };
  const before = await getRow(place, keys);
  if (before === undefined || before.notBefore < now) await putRow(place, { ...keys, notBefore: now });
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
