/** Reasons of refusals: no check without one is a matter of types; here, none without a check. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reasons } from '../../src/oauth/reasons.ts';

const src = new URL('../../src/', import.meta.url);

/** Made of a word and a variable, whose type has these. */
const composed: Readonly<Record<string, readonly string[]>> = {
  'refresh_token_${standing}': ['refresh_token_unknown', 'refresh_token_expired', 'refresh_token_exhausted'],
  'limit_of_${limit}': Object.keys(reasons).filter((reason) => reason.startsWith('limit_of_')),
};

it('every reason is given by some check', () => {
  const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('local') && name !== 'oauth/reasons.ts')
    .map((name) => readFileSync(new URL(name, src), 'utf8'))
    .join('\n');
  const made = Object.entries(composed).flatMap(([text, all]) => (sources.includes(text) ? all : []));
  const isGiven = (reason: string) =>
    sources.includes(`'${reason}'`) ||
    made.includes(reason) ||
    // A key of the table of what a code's holder may know.
    sources.includes(`\n  ${reason}: '`);
  expect(Object.keys(reasons).filter((reason) => !isGiven(reason))).toEqual([]);
});
