/**
 * Which addresses of the network are public. What anybody can make us fetch must not reach what only we can: the platform's
 * own services, a private network, this machine.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IPv4 that is not globally reachable: the IANA special-purpose registry (RFC 6890), and what Azure adds. */
const specialIPv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10', // shared by customers of a carrier (RFC 6598)
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local: managed identities and instance metadata
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24', // 6to4 relays (RFC 7526)
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '168.63.129.16/32', // Azure's platform on every virtual machine, public only by its looks
] as const;

/** All of IPv6 that is given out (RFC 4291 §2.4). Loopback, link-local, unique local, multicast, IPv4-mapped and NAT64 lie outside. */
const globalUnicast = '2000::/3';

/** What is special inside of it (IANA IPv6 special-purpose registry). */
const specialIPv6 = [
  '2001::/23', // Teredo, benchmarking, ORCHID
  '2001:db8::/32',
  '2002::/16', // 6to4 carries an IPv4 address
  '2620:4f:8000::/48',
  '3fff::/20',
] as const;

const listOf = (subnets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
};

const [special4, special6] = [listOf(specialIPv4, 'ipv4'), listOf(specialIPv6, 'ipv6')];
const given6 = listOf([globalUnicast], 'ipv6');
const loopback4 = listOf(['127.0.0.0/8'], 'ipv4');

/** True for an address that everybody can reach; false for all others, and for text that is no address. */
export const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !special4.check(address, 'ipv4');
  // A zone (RFC 4007 §11) names an interface of this machine.
  if (!isIPv6(address) || address.includes('%')) return false;
  return given6.check(address, 'ipv6') && !special6.check(address, 'ipv6');
};

/** True for an address of this very machine. */
export const isLoopbackAddress = (address: string): boolean =>
  isIPv4(address) ? loopback4.check(address, 'ipv4') : address === '::1';
