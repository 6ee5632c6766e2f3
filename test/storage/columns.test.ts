/** Columns: what is written is read again, and what this code does not know stays. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../local/provider/users.ts';
import { clientKeyOf, userKeyOf } from '../../src/oauth/tokens/locator.ts';
import {
  bytes,
  clearable,
  flag,
  group,
  json,
  mapped,
  named,
  number,
  optional,
  otherwise,
  rowOf,
  seconds,
  text,
} from '../../src/storage/columns.ts';
import { adminWith, ownTokenOf } from '../support/admin.ts';
import { signedInAt } from '../support/people.ts';
import { changeRow, storedRows } from '../support/rows.ts';
import { demoServices, okJson, register } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

const columns = rowOf({
  name: text(),
  uses: number,
  isOpen: flag,
  key: bytes,
  list: json<readonly string[]>(),
  at: optional(seconds),
  uri: clearable,
  end: named('keepUntil', optional(seconds)),
  later: otherwise(number, 7),
  doubled: mapped(
    number,
    (value: number) => value * 2,
    (stored) => stored / 2,
  ),
  pair: group({ left: bytes, right: optional(bytes) }, 'left'),
});

const full = {
  name: 'n',
  uses: 3,
  isOpen: true,
  key: Buffer.from([1, 255]),
  list: ['a', 'b'],
  at: 5,
  uri: 'https://x.example',
  end: 9,
  later: 8,
  doubled: 4,
  pair: { left: Buffer.from([2]), right: Buffer.from([3]) },
};
const bare = { ...full, at: undefined, uri: undefined, end: undefined, pair: undefined };

describe('columns', () => {
  it.each([full, bare, { ...full, pair: { left: Buffer.from([2]), right: undefined } }])(
    'give back what they took',
    (value) => {
      expect(columns.read(columns.write(value))).toEqual(value);
    },
  );

  it('hold what Table Storage can: texts, numbers and flags, and nothing for what is not there', () => {
    expect(columns.write(full)).toEqual({
      name: 'n',
      uses: 3,
      isOpen: true,
      key: 'Af8',
      list: '["a","b"]',
      at: 5,
      uri: 'https://x.example',
      keepUntil: 9,
      later: 8,
      doubled: 8,
      left: 'Ag',
      right: 'Aw',
    });
    expect(Object.keys(columns.write(bare))).not.toContain('at');
    expect(columns.write(bare).uri).toBe('');
  });

  it('read rows from before a column as they are told to', () => {
    const { later: _, ...older } = columns.write(full);
    expect(columns.read(older).later).toBe(7);
  });
});

describe('a column that a newer version has written', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
  });

  afterAll(() => stack.stop());

  it('survives what this version writes: refresh, approval, a change of the client', async () => {
    const service = await register(stack.issuer);
    const { clientId } = service.registration;
    const alice = await signedInAt(stack);
    const { refresh_token: token } = await service.tokens(alice);
    const subject = users.find(({ login }) => login === 'alice')?.objectId ?? '';
    const person = userKeyOf(stack.provider.issuer, subject).toString('hex');
    const clientHex = clientKeyOf(clientId).toString('hex');
    const ofService = async () =>
      (await storedRows(stack, 'users', person)).filter(({ RowKey }) =>
        ['grant', 'family'].some((kind) => RowKey.startsWith(`${kind}:${clientHex}`)),
      );
    for (const { PartitionKey, RowKey } of await ofService())
      await changeRow(stack, 'users', { PartitionKey, RowKey, future: 'kept' });
    await changeRow(stack, 'clients', { PartitionKey: clientHex, RowKey: 'client', future: 'kept' });

    await okJson(service.refresh(token));
    await service.code(alice);
    const body = { client_name: 'Renamed', redirect_uris: [service.registration.redirectUri], scope: 'vso.work' };
    const call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
    expect((await call('PUT', `apps/${clientId}`, { body })).status).toBe(200);

    const rows = (await ofService()).filter(({ createdAt, future }) => createdAt === undefined || future !== undefined);
    expect(rows.map(({ future }) => future)).toEqual(['kept', 'kept']);
    expect(await storedRows(stack, 'clients', clientHex)).toEqual([expect.objectContaining({ future: 'kept' })]);
  });
});
