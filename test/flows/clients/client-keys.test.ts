/** Documents at addresses that others chose: what is kept of them, and how often an address is asked. */
import { describe, expect, it } from 'vitest';
import { createRemoteDocuments } from '../../../src/flows/clients/client-keys.ts';

const address = 'https://keys.example/jwks';

const documentsAt = () => {
  const world = { now: 1_000_000, there: true, asked: 0 };
  const documents = createRemoteDocuments(
    async () => {
      world.asked += 1;
      if (!world.there) throw new Error('away');
      return { text: `{"keys":[],"at":${world.now}}` } as never;
    },
    () => world.now,
  );
  return { world, read: (fresh = false) => documents.read(address, { fresh }) };
};

describe('a document of somebody else’s', () => {
  it('is asked for once in half a minute while its address is away and gave none', async () => {
    const { world, read } = documentsAt();
    world.there = false;
    for (const fresh of [false, true, false]) expect(await read(fresh)).toBeUndefined();
    expect(world.asked).toBe(1);
    world.now += 30;
    world.there = true;
    expect(await read()).toMatchObject({ at: world.now });
  });

  it('goes on to be good for an hour while its address is away, without waiting for it each time', async () => {
    const { world, read } = documentsAt();
    const first = await read();
    world.there = false;
    world.now += 600;
    for (const _ of [1, 2, 3]) expect(await read()).toEqual(first);
    expect(world.asked).toBe(2);
    world.now += 3_000;
    expect(await read()).toBeUndefined();
  });

  it('is asked for again after ten minutes, and for whoever needs it fresh after half a minute', async () => {
    const { world, read } = documentsAt();
    await read();
    world.now += 599;
    await read();
    expect(world.asked).toBe(1);
    await read(true);
    expect(world.asked).toBe(2);
    await read(true);
    expect(world.asked).toBe(2);
  });
});
