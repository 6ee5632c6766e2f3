/** People move to a second storage account while others go on, rehearsed with two table emulators. */
import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataIdentity, storageAudience } from '../../local/identity/identities.ts';
import { startTables, type Tables } from '../../local/tables.ts';
import { signedInAt } from '../support/people.ts';
import type { Person } from '../support/person.ts';
import { changeRow, type StoredRow, storedRows } from '../support/rows.ts';
import { demoServices, okJson, type TokenSet } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { startTableProxy, type TableProxy } from '../support/table-proxy.ts';
import { type HookRun, newWorld, runHook } from './stand-ins/azure.ts';

type Customer = { readonly person: Person; tokens: TokenSet; readonly slot: string };

let stack: Stack;
let other: Tables;
let otherPort: number;
let otherProxy: TableProxy;
let otherUrl: string;
let services: ReturnType<typeof demoServices>;
let moving: Customer;
let staying: Customer;

const token = (): Promise<string> => stack.identity.issue(dataIdentity, storageAudience);

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  otherPort = stack.ports.tables + 6_020 + Math.floor(Math.random() * 10);
  other = await startTables({ port: otherPort, certificate: stack.certificate, token });
  otherProxy = await startTableProxy({ port: 0, target: otherPort, certificate: stack.certificate });
  otherUrl = `https://localhost:${otherProxy.port}/devstoreaccount1`;
  services = demoServices(stack.issuer);
  moving = await newCustomer('alice', []);
  // Two people of three are in one slot now and then.
  const bob = await newCustomer('bob', [moving.slot]);
  staying = bob.slot === moving.slot ? await newCustomer('olga', [moving.slot]) : bob;
  await stack.restartHost(0, { FURTHER_TABLES_URLS: otherUrl });
});

afterAll(async () => {
  await stack.stop();
  await otherProxy.stop();
  await other.stop();
});

const newCustomer = async (login: 'alice' | 'bob' | 'olga', taken: readonly string[]): Promise<Customer> => {
  const before = new Set((await storedRows(stack, 'users')).map(({ PartitionKey }) => PartitionKey));
  const person = await signedInAt(stack, login);
  const tokens = await services.web.tokens(person);
  const row = (await storedRows(stack, 'users')).find(({ PartitionKey }) => !before.has(PartitionKey));
  return { person, tokens, slot: row?.PartitionKey.slice(0, 2) ?? taken[0] ?? '' };
};

const elsewhere = () => {
  const { ports, certificate, identity } = stack;
  return { ports: { ...ports, tables: otherPort }, certificate, identity };
};

const rowsOf = async (at: Pick<Stack, 'ports' | 'certificate' | 'identity'>, slot: string) =>
  (await storedRows(at, 'users')).filter(({ PartitionKey }) => PartitionKey.startsWith(slot));

const withoutTime = (rows: readonly StoredRow[]) => rows.map(({ Timestamp: _, ...columns }) => columns);

/** Instances may go by a list of fifteen seconds. */
const untilTheListIsRead = () => stack.clock.move(16);

const move = async (...words: readonly string[]): Promise<HookRun> => {
  const world = newWorld({
    NODE_EXTRA_CA_CERTS: stack.certificate.authorityFile,
    ASSENT_TABLES_URL: stack.settings.TABLES_URL ?? '',
    ASSENT_FURTHER_TABLES_URLS: otherUrl,
  });
  const run = await runHook(
    'move-people',
    { ...world, storageToken: await token() },
    { words: ['--pause', '0', ...words] },
  );
  await untilTheListIsRead();
  return run;
};

const refresh = async (customer: Customer): Promise<number> => {
  const answer = await services.web.refresh(customer.tokens.refresh_token ?? '');
  if (answer.status === 200) customer.tokens = (await answer.json()) as TokenSet;
  else await answer.text();
  return answer.status;
};

const listOf = async ({ person }: Customer): Promise<number> =>
  (await person.send(`${stack.issuer}/authorizations`, { redirect: 'manual' })).status;

const deploymentTable = () => {
  const getToken = async () => ({ token: await token(), expiresOnTimestamp: Date.now() + 600_000 });
  const tlsOptions = { ca: stack.certificate.authority };
  return new TableClient(stack.settings.TABLES_URL ?? '', 'deployment', { getToken }, { tlsOptions });
};

