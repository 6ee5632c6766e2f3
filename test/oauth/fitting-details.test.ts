import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingDetails } from '../../src/oauth/audit/fitting.ts';

const roomOfRow = 32_000;

describe('what an event says', () => {
  it('is told as it is where it fits', () => {
    const details = { target: 't', list: ['a', 'b'], nested: { one: 1 } };
    expect(fittingDetails(details)).toBe(details);
  });

  it('has its longest lists and texts cut where it does not, and everything else whole', () => {
    const list = Array.from({ length: 1_000 }, (_, index) => `permission ${index}`.padEnd(60, '.'));
    const told = fittingDetails({ target: 't', short: ['a'], client: { list, text: 'x'.repeat(20_000) } });
    expect(told).toMatchObject({ target: 't', short: ['a'], client: { text: expect.stringMatching(/^x+…$/) } });
    const { list: first } = told.client as { readonly list: readonly string[] };
    expect(first[0]).toBe(list[0]);
    expect(first.at(-1)).toBe(`and ${1_000 - first.length + 1} more`);
  });

  it('always has room, and always says of what it is', () => {
    const long = fc.string({ maxLength: 9_000 });
    const value = fc.oneof(long, fc.array(long, { maxLength: 40 }), fc.dictionary(fc.string(), fc.array(long)));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 40 }), value, { maxKeys: 60 }), (more) => {
        const told = fittingDetails({ ...more, target: 't' });
        expect(JSON.stringify(told).length).toBeLessThan(roomOfRow);
        expect(told.target).toBe('t');
      }),
      { numRuns: 200 },
    );
  });
});
