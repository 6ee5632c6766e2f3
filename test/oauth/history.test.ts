import { expect, test } from 'vitest';
import { changeBy } from '../../src/oauth/grants/history.ts';

test.each([
  ['a first approval', [], ['a 1', 'a 2'], { kind: 'authorized', permissions: ['a 1', 'a 2'] }],
  ['the same again', ['a 1'], ['a 1'], { kind: 'authorized', permissions: ['a 1'] }],
  ['more than before', ['a 1', 'b 1'], ['a 1', 'a 2'], { kind: 'widened', permissions: ['a 2'] }],
])('%s is told by what it changes', (_what, before, approved, change) => {
  expect(changeBy(before, approved)).toEqual(change);
});
