/** Addresses of requests, split as a parser splits them whether it was asked or not. */
import { describe, expect, it } from 'vitest';
import { splitAddress } from '../../src/transport/address.ts';

const origins = [
  'https://account.table.example',
  'http://127.0.0.1:10002',
  'https://[::1]:8443',
  'https://a.example:443',
];
const targets = [
  '',
  '/',
  "/account/users(PartitionKey='ab%27',RowKey='c%20d''e')",
  "/users()?$top=1&$filter=PartitionKey%20eq%20'a'",
  '/users()?$top=1&$filter=PartitionKey%20eq%20%27a%27&b=/?',
  '/a/../b/./c/%2e%2E/.d',
  '/a b"<>`{|}\\^[]\u00fc#fragment',
  '/a?b c"<>#`{|}\u00fc\ud83d\ude00',
  '/%zz%',
  '//other.example/a',
  '/a\tb\nc',
];

describe('an address', () => {
  it.each(origins)('is split as a parser would, the first time and every other: %s', (origin) => {
    for (const round of [1, 2])
      for (const target of targets) {
        const url = new URL(`${origin}${target}`);
        const expected = { origin: url.origin, target: url.pathname + url.search };
        expect([round, splitAddress(`${origin}${target}`)]).toEqual([round, expected]);
      }
  });

  it.each(['ftp://a.example/', 'a.example', 'https://', ''])('is one of a server: not %s', (address) => {
    expect(() => splitAddress(address)).toThrow(TypeError);
  });

  it('never sends what is after a name and a password to somebody else', () => {
    splitAddress('https://a.example/');
    expect(splitAddress('https://a.example@b.example/c')).toEqual({ origin: 'https://b.example', target: '/c' });
  });
});
