/** Where a fetch may go: the URL is judged first, then every network address of its host. */
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackHost } from '../oauth/addresses.ts';
import { isLoopbackAddress, isPublicAddress } from './addresses.ts';
import { OutboundError } from './error.ts';

/** Every address of a host. Rejects when there is none. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export type Destination = {
  readonly url: URL;
  /** The host's addresses, all of them allowed. */
  readonly addresses: readonly LookupAddress[];
};

type Rules = {
  /** Whether this machine is allowed, by http under its own names: local runs only. */
  readonly insecureLoopback: boolean;
  readonly resolve: Resolve;
};

/** Throws `OutboundError` for what must not be fetched. The host is resolved once; whoever connects uses these addresses. */
export const destinationOf = async (address: string, { insecureLoopback, resolve }: Rules): Promise<Destination> => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') throw new OutboundError('address not allowed');
  const isLocal = insecureLoopback && url.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) throw new OutboundError('address not allowed');
  const addresses = await addressesOf(url.hostname, resolve);
  const isOwn = (one: string) => insecureLoopback && isLoopbackAddress(one);
  const isAllowed = isLocal ? isLoopbackAddress : (one: string) => isPublicAddress(one) || isOwn(one);
  // One bad address spoils the name: nobody's service has private addresses beside public ones.
  if (addresses.length === 0 || !addresses.every((one) => isAllowed(one.address)))
    throw new OutboundError('network address not allowed');
  return { url, addresses };
};

const addressesOf = async (hostname: string, resolve: Resolve): Promise<readonly LookupAddress[]> => {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(literal);
  if (family !== 0) return [{ address: literal, family }];
  try {
    return await resolve(hostname);
  } catch (cause) {
    throw new OutboundError('name not resolved', { cause });
  }
};

/** In place of a second look at DNS, which could say something else by now (DNS rebinding). */
export const pinnedTo =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
