import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAllowance } from '../../bench/simulation/clients.ts';
import { deployments } from '../../bench/simulation/deployments.ts';
import { clientPerSecond } from '../../bench/simulation/facts.ts';
import { createChance } from '../../bench/simulation/random.ts';
import { ceilingsTable, needsTable, overloadTable } from '../../bench/simulation/report.ts';
import { ceilingOf } from '../../bench/simulation/simulate.ts';
import { createVaults } from '../../bench/simulation/vaults.ts';
import { createBuckets } from '../../src/limits/token-bucket.ts';

const page = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8');

const sectionOf = (name: string): string | undefined =>
  new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)\n<!-- /${name} -->`).exec(page)?.[1];

const [usual] = deployments;
if (usual === undefined) throw new Error('there is no deployment to simulate');

describe('docs/scale.md', () => {
  it('says what the script computes: npm run scale -- --write', () => {
    expect(sectionOf('scale-needs')).toBe(needsTable());
    expect(sectionOf('scale-ceilings')).toBe(ceilingsTable());
    expect(sectionOf('scale-overload')).toBe(overloadTable());
  });

  it('names only settings that there are', () => {
    const manual = ['../../README.md', '../../infra/README.md']
      .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
      .join('\n');
    const named = [...page.matchAll(/`([A-Z][A-Z_]{4,})(?:=\w+)?`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the simulation', () => {
  it('gives the same each time', () => {
    expect(ceilingOf(usual)).toEqual(ceilingOf(usual));
  });

  it('finds the vault first in a deployment as it comes, and half of it in hardware', () => {
    const { holds, refused } = ceilingOf(usual);
    expect([holds, refused?.by]).toEqual([50, 'vaults']);
    expect(ceilingOf({ ...usual, hardwareKeys: true }).holds).toBe(25);
  });

  it.each([
    ['instances', { vaults: 20 }],
    ['cores', { vaults: 20, maximumInstances: 1_000, cores: 10 }],
    ['partitions', { vaults: 20, maximumInstances: 1_000, concurrency: 12, people: 1 }],
    ['accounts', { vaults: 100, maximumInstances: 1_000, concurrency: 12 }],
  ] as const)('finds %s first where the others have room', (limit, change) => {
    expect(ceilingOf({ ...usual, ...change }).refused?.by).toBe(limit);
  });

  it('gives a client what the buckets of the server give it', () => {
    const size = { perSecond: clientPerSecond, burst: clientPerSecond * 4 };
    const clients = createAllowance({ clients: 2, instances: 3, ...size });
    const buckets = createBuckets(size);
    const chance = createChance(2);
    for (let second = 0; second < 20; second += 1)
      for (let request = 0; request < 700; request += 1) {
        const [instance, client] = [chance.below(3), chance.below(2)];
        expect(clients.take(instance, client, second)).toBe(buckets.take(`${instance} ${client}`, second));
      }
  });

  it('lets the vault that has room sign, for each instance, until none has', () => {
    const vaults = createVaults({ ...usual, vaults: 2 }, 1, createChance(1));
    vaults.begin(0, 0);
    for (let count = 0; count < 8_000; count += 1) expect(vaults.sign(0)).toBe(true);
    expect(vaults.sign(0)).toBe(false);
    vaults.begin(10, 0);
    expect(vaults.sign(0)).toBe(true);
  });
});
