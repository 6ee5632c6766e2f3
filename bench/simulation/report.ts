/** The simulation's two tables, as docs/scale.md has them. */
import { deployments } from './deployments.ts';
import { defaultTokenSeconds, largestSweepRows, usualSweepRows } from './facts.ts';
import { costTogether, hsmCost, monthlyCost, needsOf, shapeOf } from './needs.ts';
import { type Fates, fatesUnder, type Overload } from './overload.ts';
import { ceilingOf, type Limit } from './simulate.ts';

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(head), line(['---', ...head.slice(1).map(() => '---:')]), ...rows.map(line)].join('\n');

const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 });
const dollars = (value: number): string => `$${value.toLocaleString('en-US', { maximumFractionDigits: 0 })}`;

const rates = [1, 100, 10_000];
const longTokenSeconds = 3_600;

const eachRate = (show: (rate: number) => string): readonly string[] => rates.map(show);

const needRow = (name: string, show: (needs: ReturnType<typeof needsOf>) => string, seconds = defaultTokenSeconds) => [
  name,
  ...eachRate((rate) => show(needsOf(shapeOf(rate, seconds), rate))),
];

/** What 1, 100 and 10,000 authorizations a second ask for, and what that costs. */
export const needsTable = (): string =>
  table(
    ['Authorizations a second', ...eachRate(count)],
    [
      needRow('requests a second', ({ requests }) => count(requests)),
      needRow('storage transactions a second', ({ transactions }) => count(transactions)),
      needRow('storage accounts (`DATA_ACCOUNTS`)', ({ accounts }) => count(accounts)),
      needRow('rows to delete in one run of the clean-up (`SWEEP_ROWS`)', ({ sweepRows }) => sweepWords(sweepRows)),
      needRow('signatures a second', ({ signatures }) => count(signatures)),
      needRow(
        'vaults, and regions or subscriptions for them',
        ({ vaults, regions }) => `${count(vaults)} in ${count(regions)}`,
      ),
      needRow('or managed HSMs', ({ hsms }) => count(hsms)),
      [
        'instances (`MAXIMUM_INSTANCES`), and their size',
        ...eachRate((rate) => {
          const shape = shapeOf(rate, defaultTokenSeconds);
          return `${count(needsOf(shape, rate).instances)} of ${count(shape.memoryMB)} MB`;
        }),
      ],
      needRow('their cores, of 250 that a subscription has in a region', ({ cores }) => count(cores)),
      ...costRows(),
      needRow('with tokens of an hour: signatures a second', ({ signatures }) => count(signatures), longTokenSeconds),
      needRow(
        'vaults, and regions or subscriptions',
        ({ vaults, regions }) => `${count(vaults)} in ${count(regions)}`,
        longTokenSeconds,
      ),
      needRow('storage accounts', ({ accounts }) => count(accounts), longTokenSeconds),
      ['dollars a month', ...eachRate((rate) => dollars(costTogether(shapeOf(rate, longTokenSeconds), rate)))],
    ],
  );

const sweepWords = (rows: number): string => {
  if (rows > largestSweepRows) return `${count(rows)}: more than it can`;
  return rows > usualSweepRows ? count(rows) : `${count(rows)}, as it comes`;
};

const costRows = (): readonly (readonly string[])[] => {
  const shape = (rate: number) => shapeOf(rate, defaultTokenSeconds);
  const costs = rates.map((rate) => monthlyCost(shape(rate), rate));
  const names = Object.keys(costs[0] ?? {});
  return [
    ...names.map((name) => [name, ...costs.map((cost) => dollars(cost[name] ?? 0))]),
    ['**dollars a month**', ...eachRate((rate) => `**${dollars(costTogether(shape(rate), rate))}**`)],
    [
      'managed HSMs in place of what is paid for signatures',
      ...eachRate((rate) => dollars(hsmCost(needsOf(shape(rate), rate).hsms))),
    ],
  ];
};

/** By what refuses first: what a caller gets, and what lifts it. */
const words: Readonly<Record<Limit, readonly [what: string, answer: string, lifts: string]>> = {
  vaults: [
    '429 of every vault',
    '503',
    '`VAULT_COUNT`, `VAULT_REGIONS`, `FURTHER_SIGNING_KEYS`, `ACCESS_TOKEN_SECONDS`',
  ],
  accounts: ['503 of a storage account', '503', '`DATA_ACCOUNTS`'],
  partitions: ["503 of a person's partition", '503', 'nothing: more than one person'],
  instances: ['`MAXIMUM_INSTANCES`', 'waits', '`MAXIMUM_INSTANCES`, `HTTP_CONCURRENCY`, `INSTANCE_MEMORY_MB`'],
  cores: ['cores of the region', 'waits', 'a support request'],
  clients: ['`CLIENT_TOKENS_PER_SECOND`', '429', '`CLIENT_TOKENS_PER_SECOND`'],
};

/** What each deployment holds, and what refuses first beyond that. */
export const ceilingsTable = (): string =>
  [
    line(['Deployment', 'holds, a second', 'refuses at', 'first', 'the caller', 'what lifts it']),
    line(['---', '---:', '---:', '---', '---', '---']),
    ...deployments.map((deployment) => {
      const { holds, refused } = ceilingOf(deployment);
      if (refused === undefined) return line([deployment.name, count(holds), '', '', '', '']);
      return line([deployment.name, count(holds), count(refused.rate), ...words[refused.by]]);
    }),
  ].join('\n');

const overloads: readonly (readonly [what: string, overload: Omit<Overload, 'deployment'>])[] = [
  ['50 authorizations, what it holds', { rate: 50, loopPerSecond: 0 }],
  ['75', { rate: 75, loopPerSecond: 0 }],
  ['150', { rate: 150, loopPerSecond: 0 }],
  ['25, and one service loops', { rate: 25, loopPerSecond: 1_000 }],
  ['the same, `CLIENT_TOKENS_PER_SECOND=5`', { rate: 25, loopPerSecond: 1_000, clientPerSecond: 5 }],
  ['50, and one service loops', { rate: 50, loopPerSecond: 1_000 }],
];

const percents = ({ signed, unsigned, limited }: Fates): readonly string[] => {
  const all = signed + unsigned + limited;
  return [signed, unsigned, limited].map((part) => (all === 0 ? '' : `${((part / all) * 100).toFixed(0)} %`));
};

/** What becomes of the tokens asked of a deployment as it comes, when they are more than its vault signs. */
export const overloadTable = (): string => {
  const [deployment] = deployments;
  if (deployment === undefined) throw new Error('there is no deployment');
  const rows = overloads.map(([what, overload]) => {
    const { others, loop } = fatesUnder({ ...overload, deployment });
    return [what, ...percents(others), ...percents(loop)];
  });
  const fates = ['signed', '503', '429'];
  return table(['Asked each second', ...fates, ...fates.map((fate) => `of the loop: ${fate}`)], rows);
};
