/** Finding people by the names of their accounts (rows of the directory: see `index-rows.ts`; of profiles: `user-rows.ts`). */
import { sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { personPrefix } from './index-rows.ts';
import type { Row, Table } from './table.ts';
import { afterPrefix, partitionOf } from './user-rows.ts';

/** A person as their last sign-in described them; times are epoch seconds. */
export type KnownPerson = {
  readonly userKey: Buffer;
  readonly displayName: string;
  readonly accountName: string;
  readonly firstSignInAt: number | undefined;
  readonly lastSignInAt: number | undefined;
};

export type People = {
  /** Those whose account has this name, in any letter case; a name may have been given to another since. 11 calls at most. Throws `Unavailable`. */
  find(accountName: string): Promise<readonly KnownPerson[]>;
  /** Undefined for somebody who never signed in, or has erased themselves. One call. Throws `Unavailable`. */
  read(userKey: Buffer): Promise<KnownPerson | undefined>;
  /** Takes a person out of the directory, while their profile is there. Two calls. Throws `Unavailable`. */
  forget(userKey: Buffer): Promise<void>;
};

type Profile = Readonly<Partial<Record<'displayName' | 'accountName', string>>> &
  Readonly<Partial<Record<'firstSignInAt' | 'lastSignInAt', number>>>;

/** Of one name; more people had it only if the provider gives names away again and again. */
const peoplePerName = 10;

export const openPeople = ({ users, index }: { readonly users: Table; readonly index: Table }): People => ({
  find: async (accountName) => {
    const rows = await rowsNamed(index, accountName);
    const people = await Promise.all(rows.map((row) => readPerson(users, userKeyIn(row))));
    return people.filter((one) => one !== undefined).filter((one) => isNamed(one, accountName));
  },
  read: (userKey) => readPerson(users, userKey),
  forget: async (userKey) => {
    const person = await readPerson(users, userKey);
    if (person === undefined) return;
    const row = { partitionKey: nameKey(person.accountName), rowKey: `${personPrefix}${userKey.toString('hex')}` };
    const outcome = await index.remove({ ...row, etag: '*' });
    if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
  },
});

const rowsNamed = async (index: Table, accountName: string): Promise<readonly Row<object>[]> => {
  for await (const rows of index.pages<object>(nameKey(accountName), personPrefix, afterPrefix(personPrefix)))
    return rows.slice(0, peoplePerName);
  return [];
};

const userKeyIn = ({ rowKey }: Row<object>): Buffer => Buffer.from(rowKey.slice(personPrefix.length), 'hex');

const isNamed = ({ accountName }: KnownPerson, wanted: string): boolean => folded(accountName) === folded(wanted);

const folded = (accountName: string): string => accountName.trim().toLowerCase();

const nameKey = (accountName: string): string => sha256(folded(accountName)).toString('hex');

const readPerson = async (users: Table, userKey: Buffer): Promise<KnownPerson | undefined> => {
  const row = await users.read<Profile>(partitionOf(userKey), 'profile');
  if (row === undefined) return undefined;
  const { displayName = '', accountName = '', firstSignInAt, lastSignInAt } = row;
  return { userKey, displayName, accountName, firstSignInAt, lastSignInAt };
};

/** Beyond that the first of them are written again. */
const notedLimit = 10_000;

/** Makes people findable who signed in; what an instance has written once it does not write again. Throws `Unavailable`. */
export const createNotes = ({ users, index }: { readonly users: Table; readonly index: Table }) => {
  const noted = new Set<string>();
  return async (userKeys: readonly Buffer[]): Promise<void> => {
    for (const hex of new Set(userKeys.map((one) => one.toString('hex')))) {
      const person = await readPerson(users, Buffer.from(hex, 'hex'));
      if (person === undefined || person.accountName === '') continue;
      const keys = { partitionKey: nameKey(person.accountName), rowKey: `${personPrefix}${hex}` };
      // Whoever erased themselves and comes again has a new first time.
      const name = `${keys.partitionKey} ${hex} ${person.firstSignInAt}`;
      if (noted.has(name)) continue;
      const outcome = await index.write([{ upsert: { ...keys, accountName: person.accountName } }]);
      if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
      if (noted.size >= notedLimit) noted.clear();
      noted.add(name);
    }
  };
};

/** Removes a row of the directory whose person is gone, or called otherwise. True if it did. Throws `Unavailable`. */
export const tidied = async (
  { users, index }: { readonly users: Table; readonly index: Table },
  row: Row<object>,
): Promise<boolean> => {
  const person = await readPerson(users, userKeyIn(row));
  if (person !== undefined && nameKey(person.accountName) === row.partitionKey) return false;
  return (await index.remove(row)).kind === 'done';
};
