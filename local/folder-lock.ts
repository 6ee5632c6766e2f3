/** One world per data folder: Azurite keeps everything in memory and writes it all, so that of two the later one wins. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

type Holder = { readonly pid: number; readonly address: string };

/**
 * Takes the folder for this process, at whose address the other one will be told to look; gives what frees it again. Throws an
 * Error that names the holder. The lock of a process that is no more is taken over.
 */
export const lockFolder = async (folder: string, address: string): Promise<() => Promise<void>> => {
  const file = join(folder, 'lock');
  await mkdir(folder, { recursive: true });
  const holder = await holderOf(file);
  if (holder !== undefined && !isAlive(holder.pid)) await rm(file, { force: true });
  else if (holder !== undefined) throw inUse(folder, holder);
  const own: Holder = { pid: process.pid, address };
  if (!(await take(file, own))) throw inUse(folder, (await holderOf(file)) ?? own);
  return () => rm(file, { force: true });
};

const inUse = (folder: string, { pid, address }: Holder): Error =>
  new Error(
    `The data in ${folder} is in use by the Assent at ${address} (process ${pid}): stop it, or set LOCAL_DATA_DIR ` +
      `to another folder. If that process is something else, delete ${join(folder, 'lock')}.`,
  );

/** A link appears with its content, and only where nothing is: false when another process came first. */
const take = async (file: string, own: Holder): Promise<boolean> => {
  const written = `${file}.${randomUUID()}`;
  await writeFile(written, JSON.stringify(own));
  try {
    await link(written, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(written, { force: true });
  }
};

/** What cannot be read as a lock is nobody's. */
const holderOf = async (file: string): Promise<Holder | undefined> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: 0, address: '' };
  }
};

const isAlive = (pid: number): boolean => {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
