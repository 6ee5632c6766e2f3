/** Addresses of requests (RFC 3986), which differ in little: they are parsed as a whole only where that would change something. */

export type Address = {
  readonly origin: string;
  /** Path and query. */
  readonly target: string;
};

/** Origins as they are written, which is as they are parsed. */
const known = new Set<string>();
const originsKept = 100;

/** What a parser leaves as it is; an apostrophe only in the path, where it is no sub-delimiter to escape (URL §4.4). */
const plainTarget = /^\/[\w\-.~!$&'()*+,;=:@/%]*(?:\?[\w\-.~!$&()*+,;=:@/?%]*)?$/;
const dotSegment = /\/(?:\.|%2e)/i;

/** Throws a TypeError for what is no address of a server. */
export const splitAddress = (address: string): Address => {
  const start = address.indexOf('/', 'https://'.length);
  const [origin, target] = start < 0 ? [address, ''] : [address.slice(0, start), address.slice(start)];
  if (known.has(origin) && plainTarget.test(target) && !dotSegment.test(target)) return { origin, target };
  return parsed(address);
};

const parsed = (address: string): Address => {
  const url = new URL(address);
  if (!['https:', 'http:'].includes(url.protocol)) throw new TypeError(`${url.protocol} is not spoken here`);
  if (address.startsWith(`${url.origin}/`) && known.size < originsKept) known.add(url.origin);
  return { origin: url.origin, target: url.pathname + url.search };
};