describe('people in several storage accounts', () => {
  it('are where they always were until somebody moves them', async () => {
    expect([await refresh(moving), await listOf(moving), await refresh(staying)]).toEqual([200, 200, 200]);
    expect(await rowsOf(elsewhere(), moving.slot)).toEqual([]);
  });

  it('wait while they are moved, and nobody else does', async () => {
    const { slot } = moving;
    const ranges = [{ from: slot, to: slot, account: otherUrl, movingFrom: stack.settings.TABLES_URL }];
    const row = { partitionKey: 'not-before', rowKey: 'ranges:users', ranges: JSON.stringify(ranges) };
    await deploymentTable().createEntity(row);
    await untilTheListIsRead();
    const answer = await services.web.refresh(moving.tokens.refresh_token ?? '');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    expect([await listOf(moving), await refresh(staying), await listOf(staying)]).toEqual([503, 200, 200]);
  });

  it('take everything along, and a move that was cut off goes on', async () => {
    const before = withoutTime(await rowsOf(stack, moving.slot));
    const { exitCode, output } = await move('--slots', moving.slot, '--to', '2');
    expect([exitCode, output]).toEqual([0, expect.stringContaining(`${moving.slot}: ${before.length} rows moved`)]);
    expect(await rowsOf(stack, moving.slot)).toEqual([]);
    expect(withoutTime(await rowsOf(elsewhere(), moving.slot))).toEqual(before);
    expect([await refresh(moving), await listOf(moving), await refresh(staying)]).toEqual([200, 200, 200]);
    moving.tokens = await services.web.tokens(moving.person);
    expect(await rowsOf(stack, moving.slot)).toEqual([]);
  });

  it('take along what was written in the last moment, between the copy of a row and its deletion', async () => {
    await move('--slots', moving.slot, '--to', '1');
    const [profile] = (await rowsOf(stack, moving.slot)).filter(({ RowKey }) => RowKey === 'profile');
    if (profile === undefined) throw new Error('there is no profile');
    let late: Promise<void> | undefined;
    stack.tableProxy.rule = ({ method, path }) => {
      if (method !== 'DELETE' || !path.includes('profile') || late !== undefined) return undefined;
      const { PartitionKey, RowKey } = profile;
      late = changeRow(stack, 'users', { PartitionKey, RowKey, displayName: 'written late' });
      return { kind: 'delay', milliseconds: 1_000 };
    };
    const { exitCode } = await move('--slots', moving.slot, '--to', '2');
    stack.tableProxy.rule = undefined;
    await late;
    expect(exitCode).toBe(0);
    expect(await rowsOf(stack, moving.slot)).toEqual([]);
    const moved = (await rowsOf(elsewhere(), moving.slot)).find(({ RowKey }) => RowKey === 'profile');
    expect(moved?.displayName).toBe('written late');
  });

  it('stay when they are told to move where they are', async () => {
    const { exitCode, output } = await move('--slots', moving.slot, '--to', '2');
    expect([exitCode, output]).toEqual([0, expect.stringContaining(': 0 rows moved')]);
  });

  it('move back, all slots at once', async () => {
    const { exitCode } = await move('--slots', '00-ff', '--to', '1', '--at-once');
    expect(exitCode).toBe(0);
    expect(await rowsOf(elsewhere(), moving.slot)).toEqual([]);
    expect([await refresh(moving), await listOf(moving)]).toEqual([200, 200]);
  });

  it.each([
    [['--slots', 'zz', '--to', '2'], 'two hexadecimal digits'],
    [['--slots', 'f0-80', '--to', '2'], 'two hexadecimal digits'],
    [['--slots', '80', '--to', '3'], 'the number of an account, 1 to 2'],
  ])('do not move by %j', async (words, problem) => {
    const { exitCode, output } = await move(...words);
    expect([exitCode, output]).toEqual([1, expect.stringContaining(problem)]);
  });

  it('of the account that is away wait, and nobody else does', async () => {
    await move('--slots', moving.slot, '--to', '2');
    for (const kind of ['hang', 'throttle', 'reset-before'] as const) {
      otherProxy.rule = () => ({ kind });
      const away = Promise.all([refresh(moving), listOf(moving)]);
      expect([await refresh(staying), await listOf(staying)]).toEqual([200, 200]);
      expect(await away).toEqual([503, 503]);
    }
    expect(
      (await okJson<TokenSet>(services.nightly.token({ grant_type: 'client_credentials' }))).access_token,
    ).toBeDefined();
    const ready = await fetch(`${stack.issuer}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { dependencies: { storage: 'not available' } }]);
    otherProxy.rule = undefined;
    expect([await refresh(moving), await listOf(moving)]).toEqual([200, 200]);
  });

  it('whose account no setting names any more wait, rather than begin anew in another', async () => {
    for (const url of ['https://another.example', '']) {
      await stack.restartHost(0, { FURTHER_TABLES_URLS: url }, 'listening');
      expect([await refresh(moving), await listOf(moving), await refresh(staying)]).toEqual([503, 503, 200]);
    }
  });
});
