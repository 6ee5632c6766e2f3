import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { infra, root } from './bicep/files.ts';
import { deploy, ofType, only } from './deployment.ts';
import { execute } from './stand-ins/azure.ts';

type CostTable = { costSection(): string; filesWithMarkers(): readonly URL[] };
const table = (await import(new URL('scripts/cost-table.mjs', `file://${root}`).href)) as CostTable;

const cell = (row: string, column: number): number => {
  const line =
    table
      .costSection()
      .split('\n')
      .find((each) => each.startsWith('|') && each.includes(row)) ?? '';
  return Number(line.split('|')[column]?.replaceAll(/[^0-9.]/g, ''));
};

describe('the cost table', () => {
  it('stands in the documentation as it is computed', () => {
    const files = table.filesWithMarkers();
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const text = /<!-- cost-table -->\n([\s\S]*?)<!-- \/cost-table -->/.exec(readFileSync(file, 'utf8'))?.[1];
      expect(text).toBe(table.costSection());
    }
  });

  it('is what the script prints', async () => {
    const { output } = await execute([`${root}scripts/cost-table.mjs`], {});
    expect(output.trim()).toBe(table.costSection().trim());
  });

  it('costs cents a month when hardly anybody comes', () => {
    expect(cell('Together', 2)).toBeLessThan(1);
  });

  it('takes signatures at ten thousand for three cents', () => {
    const { anAuthorization } = JSON.parse(readFileSync(`${infra}prices.json`, 'utf8'));
    const signatures = 100_000 * (anAuthorization.token + anAuthorization.refresh);
    expect(cell('signatures', 3)).toBeCloseTo((signatures / 10_000) * 0.03, 2);
  });

  it('counts the rules and tests that the template makes', () => {
    const { resources } = deploy({ alertEmail: 'ops@example.com' });
    const { alerts } = JSON.parse(readFileSync(`${infra}prices.json`, 'utf8'));
    const { prices } = JSON.parse(readFileSync(`${infra}prices.json`, 'utf8'));
    const rules = ofType(resources, 'Microsoft.Insights/scheduledQueryRules').length;
    expect(cell('Alerts', 2)).toBeGreaterThan(rules * prices.logAlertMonth.usd);
    expect(alerts.metricRules).toBe(ofType(resources, 'Microsoft.Insights/metricAlerts').length);
    const { Frequency, Locations } = only(resources, 'Microsoft.Insights/webtests').body.properties as {
      Frequency: number;
      Locations: readonly unknown[];
    };
    expect(alerts.availabilityTestsPerHour).toBe((3600 / Frequency) * Locations.length);
  });

  it('says what memory costs at most, beside what it costs when requests share instances', () => {
    for (const column of [3, 4]) expect(cell('ever share', column)).toBeGreaterThan(cell('Functions: memory', column));
  });

  it('never bills less memory for more traffic', () => {
    expect(cell('memory', 3)).toBeGreaterThan(cell('memory', 2));
    expect(cell('memory', 4)).toBeGreaterThan(cell('memory', 3));
  });
});
