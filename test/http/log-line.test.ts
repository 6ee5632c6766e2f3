/** The operators' log: what is wrong can be filtered by severity. */
import { describe, expect, it } from 'vitest';
import { writeLine } from '../../src/http/log-line.ts';

const written = (line: Readonly<Record<string, unknown>>) => {
  const lines: (readonly [string, string])[] = [];
  const as = (severity: string) => (text: string) => lines.push([severity, text]);
  writeLine({ log: as('information'), warn: as('warning'), error: as('error') }, line);
  return lines;
};

describe('a line of the log', () => {
  it.each([
    ['error', { level: 'error', event: 'signing_wrong_signature' }],
    ['warning', { level: 'warning', event: 'signing_list_failed' }],
    ['information', { event: 'purged' }],
    ['information', { level: 'toString', event: 'of no level' }],
  ])('has the severity %s that it names', (severity, line) => {
    expect(written(line)).toEqual([[severity, JSON.stringify(line)]]);
  });
});
