/** Clients that are known by a document at their own address: fetched, read, and kept for a while. In memory, per instance, bounded. */
import { createBuckets } from '../../limits/token-bucket.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { isClientIdUrl } from '../../oauth/clients/client-id-url.ts';
import type { Clock } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { OutboundError } from '../../outbound/error.ts';
import { keptSecondsOf } from '../../outbound/freshness.ts';
import type { ReadingOptions } from './read-document.ts';

export type ClientDocuments = {
  /** True for an id that is an address from which documents are taken here. */
  isAllowed(clientId: string): boolean;
  /** The client as it is remembered; undefined when it must be looked for. */
  remembered(clientId: string): Client | undefined;
  /** The client without a look at its document: as it was known last, or as little as its id says of it. */
  unread(clientId: string): Promise<Client>;
  /**
   * The client, from its document; with `fresh`, half a minute old at most. Undefined when the document is no such document.
   * Throws `client_unavailable` when there is none to be had for the moment.
   */
  find(clientId: string, options?: { readonly fresh?: boolean }): Promise<Client | undefined>;
};

const expected = { mediaTypes: ['application/json'], limitBytes: 5_120, timeoutMilliseconds: 3_000 } as const;

/** Whatever a document says of itself: never so short that it is fetched for each request, nor so long that a change gets lost. */
const kept = { least: 60, most: 86_400, usual: 600 } as const;
/** While its host is away. Keys that the client withdrew are not taken for longer. */
const staleSeconds = 3_600;
const freshSeconds = 30;
const documentLimit = 1_000;

/** Fetches that anybody can cause: of one host, and of all. */
const ofOneHost = { perSecond: 0.2, burst: 10 } as const;
const ofAll = { perSecond: 5, burst: 50 } as const;

type Kept = { readonly client: Client; readonly readAt: number; readonly freshUntil: number; readonly triedAt: number };

type Options = ReadingOptions & {
  readonly clock: Clock;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
};

export const createClientDocuments = (options: Options): ClientDocuments => {
  const { config, clock } = options;
  const known = new Map<string, Kept>();
  const asking = new Map<string, Promise<Client | undefined>>();
  const [hosts, all] = [createBuckets(ofOneHost), createBuckets({ ...ofAll, keys: 1 })];
  const mayFetch = (clientId: string): boolean =>
    hosts.take(new URL(clientId).host, clock()) && all.take('all', clock());

  const ask = async (clientId: string): Promise<Client | undefined> => {
    const [before, now] = [known.get(clientId), clock()];
    const found = mayFetch(clientId) ? await fetched(clientId, options) : 'unavailable';
    if (found === 'unavailable') {
      if (before === undefined || now >= before.freshUntil + staleSeconds) throw unavailable();
      known.set(clientId, { ...before, triedAt: now });
      return before.client;
    }
    known.delete(clientId);
    if (found === 'unusable') return undefined;
    if (known.size >= documentLimit) known.delete(known.keys().next().value ?? '');
    known.set(clientId, { client: found.client, readAt: now, freshUntil: now + found.keptSeconds, triedAt: now });
    return found.client;
  };

  const current = (clientId: string, fresh: boolean): Client | undefined => {
    const one = known.get(clientId);
    if (one === undefined) return undefined;
    const now = clock();
    return now >= one.readAt && (fresh ? now - one.triedAt < freshSeconds : now < one.freshUntil)
      ? one.client
      : undefined;
  };

  return {
    isAllowed: (clientId) => isClientIdUrl(clientId, config) && isHostAllowed(new URL(clientId).hostname, config),
    remembered: (clientId) => current(clientId, false),
    unread: async (clientId) =>
      known.get(clientId)?.client ?? (await import('./read-document.ts')).clientUnread(clientId, options),
    find: (clientId, { fresh = false } = {}) => {
      const client = current(clientId, fresh);
      if (client !== undefined) return Promise.resolve(client);
      const pending = asking.get(clientId) ?? ask(clientId).finally(() => asking.delete(clientId));
      asking.set(clientId, pending);
      return pending;
    },
  };
};

const isHostAllowed = (host: string, { clientDocuments }: Options['config']): boolean => {
  const { mode, hosts, blockedHosts } = clientDocuments;
  const isListed = (list: readonly string[]) => list.some((one) => isHostOf(host, one));
  return mode !== 'off' && !isListed(blockedHosts) && (mode === 'open' || isListed(hosts));
};

/** `*.example.com` is every host below example.com. */
const isHostOf = (host: string, listed: string): boolean =>
  listed.startsWith('*.') ? host.endsWith(listed.slice(1)) : host === listed;

const unavailable = (): OAuthError =>
  new OAuthError('client_document_unavailable', 'the document of the client cannot be read for the moment', {
    retryAfterSeconds: 10,
  });

type Fetched = { readonly client: Client; readonly keptSeconds: number };

/** `unusable` is what its host says; `unavailable` may pass. */
const fetched = async (clientId: string, options: Options): Promise<Fetched | 'unusable' | 'unavailable'> => {
  const note = (problem: string): void =>
    options.log({ event: 'client_document_refused', client_id: clientId, problem });
  try {
    const { clientIn } = await import('./read-document.ts');
    const { text, headers } = await options.outbound(clientId, expected);
    return { client: await clientIn(text, clientId, options), keptSeconds: keptSecondsOf(headers, kept) };
  } catch (error) {
    if (error instanceof OutboundError) {
      note(error.reason);
      return 'unavailable';
    }
    if (!(error instanceof OAuthError) && !(error instanceof SyntaxError)) throw error;
    note(error instanceof OAuthError ? error.message : 'not JSON');
    return 'unusable';
  }
};
