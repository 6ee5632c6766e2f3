/** The addresses that may be fetched from, as a table of the registries (RFC 6890). */
import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from '../../src/outbound/addresses.ts';

describe('a public address', () => {
  const ipv4 = ['8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1'];
  const ipv6 = ['2606:4700::1111', '2a00:1450:4001:80b::200e', '2001:4860:4860::8888'];
  it.each([...ipv4, ...ipv6])('is %s', (address) => expect(isPublicAddress(address)).toBe(true));

  const others: Readonly<Record<string, readonly string[]>> = {
    private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
    'this machine': ['127.0.0.1', '127.255.255.255', '::1', '0.0.0.0', '0.1.2.3', '::'],
    'link-local': ['169.254.169.254', '169.254.0.1', 'fe80::1', 'febf::1', 'fe80::1%eth0', '2606:4700::1111%eth0'],
    "a carrier's": ['100.64.0.1', '100.127.255.255'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
    'reserved or broadcast': ['240.0.0.1', '255.255.255.255', '100::1', '4000::1', '5f00::1'],
    documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
    'for protocols and benchmarks': ['192.0.0.1', '192.0.0.192', '198.18.0.1', '198.19.255.255', '2001:2::1'],
    'unique local': ['fc00::1', 'fd00:ec2::254', 'fdff::1'],
    'site-local': ['fec0::1'],
    'IPv4 in IPv6': ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:a9fe:a9fe', '::127.0.0.1', '::ffff:0:10.0.0.1'],
    NAT64: ['64:ff9b::10.0.0.1', '64:ff9b::808:808', '64:ff9b:1::1'],
    '6to4 or Teredo': ['2002:7f00:1::', '2002:808:808::1', '192.88.99.1', '2001:0:7f00:1::'],
    "Azure's platform": ['168.63.129.16'],
    'no address': [
      '',
      'localhost',
      '127.1',
      '0x7f000001',
      '2130706433',
      '[2606:4700::1111]',
      '8.8.8.8:443',
      '8.8.8.8 ',
    ],
  };
  for (const [what, addresses] of Object.entries(others))
    it.each(addresses)(`is not what is ${what}: %s`, (address) => expect(isPublicAddress(address)).toBe(false));
});

it('the addresses of this machine are 127.0.0.0/8 and ::1 alone', () => {
  const addresses = ['127.0.0.1', '127.8.8.8', '::1', '0.0.0.0', '::', '::ffff:127.0.0.1', '8.8.8.8', 'localhost'];
  expect(addresses.filter(isLoopbackAddress)).toEqual(['127.0.0.1', '127.8.8.8', '::1']);
});
