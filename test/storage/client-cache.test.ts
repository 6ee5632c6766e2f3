import { describe, expect, it } from 'vitest';
import { clientRow, keysOf } from '../../src/storage/client-rows.ts';
import { openClients } from '../../src/storage/clients.ts';
import type { Table } from '../../src/storage/table.ts';
import { clientWith } from '../oauth/samples.ts';

let now = 1_800_000_000;

const cachedBy = (caches: { clients: number; clientSeconds: number }) => {
  const reads: string[] = [];
  const ids = ['a', 'b', 'c'];
  const rows = new Map(
    ids.map((id) => [keysOf(id).partitionKey, { ...clientRow(clientWith({ clientId: id })), etag: 'e' }]),
  );
  const read = async (partitionKey: string) => {
    reads.push(ids.find((id) => keysOf(id).partitionKey === partitionKey) ?? '');
    return rows.get(partitionKey);
  };
  const table = { read } as unknown as Table;
  return { reads, clients: openClients(table, { clock: () => now, random: (size) => Buffer.alloc(size), caches }) };
};

describe('clients at hand', () => {
  it('are read again after as many seconds as are set', async () => {
    const { reads, clients } = cachedBy({ clients: 10, clientSeconds: 300 });
    await clients.find('a');
    now += 299;
    await clients.find('a');
    expect(reads).toEqual(['a']);
    now += 1;
    await clients.find('a');
    expect(reads).toEqual(['a', 'a']);
  });

  it('are as many as are set: one more, and the one that was read longest ago goes', async () => {
    const { reads, clients } = cachedBy({ clients: 2, clientSeconds: 300 });
    for (const id of ['a', 'b', 'c', 'b', 'c', 'a']) await clients.find(id);
    expect(reads).toEqual(['a', 'b', 'c', 'a']);
  });
});
