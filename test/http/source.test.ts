/** The key of limits by address. */
import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../src/http/source.ts';

describe('the source of a request', () => {
  it.each([
    [undefined, 0, undefined],
    ['', 0, undefined],
    ['192.0.2.1', 0, '192.0.2.1'],
    ['203.0.113.9, 192.0.2.1:50000', 0, '192.0.2.1'],
    ['203.0.113.9, 192.0.2.1:50000', 1, '203.0.113.9'],
    ['made-up, 203.0.113.9, 192.0.2.1', 1, '203.0.113.9'],
    ['192.0.2.1', 1, '192.0.2.1'],
  ])('of %j behind %d proxies is %j: what comes before is made up by the caller', (header, proxies, source) => {
    expect(sourceOf(header, proxies)).toBe(source);
  });

  it.each([
    '2001:db8:1:2::1',
    '2001:DB8:1:2:ffff::',
    '[2001:db8:1:2::9]:443',
    '[2001:db8:1:2::9]',
    '2001:0db8:0001:0002:0000:0000:0000:0001',
    '2001:db8:1:2::192.0.2.1',
    '2001:db8:1:2::1%eth0',
  ])('is one /64 in every spelling: %s', (address) => {
    expect(sourceOf(address, 0)).toBe('2001:db8:1:2::/64');
  });

  it('tells other networks apart, and takes a mapped IPv4 address for that address', () => {
    expect(sourceOf('2001:db8:1:3::1', 0)).toBe('2001:db8:1:3::/64');
    expect(sourceOf('::1', 0)).toBe('0:0:0:0::/64');
    expect(sourceOf('[::ffff:192.0.2.1]:443', 0)).toBe('192.0.2.1');
    expect(sourceOf('::ffff:c000:201', 0)).toBe('192.0.2.1');
  });

  it('is whatever was sent where it is no address', () => {
    for (const odd of ['unknown', '_hidden', '[::', ':::', '1:2:3']) expect(sourceOf(odd, 0)).toBeTypeOf('string');
  });
});
