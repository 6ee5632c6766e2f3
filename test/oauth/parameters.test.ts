import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFormPart, parseParameters } from '../../src/oauth/parameters.ts';

describe('parameters (RFC 6749 §3.1, appendix B)', () => {
  it('come out as any other form encoder put them in', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !/\p{Cc}/u.test(value) && value.isWellFormed());
    fc.assert(
      fc.property(text, (value) => {
        const parameters = parseParameters(new URLSearchParams({ state: value }).toString());
        expect(parameters.get('state')).toBe(value === '' ? undefined : value);
        expect(parameters.names()).toEqual(['state']);
      }),
    );
  });

  it('have line breaks and tabs only where several lines are asked for, and other controls nowhere', () => {
    const parameters = parseParameters('a=x%0D%0A%09y&b=x%00&c=1&c=2');
    expect(parameters.lines('a')).toBe('x\r\n\ty');
    expect(parameters.lines('none')).toBeUndefined();
    expect(() => parameters.get('a')).toThrow('not encoded properly');
    expect(() => parameters.lines('b')).toThrow('not encoded properly');
    expect(() => parameters.lines('c')).toThrow('more than once');
    expect(parameters.readable()).toEqual([
      ['c', '1'],
      ['c', '2'],
    ]);
  });

  it('never throw anything but invalid_request, whatever they are', () => {
    const part = fc.constantFrom(
      'a',
      '=',
      '&',
      '%',
      '%41',
      '%zz',
      '%00',
      '+',
      '%ff',
      '%ed%a0%80',
      '__proto__',
      'constructor',
      '[]',
      ';',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const parameters = parseParameters(parts.join(''));
        for (const read of [
          () => parameters.rejectDuplicates([]),
          () => parameters.names().map((name) => parameters.get(name)),
        ])
          try {
            read();
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid_request' });
          }
      }),
      { numRuns: 2_000 },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['%', '%4', '%zz', '%ff', '%c0%80', '%ed%a0%80', '%00', 'a%0ab', '%7f', '\ud800'])(
    'are refused by who asks for them when they are encoded as %j',
    (text) => {
      expect(decodeFormPart(text)).toBeUndefined();
      expect(() => parseParameters(`state=${text}`).get('state')).toThrow(
        'invalid_request: state is not encoded properly',
      );
    },
  );

  it.each(['unknown=%', 'utm=50%off', '%ff=1', 'a%00b=c'])('that nobody asks for may be encoded as %s', (text) => {
    const parameters = parseParameters(`client_id=a&${text}`);
    expect(() => parameters.rejectDuplicates([])).not.toThrow();
    expect(parameters.readable()).toEqual([['client_id', 'a']]);
  });

  it('that are broken are only in the way of those who ask for them', () => {
    expect(parseParameters('client_id=a&state=%').get('client_id')).toBe('a');
  });

  it.each([
    ['a=1&a=1', 'a'],
    ['a=1&a=2', 'a'],
    ['a=1&%61=1', 'a'],
    ['a&a', 'a'],
    ['a=&a=1', 'a'],
    ['a=1&a=', 'a'],
    ['a=&a=', 'a'],
  ])('are refused when they repeat: %s', (text, name) => {
    expect(() => parseParameters(text).get(name)).toThrow('invalid_request: a was sent more than once');
    expect(() => parseParameters(text).rejectDuplicates([])).toThrow('invalid_request');
    expect(() => parseParameters(text).rejectDuplicates(['a'])).not.toThrow();
  });

  it('have literal names: no lists, no paths, no prototypes', () => {
    const parameters = parseParameters('a[]=1&a[b]=2&a.b=3&__proto__=4&constructor=5&=6&b');
    expect(parameters.names()).toEqual(['a[]', 'a[b]', 'a.b', '__proto__', 'constructor', '', 'b']);
    expect(parameters.get('a')).toBeUndefined();
    expect(parameters.get('toString')).toBeUndefined();
    expect(parameters.get('__proto__')).toBe('4');
    expect(parameters.get('b')).toBeUndefined();
  });

  it.each(['a=', 'a', '%61='])('without a value are as good as left out: %s', (text) => {
    const parameters = parseParameters(text);
    expect(parameters.get('a')).toBeUndefined();
    expect(parameters.all('a')).toEqual([]);
    expect(() => parameters.rejectDuplicates([])).not.toThrow();
    // Whoever must tell the two apart still can.
    expect(parameters.names()).toEqual(['a']);
  });

  it('that may repeat have the values that were sent, without the empty ones', () => {
    expect(parseParameters('a=&a=1&a&a=2').all('a')).toEqual(['1', '2']);
  });

  it('are at most two hundred', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `p${index}=1`).join('&');
    expect(parseParameters(many(200)).names()).toHaveLength(200);
    expect(() => parseParameters(many(201))).toThrow('invalid_request: there are too many parameters');
    expect(parseParameters(many(201), 201).names()).toHaveLength(201);
    expect(() => parseParameters('a&'.repeat(201))).toThrow('too many');
  });
});
