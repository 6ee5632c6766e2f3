/** What is kept beyond a request keeps nothing but itself in memory. */
import { expect, it } from 'vitest';

import '../src/buffers.ts';
import { systemRandom } from '../src/oauth/crypto.ts';
import { bytes, rowOf } from '../src/storage/columns.ts';
import { storedEventFrom } from '../src/storage/user-rows.ts';

const memoryOf = ({ buffer }: Buffer): number => buffer.byteLength;

const person = 'ab'.repeat(32);

it('an event that waits to be delivered', () => {
  const { userKey } = storedEventFrom({ partitionKey: person, rowKey: 'h:1:x', kind: 'authorized', at: 1 } as never);
  expect([userKey.toString('hex'), memoryOf(userKey)]).toEqual([person, 32]);
});

it('what an instance remembers of a row', () => {
  const { hash } = rowOf({ hash: bytes }).read({ hash: Buffer.from(person, 'hex').toString('base64url') });
  expect([hash.toString('hex'), memoryOf(hash)]).toEqual([person, 32]);
});

it('the secrets that a row is made with', () => {
  expect(memoryOf(systemRandom(32))).toBe(32);
});
