import { describe, expect, it } from 'vitest';
import { parseResources } from '../../src/oauth/access/catalogue.ts';

const declared = (authorizationDetails: unknown) =>
  parseResources([{ identifier: 'https://api.example', name: 'API', authorizationDetails }]);
const field = (change: object) => ({
  pay: { title: 'Pay', fields: [{ name: 'a', label: 'A', kind: 'text', ...change }] },
});

describe('declared types of authorization details', () => {
  it('are read with their defaults', () => {
    expect(declared(field({}))[0]?.detailTypes?.get('pay')).toEqual({
      title: 'Pay',
      fields: [{ name: 'a', label: 'A', kind: 'text', required: false }],
    });
    expect(parseResources([{ identifier: 'https://api.example', name: 'API' }])[0]).not.toHaveProperty('detailTypes');
  });

  it.each([
    ['a type without a title', { pay: {} }],
    ['a type that is no name', { 'pay me': { title: 'Pay' } }],
    ['an unknown member', { pay: { title: 'Pay', colour: 'red' } }],
    ['an unknown kind', field({ kind: 'number' })],
    ['a field without a label', field({ label: undefined })],
    ['a field that the RFC names', field({ name: 'locations' })],
    ['an enumeration without values', field({ kind: 'enum' })],
    ['an enumeration with none', field({ kind: 'enum', values: {} })],
    ['values of another kind', field({ values: { a: 'A' } })],
    [
      'the same field twice',
      { pay: { title: 'Pay', fields: [1, 2].map(() => ({ name: 'a', label: 'A', kind: 'text' })) } },
    ],
    ['words that cannot be read', { pay: { title: 'Pay\u202e' } }],
    ['words of no language', { pay: { title: 'Pay', 'title#': 'Zahlen' } }],
    ['a misspelt member of another language', { pay: { title: 'Pay', 'titel#de': 'Zahlen' } }],
    ['a title of another language that is none', { pay: { title: 'Pay', 'title#de': { a: 'Zahlen' } } }],
    [
      'a text where words of actions belong',
      { pay: { title: 'Pay', actions: { send: 'send' }, 'actions#de': 'senden' } },
    ],
    ['words for an action that is not there', { pay: { title: 'Pay', 'actions#de': { send: 'senden' } } }],
    ['words for a value that is not there', field({ kind: 'enum', values: { a: 'A' }, 'values#de': { b: 'B' } })],
    ['words of another language that cannot be read', { pay: { title: 'Pay', 'title#de': 'Zahlen\u202e' } }],
    ['no object', []],
  ])('are refused with %s', (_, value) => {
    expect(() => declared(value)).toThrow('authorizationDetails');
  });

  it('are of one resource each', () => {
    const own = { pay: { title: 'Pay' } };
    const at = (identifier: string) => ({ identifier, name: 'API', authorizationDetails: own });
    expect(() => parseResources([at('https://a.example'), at('https://b.example')])).toThrow('pay');
  });
});
