/** The move to another account, rehearsed with two of them: what comes along, what does not, and what a second run does. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient, TableServiceClient, type TransactionAction } from '@azure/data-tables';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataIdentity, storageAudience, vaultAudience } from '../../local/identity/identities.ts';
import { startTables, type Tables } from '../../local/tables.ts';
import { signedInAt } from '../support/people.ts';
import type { Person } from '../support/person.ts';
import { deleteRow, type StoredRow, storedRows } from '../support/rows.ts';
import { okJson, register, type Service, type TokenSet } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { deploy, ofType } from './deployment.ts';
import { type HookRun, newWorld, runHook } from './stand-ins/azure.ts';

let stack: Stack;
let other: Tables;
let otherPort: number;
let alice: Person;
let service: Service;
let tokens: TokenSet;
const folder = mkdtempSync(join(tmpdir(), 'assent-copy-'));
const stateFile = join(folder, 'state.json');
const tables = ['deployment', 'replay', 'requests', 'clients', 'users', 'index', 'audit'];

beforeAll(async () => {
  stack = await startStack();
  otherPort = stack.ports.tables + 6_000 + Math.floor(Math.random() * 10);
  other = await startTables({ port: otherPort, certificate: stack.certificate, token });
  await stack.vault.createKey('new-wrapping', { kty: 'RSA' });
  alice = await signedInAt(stack);
  service = await register(stack.issuer);
  tokens = await service.tokens(alice);
  await plant('pile-a');
  await plant('pile-b');
});

afterAll(async () => {
  await stack.stop();
  await other.stop();
  rmSync(folder, { recursive: true });
});

/** The courier marks events as delivered a second after they happened, which is no copy's doing. */
const delivered = (): Promise<void> =>
  expect
    .poll(async () => (await storedRows(stack, 'users')).filter(({ pending }) => pending === true), { timeout: 30_000 })
    .toEqual([]);

const access = () => {
  const getToken = async () => ({ token: await token(), expiresOnTimestamp: Date.now() + 600_000 });
  return [{ getToken }, { tlsOptions: { ca: stack.certificate.authority } }] as const;
};

const pile = 600;

/** Rows of `replay`: two partitions of them are more than one page of Table Storage. */
const plant = async (partitionKey: string): Promise<void> => {
  const client = new TableClient(stack.settings.TABLES_URL ?? '', 'replay', ...access());
  const rows = Array.from({ length: pile }, (_, index) => ({ partitionKey, rowKey: String(index), keepUntil: index }));
  for (let from = 0; from < pile; from += 100)
    await client.submitTransaction(rows.slice(from, from + 100).map((row): TransactionAction => ['create', row]));
};

const token = (): Promise<string> => stack.identity.issue(dataIdentity, storageAudience);

const keyAt = (name: string): string => `${new URL(stack.settings.SIGNING_KEYS ?? '').origin}/keys/${name}`;

const copy = async (...words: readonly string[]): Promise<HookRun> => {
  const world = newWorld({ NODE_EXTRA_CA_CERTS: stack.certificate.authorityFile });
  const vaultToken = await stack.identity.issue(dataIdentity, vaultAudience);
  const from = stack.settings.TABLES_URL ?? '';
  const where = ['--from', from, '--to', other.url, '--state', stateFile];
  return runHook('copy-tables', { ...world, storageToken: await token(), vaultToken }, { words: [...where, ...words] });
};

type Place = Pick<Stack, 'ports' | 'certificate' | 'identity'>;

const elsewhere = (): Place => {
  const { ports, certificate, identity } = stack;
  return { ports: { ...ports, tables: otherPort }, certificate, identity };
};

/** Rows as the copy should leave them: without what belongs to the account, or to this deployment alone. */
const rowsOf = async (at: Place, table: string): Promise<readonly StoredRow[]> =>
  (await storedRows(at, table))
    .filter(({ PartitionKey }) => table !== 'deployment' || /^user/.test(PartitionKey))
    .map(({ Timestamp: _, ...row }) => row as StoredRow)
    .sort((a, b) => `${a.PartitionKey} ${a.RowKey}`.localeCompare(`${b.PartitionKey} ${b.RowKey}`));

