import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild } from '../../local/child.ts';
import { lockFolder } from '../../local/folder-lock.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-lock-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const address = 'http://localhost:7071';

describe('a data folder', () => {
  it('is used by one process at a time, and the other is told by which', async () => {
    const free = await lockFolder(folder, address);
    await expect(lockFolder(folder, 'http://localhost:8081')).rejects.toThrow(
      new RegExp(`in use by the Assent at ${address} \\(process ${process.pid}\\).*LOCAL_DATA_DIR`),
    );
    await free();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder, address))();
  });

  it('is free again when the process that had it is no more', async () => {
    const gone = await startChild({ name: 'gone', args: ['-e', ''], environment: process.env });
    await gone.ended;
    await writeFile(join(folder, 'lock'), JSON.stringify({ pid: gone.process.pid, address }));
    await expect(lockFolder(folder, address)).resolves.toBeTypeOf('function');
  });

  it('is free when its lock says nothing', async () => {
    await writeFile(join(folder, 'lock'), '{"pid":');
    await expect(lockFolder(folder, address)).resolves.toBeTypeOf('function');
  });

  it('goes to one of two that start at once', async () => {
    const starts = await Promise.allSettled([lockFolder(folder, address), lockFolder(folder, address)]);
    expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [refused] = starts.filter(({ status }) => status === 'rejected');
    expect(String((refused as PromiseRejectedResult).reason)).toContain('is in use by the Assent at');
  });

  it('is made when it is not there yet', async () => {
    await expect(lockFolder(join(folder, 'a', 'b'), address)).resolves.toBeTypeOf('function');
  });
});
