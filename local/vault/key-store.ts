/** The emulator's keys and their versions, kept in a file if one is given. */
import { createPrivateKey, generateKeyPair, type JsonWebKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

export type KeyType = 'RSA' | 'EC';

/** Instants are epoch seconds. */
export type VersionAttributes = {
  enabled: boolean;
  created: number;
  updated: number;
  nbf?: number;
  exp?: number;
};

export type StoredVersion = { readonly id: string; readonly attributes: VersionAttributes; readonly key: KeyObject };
type StoredKey = { readonly kty: KeyType; readonly versions: StoredVersion[] };

export type NewVersion = { readonly createdAt?: number; readonly notBefore?: number; readonly expiresAt?: number };

export type KeyStore = {
  find(name: string): StoredKey | undefined;
  /** Makes the key unless there is one of that name; returns its newest version's id. */
  create(name: string, key: NewVersion & { readonly kty: KeyType }): Promise<string>;
  /** Adds a version. Throws when there is no such key. */
  rotate(name: string, version?: NewVersion): Promise<string>;
  /** Changes a version's attributes. Throws when there is no such version. */
  update(name: string, id: string, change: Partial<Omit<VersionAttributes, 'created' | 'updated'>>): void;
};

type FileVersion = { id: string; attributes: VersionAttributes; jwk: JsonWebKey };
type FileContent = Record<string, { kty: KeyType; versions: FileVersion[] }>;

export const createKeyStore = (options: { dataFile: string | undefined; clock: () => number }): KeyStore => {
  const { dataFile, clock } = options;
  const keys = dataFile === undefined ? new Map<string, StoredKey>() : readKeys(dataFile);
  const save = (): void => {
    if (dataFile !== undefined) writeKeys(dataFile, keys);
  };

  const add = async (key: StoredKey, version: NewVersion): Promise<string> => {
    const { privateKey } =
      key.kty === 'RSA'
        ? await generate('rsa', { modulusLength: 2048 })
        : await generate('ec', { namedCurve: 'P-256' });
    const created = version.createdAt ?? clock();
    const id = randomBytes(16).toString('hex');
    const attributes: VersionAttributes = { enabled: true, created, updated: created };
    if (version.notBefore !== undefined) attributes.nbf = version.notBefore;
    if (version.expiresAt !== undefined) attributes.exp = version.expiresAt;
    key.versions.push({ id, attributes, key: privateKey });
    save();
    return id;
  };

  const existing = (name: string): StoredKey => {
    const key = keys.get(name);
    if (key === undefined) throw new Error(`there is no key ${name}`);
    return key;
  };

  return {
    find: (name) => keys.get(name),
    create: async (name, { kty, ...version }) => {
      const newest = newestOf(keys.get(name)?.versions ?? []);
      if (newest !== undefined) return newest.id;
      const key: StoredKey = { kty, versions: [] };
      keys.set(name, key);
      return add(key, version);
    },
    rotate: async (name, version = {}) => add(existing(name), version),
    update: (name, id, change) => {
      const version = existing(name).versions.find((each) => each.id === id);
      if (version === undefined) throw new Error(`the key ${name} has no version ${id}`);
      Object.assign(version.attributes, change, { updated: clock() });
      save();
    },
  };
};

/** The current version: the one an address without a version means. */
export const newestOf = (versions: readonly StoredVersion[]): StoredVersion | undefined =>
  versions.toSorted((a, b) => a.attributes.created - b.attributes.created).at(-1);

const readKeys = (dataFile: string): Map<string, StoredKey> => {
  const content = JSON.parse(readIfThere(dataFile)) as FileContent;
  return new Map(
    Object.entries(content).map(([name, { kty, versions }]) => {
      const open = ({ id, attributes, jwk }: FileVersion): StoredVersion => ({
        id,
        attributes,
        key: createPrivateKey({ key: jwk, format: 'jwk' }),
      });
      return [name, { kty, versions: versions.map(open) }];
    }),
  );
};

const readIfThere = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  }
};

/** Through a second file, so that a run that is killed leaves the old keys or the new ones. */
const writeKeys = (dataFile: string, keys: ReadonlyMap<string, StoredKey>): void => {
  const close = ({ id, attributes, key }: StoredVersion): FileVersion => ({
    id,
    attributes,
    jwk: key.export({ format: 'jwk' }),
  });
  const content: FileContent = Object.fromEntries(
    [...keys].map(([name, { kty, versions }]) => [name, { kty, versions: versions.map(close) }]),
  );
  mkdirSync(dirname(dataFile), { recursive: true });
  writeFileSync(`${dataFile}.new`, JSON.stringify(content, undefined, 2), { mode: 0o600 });
  renameSync(`${dataFile}.new`, dataFile);
};
