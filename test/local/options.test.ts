import { describe, expect, it } from 'vitest';
import { readOptions } from '../../local/options.ts';

describe('options of npm start', () => {
  it('are none, or --reset', () => {
    expect(readOptions([], {})).toEqual({ reset: false });
    expect(readOptions(['--reset'], {})).toEqual({ reset: true });
  });

  it.each(['--rest', '--help', 'reset', '7071', '--reset=true', '-r', 'constructor'])(
    'that are unknown are refused with the list of the known ones: %s',
    (written) => {
      expect(() => readOptions(['--reset', written], {})).toThrow(
        new RegExp(`"${written}" is not an option[\\s\\S]*--reset +forgets the data`),
      );
    },
  );

  it('that npm kept to itself are not lost without a word', () => {
    expect(() => readOptions([], { npm_config_reset: 'true' })).toThrow('write npm start -- --reset');
  });
});
