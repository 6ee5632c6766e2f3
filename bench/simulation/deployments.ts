/** Deployments to simulate: what each sets beside the defaults of infra/. */
import { coresInRegion, defaultTokenSeconds, usualConcurrency } from './facts.ts';

export type Deployment = {
  /** The settings, as one would write them. */
  readonly name: string;
  /** Vaults in this subscription and elsewhere, all together. */
  readonly vaults: number;
  readonly hardwareKeys: boolean;
  readonly accounts: number;
  readonly memoryMB: keyof typeof usualConcurrency;
  readonly concurrency: number;
  readonly maximumInstances: number;
  readonly accessTokenSeconds: number;
  /** Cores that support has granted in the region. */
  readonly cores: number;
  /** Services that ask, the largest with as much as the next two together (Zipf). */
  readonly services: number;
  /** People who authorize, all alike. */
  readonly people: number;
};

const usual: Omit<Deployment, 'name'> = {
  vaults: 1,
  hardwareKeys: false,
  accounts: 1,
  memoryMB: 512,
  concurrency: usualConcurrency[512],
  maximumInstances: 40,
  accessTokenSeconds: defaultTokenSeconds,
  cores: coresInRegion,
  services: 100,
  people: 1_000_000,
};

const row = (name: string, change: Partial<Deployment> = {}): Deployment => ({ ...usual, ...change, name });

const oneRegion = { vaults: 5, concurrency: 12 };
const fourRegions = { vaults: 20, concurrency: 12, maximumInstances: 400 };
const large = { memoryMB: 2048, concurrency: 40, maximumInstances: 500 } as const;

export const deployments: readonly Deployment[] = [
  row('as it comes'),
  row('`HSM_BACKED_KEY=true`', { hardwareKeys: true }),
  row('`VAULT_COUNT=5`', { vaults: 5 }),
  row('`VAULT_COUNT=5`, `HTTP_CONCURRENCY=12`', oneRegion),
  row('the same, `MAXIMUM_INSTANCES=100`', { ...oneRegion, maximumInstances: 100 }),
  row('the same, and all of the traffic is one service', { ...oneRegion, maximumInstances: 100, services: 1 }),
  row('the same with 100 services, and one person has all of the traffic', {
    ...oneRegion,
    maximumInstances: 100,
    people: 1,
  }),
  row('the same with a million people, `VAULT_REGIONS` with three more, `MAXIMUM_INSTANCES=400`', fourRegions),
  row('the same, `DATA_ACCOUNTS=2`', { ...fourRegions, accounts: 2 }),
  row('the same, `ACCESS_TOKEN_SECONDS=3600`', { ...fourRegions, accounts: 2, accessTokenSeconds: 3_600 }),
  row(
    '200 vaults in 40 regions and subscriptions, `DATA_ACCOUNTS=12`, `INSTANCE_MEMORY_MB=2048`, `HTTP_CONCURRENCY=40`, ' +
      '`MAXIMUM_INSTANCES=500`',
    { ...large, vaults: 200, accounts: 12 },
  ),
  row('the same, 500 cores granted', { ...large, vaults: 200, accounts: 12, cores: 500 }),
  row('the same, but 60 vaults, `DATA_ACCOUNTS=6`, `ACCESS_TOKEN_SECONDS=3600`', {
    ...large,
    vaults: 60,
    accounts: 6,
    cores: 500,
    accessTokenSeconds: 3_600,
  }),
];
