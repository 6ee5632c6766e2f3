/** The keys of clients and of the issuers that vouch for them, where they are known by address alone. */
import type { JWK } from 'jose';
import type { Client } from '../../oauth/clients/client.ts';
import type { Clock } from '../../oauth/crypto.ts';
import type { OutboundFetch } from '../../outbound/fetch.ts';

export type RemoteDocuments = {
  /**
   * The JSON at an address that somebody else chose, at most ten minutes old; with `fresh`, at most half a minute. Undefined
   * when there is none to be had.
   */
  read(address: string, options?: { readonly fresh?: boolean }): Promise<unknown>;
};

const keptSeconds = 600;
/** Whoever presents an unknown key makes us ask no more often than that. */
const freshSeconds = 30;
/** While the address is away: a key that the client withdrew is not taken for longer. */
const staleSeconds = 3_600;
const documentLimit = 1_000;

const expected = {
  mediaTypes: ['application/json', 'application/jwk-set+json'],
  limitBytes: 65_536,
  timeoutMilliseconds: 3_000,
} as const;

/** `document` is undefined at an address that has given none yet, or none for too long. */
type Kept = { readonly document: unknown; readonly readAt: number; readonly triedAt: number };

/** An address that is away is asked no more often than one that is there, or each request would wait for its time-out. */
const isRecent = (
  known: Kept | undefined,
  { fresh, now }: { readonly fresh: boolean; readonly now: number },
): boolean => {
  if (known === undefined) return false;
  const [sinceTried, sinceRead] = [now - known.triedAt, now - known.readAt];
  return (
    isWithin(sinceTried, freshSeconds) || (!fresh && known.document !== undefined && isWithin(sinceRead, keptSeconds))
  );
};

const isWithin = (age: number, seconds: number): boolean => age >= 0 && age < seconds;

/** In memory, per instance, bounded. */
export const createRemoteDocuments = (fetchDocument: OutboundFetch, clock: Clock): RemoteDocuments => {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<unknown>>();
  const ask = async (address: string): Promise<unknown> => {
    const now = clock();
    const found = await readJson(address, fetchDocument);
    const before = kept.get(address);
    const isUsable = before !== undefined && now - before.readAt < staleSeconds;
    const readAt = found === undefined && isUsable ? before.readAt : now;
    const document = found ?? (isUsable ? before.document : undefined);
    if (kept.size >= documentLimit && before === undefined) kept.delete(kept.keys().next().value ?? '');
    kept.set(address, { document, readAt, triedAt: now });
    return document;
  };
  return {
    read: (address, { fresh = false } = {}) => {
      const known = kept.get(address);
      if (known !== undefined && isRecent(known, { fresh, now: clock() })) return Promise.resolve(known.document);
      const pending = asking.get(address) ?? ask(address).finally(() => asking.delete(address));
      asking.set(address, pending);
      return pending;
    },
  };
};

const readJson = async (address: string, fetchDocument: OutboundFetch): Promise<unknown> => {
  try {
    return JSON.parse((await fetchDocument(address, expected)).text) as unknown;
  } catch {
    return undefined;
  }
};

type Documents = { readonly documents: RemoteDocuments };

/** A key set is never longer than anybody needs: each of its keys may have to be tried. */
const keyLimit = 30;

/** The keys at an address; again, if `kid` is not among them (OpenID Connect Core §10.1.1). Empty when there are none. */
export const keysAt = async (
  address: string,
  kid: string | undefined,
  { documents }: Documents,
): Promise<readonly JWK[]> => {
  const known = keysIn(await documents.read(address));
  if (kid === undefined || known.some((key) => key.kid === kid)) return known;
  return keysIn(await documents.read(address, { fresh: true }));
};

const keysIn = (document: unknown): readonly JWK[] => {
  const { keys } = (document ?? {}) as { readonly keys?: unknown };
  if (!Array.isArray(keys)) return [];
  return keys.filter((key): key is JWK => typeof key === 'object' && key !== null).slice(0, keyLimit);
};

/** The client's own keys, by value or by address. */
export const keysOf = async (
  { jwks, jwksUri }: Client,
  kid: string | undefined,
  server: Documents,
): Promise<readonly JWK[]> => jwks ?? (jwksUri === undefined ? [] : keysAt(jwksUri, kid, server));