describe('copy-tables', () => {
  it('copies every row as it is, and the secret under the new key', async () => {
    await delivered();
    const keys = ['--old-key', keyAt('assent-wrapping'), '--new-key', keyAt('new-wrapping')];
    const { exitCode, output } = await copy(...keys);
    expect(output).toMatch(
      /replay: 1000 rows[\s\S]*replay: 1200 rows[\s\S]*clients: \d+ rows[\s\S]*users: \d+ rows[\s\S]*rows copied/,
    );
    expect(exitCode).toBe(0);
    const declared = ofType(deploy().resources, 'Microsoft.Storage/storageAccounts/tableServices/tables');
    expect(declared.map(({ name }) => name.split('/').at(-1)).sort()).toEqual([...tables].sort());
    for (const partition of ['pile-a', 'pile-b'])
      expect(await storedRows(elsewhere(), 'replay', partition)).toHaveLength(pile);
    for (const table of tables.filter((name) => name !== 'replay')) {
      expect(output).toContain(`${table}: `);
      const rows = await rowsOf(stack, table);
      expect(await rowsOf(elsewhere(), table)).toEqual(rows);
      if (table === 'users' || table === 'clients' || table === 'audit') expect(rows.length).toBeGreaterThan(0);
    }
  });

  it('goes on where a run was cut off, and changes nothing when it is run once more', async () => {
    const [user] = await rowsOf(elsewhere(), 'users');
    const [client] = await rowsOf(elsewhere(), 'clients');
    if (user === undefined || client === undefined) throw new Error('nothing was copied');
    await deleteRow(elsewhere(), 'users', user);
    await deleteRow(elsewhere(), 'clients', client);
    const state = JSON.parse(readFileSync(stateFile, 'utf8'));
    const { users: _, audit: __, ...done } = state.tables;
    writeFileSync(stateFile, JSON.stringify({ ...state, tables: done }));
    expect((await copy()).exitCode).toBe(0);
    expect(await rowsOf(elsewhere(), 'users')).toEqual(await rowsOf(stack, 'users'));
    expect(await rowsOf(elsewhere(), 'clients')).not.toContainEqual(client);
    rmSync(stateFile);
    expect((await copy()).exitCode).toBe(0);
    expect(await rowsOf(elsewhere(), 'clients')).toEqual(await rowsOf(stack, 'clients'));
    rmSync(stateFile);
  });

  it('has voided everything before it is done, whatever the old account says, and completes a run that failed', async () => {
    const old = { partitionKey: 'not-before', rowKey: 'everyone', notBefore: 1 };
    await new TableClient(stack.settings.TABLES_URL ?? '', 'deployment', ...access()).createEntity(old);
    const account = new TableServiceClient(other.url, ...access());
    await account.deleteTable('audit');
    const failed = await copy();
    expect([failed.exitCode, failed.output]).toEqual([1, expect.stringContaining('Run this again to go on')]);
    const [everyone] = await storedRows(elsewhere(), 'deployment', 'not-before');
    expect(Number(everyone?.notBefore)).toBeGreaterThan(Date.now() / 1000 - 120);
    await account.createTable('audit');
    expect((await copy()).exitCode).toBe(0);
    expect(await rowsOf(elsewhere(), 'audit')).toEqual(await rowsOf(stack, 'audit'));
  });

  it('copies the tables that are named alone, as a further account has no others', async () => {
    rmSync(stateFile, { force: true });
    const { exitCode, output } = await copy('--only', 'users,replay,requests');
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/replay: \d+ rows[\s\S]*users: \d+ rows/)]);
    expect(output).not.toMatch(/(clients|deployment|audit): /);
    rmSync(stateFile);
  });

  it('does not go on with the place of another copy', async () => {
    writeFileSync(stateFile, JSON.stringify({ from: 'https://x.example', to: other.url, tables: {} }));
    const { exitCode, output } = await copy();
    expect(output).toContain('belongs to a copy from https://x.example');
    expect(exitCode).toBe(1);
    rmSync(stateFile);
    expect(existsSync(stateFile)).toBe(false);
  });

  it('leaves services their registration and people their subject, and voids all that was issued', async () => {
    await stack.restartHost(0, { TABLES_URL: other.url, WRAPPING_KEY: keyAt('new-wrapping') });
    const refused = await service.refresh(tokens.refresh_token ?? '');
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    // Who signs in within the second that was voided is voided as well.
    await stack.clock.move(5);
    const again = await service.tokens(await signedInAt(stack));
    expect(decodeJwt(again.access_token).sub).toBe(decodeJwt(tokens.access_token).sub);
    expect((await okJson<TokenSet>(service.refresh(again.refresh_token ?? ''))).access_token).toBeDefined();
  });
});
