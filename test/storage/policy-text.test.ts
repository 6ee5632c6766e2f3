/** Rules in their rows: as long as a column has room, as older versions read them; by resource where there are hundreds. */
import { describe, expect, it } from 'vitest';
import { ruledDetails } from '../../src/oauth/audit/ruled.ts';
import { type ClientRule, defaultPolicy } from '../../src/oauth/policy/policy.ts';
import { policyColumns, policyFrom, ruleIn, ruleText } from '../../src/storage/policy-text.ts';

const cellLimit = 32_768;
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => `https://${'long.'.repeat(20)}example p${index}`);
const policyOf = (count: number) => ({ ...defaultPolicy, needsOperator: many(count) });

describe('what operators rule', () => {
  it.each([0, 3, 500])('comes back from its row as it was, and fits, with %i permissions', (count) => {
    const columns = policyColumns(policyOf(count));
    for (const cell of Object.values(columns)) expect(cell.length).toBeLessThan(cellLimit);
    expect(policyFrom(columns)).toEqual(policyOf(count));
    const rule: ClientRule = { kind: 'approved for everyone', permissions: many(count) };
    expect(ruleText(rule).length).toBeLessThan(cellLimit);
    expect(ruleIn(ruleText(rule))).toEqual(rule);
  });

  it('is read by what an older version wrote last', () => {
    const { needsOperator } = policyColumns(policyOf(500));
    expect(policyFrom({ policy: JSON.stringify(defaultPolicy), needsOperator })).toEqual(defaultPolicy);
    expect(policyFrom(undefined)).toEqual(defaultPolicy);
  });

  it('is told whole to the audit log, or by what came and went where that is too long', () => {
    const needs = ({ needsOperator }: typeof defaultPolicy) => needsOperator;
    const small = { before: policyOf(1), after: policyOf(2) };
    expect(ruledDetails(small, needs)).toEqual(small);
    const told = ruledDetails({ before: policyOf(499), after: policyOf(500) }, needs);
    expect(told).toMatchObject({
      added: [many(500).at(-1)],
      removed: [],
      before: { needsOperator: '499 permissions' },
    });
    const all = ruledDetails({ before: undefined, after: policyOf(500) }, needs);
    expect(JSON.stringify(all).length).toBeLessThan(cellLimit);
    expect((all.added as string[]).at(-1)).toMatch(/^and \d+ more$/);
  });
});
