/**
 * Table `clients`, as far as pictures of services are concerned.
 *
 *   PartitionKey  logo:<id>, beyond the keys of clients, so that no list of them reads a picture     RowKey  logo
 *   type (media type), and the picture in base64 over as many columns as it takes (the service takes 64 KiB in one)
 *
 * A picture is named by the client and its own digest: it never changes, and goes with the one that it is of.
 */
import { sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Picture } from '../oauth/images/picture.ts';
import { clientKeyOf } from '../oauth/tokens/locator.ts';
import type { Table } from './table.ts';

export type Logos = {
  /** Undefined when there is none of that id. Throws `Unavailable`. */
  read(id: string): Promise<Picture | undefined>;
  /** Stores it; the same one twice is one. Resolves with its id. Throws `Unavailable`. */
  keep(clientId: string, picture: Picture): Promise<string>;
  /** Fine when there is none. Throws `Unavailable`. */
  remove(id: string): Promise<void>;
};

type LogoColumns = Readonly<Record<string, string>> & { readonly type: string };

const columnCharacters = 30_000;
const partPattern = /^part\d\d$/;

/** Hex digits of a client key and of half a digest. */
const isLogoId = (id: string): boolean => /^[0-9a-f]{64}$/.test(id);

const keysOf = (id: string) => ({ partitionKey: `logo:${id}`, rowKey: 'logo' });

export const openLogos = (clients: Table): Logos => ({
  read: async (id) => {
    const { partitionKey, rowKey } = keysOf(id);
    const row = isLogoId(id) ? await clients.read<LogoColumns>(partitionKey, rowKey) : undefined;
    return row && { type: row.type, bytes: Buffer.from(textIn(row), 'base64') };
  },
  keep: async (clientId, { type, bytes }) => {
    const id = clientKeyOf(clientId).toString('hex') + sha256(bytes).toString('hex').slice(0, 32);
    const row = { ...keysOf(id), type, ...partsOf(bytes.toString('base64')) };
    const outcome = await clients.write([{ upsert: row }]);
    if (outcome.kind !== 'done') throw new Unavailable('storage');
    return id;
  },
  remove: async (id) => {
    const outcome = await clients.remove({ ...keysOf(id), etag: '*' });
    if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
  },
});

const partsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(text.length / columnCharacters) }, (_, index) => [
      `part${String(index).padStart(2, '0')}`,
      text.slice(index * columnCharacters, (index + 1) * columnCharacters),
    ]),
  );

const textIn = (row: LogoColumns): string =>
  Object.keys(row)
    .filter((name) => partPattern.test(name))
    .toSorted()
    .map((name) => row[name])
    .join('');
