/** Where a request comes from, as far as it can be known: the key of limits by address. */

/**
 * The caller's address by X-Forwarded-For, to which each proxy appends whom it got the request from: the last entry is what
 * Azure's front end wrote, and each proxy of ours in front of it is one entry more (`trustedProxies`). What is before those is
 * whatever the caller made up. IPv6 is told apart by /64, since that much is given to one customer (RFC 6177 §2). Undefined
 * without the header.
 */
export const sourceOf = (forwardedFor: string | undefined, trustedProxies: number): string | undefined => {
  const entries = (forwardedFor ?? '').split(',').map((entry) => entry.trim());
  const entry = entries.at(-1 - trustedProxies) ?? entries[0];
  return entry === undefined || entry === '' ? undefined : canonical(withoutPort(entry));
};

/** `192.0.2.1:443`, `[2001:db8::1]:443` (RFC 7239 §6 has such forms), and what has no port. */
const withoutPort = (entry: string): string =>
  entry.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1').replace(/^\[([^\]]+)\](?::\d+)?$/, '$1');

const canonical = (address: string): string => {
  const groups = groupsOf(address);
  if (groups === undefined) return address.toLowerCase();
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  // RFC 4291 §2.5.5.2: an IPv4 address that an IPv6 socket saw is that address.
  if (mapped) return [...groups.slice(6)].flatMap((group) => [group >> 8, group & 0xff]).join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
};

/** The eight groups of an IPv6 address in any of its spellings (RFC 4291 §2.2); undefined for anything else. */
const groupsOf = (address: string): readonly number[] | undefined => {
  const host = `http://[${address.replace(/%.*$/, '')}]`;
  if (!address.includes(':') || !URL.canParse(host)) return undefined;
  const [head = '', tail] = new URL(host).hostname.slice(1, -1).split('::');
  const parse = (part = ''): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [parse(head), parse(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return [...first, ...zeros, ...last];
};
