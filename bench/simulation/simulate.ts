/** A steady load on a deployment, second by second, until something refuses. */
import { createAllowance, createServices } from './clients.ts';
import type { Deployment } from './deployments.ts';
import {
  accountTransactions,
  clientCacheSeconds,
  clientPerSecond,
  coresOf,
  entitiesBeyondTransactions,
  partitionEntities,
  perAuthorization,
  versionListSeconds,
} from './facts.ts';
import { instancesFor } from './instances.ts';
import { createChance } from './random.ts';
import { createVaults } from './vaults.ts';

export type Limit = 'instances' | 'cores' | 'accounts' | 'partitions' | 'vaults' | 'clients';

/** Two windows of Key Vault, and time for a service's burst to be used up. */
const seconds = 30;
const seed = 8_414;
const slots = 256;

/** Seconds between two readings of the deployment's list by one instance (src/storage/deployment-list.ts). */
const deploymentListSeconds = 15;

/** What refuses first when `rate` authorizations begin each second; undefined when nothing does for half a minute. */
const firstRefusal = (deployment: Deployment, rate: number): Limit | undefined => {
  const instances = instancesFor(deployment, rate);
  if (instances * coresOf[deployment.memoryMB] > deployment.cores) return 'cores';
  if (instances > deployment.maximumInstances) return 'instances';
  const chance = createChance(seed);
  const { transactions, signatures } = perAuthorization(deployment.accessTokenSeconds);
  const vaults = createVaults(deployment, instances, chance);
  const draw = createServices(deployment.services, chance);
  const clients = createAllowance({
    clients: deployment.services,
    instances,
    perSecond: clientPerSecond,
    burst: clientPerSecond * 4,
  });
  const shares = slotShares(deployment.accounts);
  const readings = instances * (1 / deploymentListSeconds + deployment.services / clientCacheSeconds);
  for (let second = 0; second < seconds; second += 1) {
    for (const [account, share] of shares.entries()) {
      const mean = rate * transactions * share + (account === 0 ? readings : 0);
      if (chance.events(mean) > accountTransactions) return 'accounts';
    }
    const entities = chance.events((rate * (transactions + entitiesBeyondTransactions)) / deployment.people);
    if (entities > partitionEntities) return 'partitions';
    vaults.begin(second, instances / versionListSeconds);
    for (let left = chance.events(rate * signatures); left > 0; left -= 1) {
      const instance = chance.below(instances);
      if (!clients.take(instance, draw(), second)) return 'clients';
      if (!vaults.sign(instance)) return 'vaults';
    }
  }
  return undefined;
};

/** The part of all people that lies in each account: slots are whole. */
const slotShares = (accounts: number): readonly number[] =>
  Array.from({ length: accounts }, (_, at) => {
    const [from, to] = [Math.round((at * slots) / accounts), Math.round(((at + 1) * slots) / accounts)];
    return (to - from) / slots;
  });

const steps = [1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8];
const rates = [1, 10, 100, 1_000, 10_000].flatMap((power) => steps.map((step) => step * power));

export type Outcome = {
  /** The highest rate that nothing refuses, authorizations a second; 0 if even one is too many. */
  readonly holds: number;
  /** The next rate, and what refuses first there; undefined when nothing does at the highest rate that is tried. */
  readonly refused: { readonly rate: number; readonly by: Limit } | undefined;
};

/** Looks for the place where a deployment begins to refuse, in steps of a quarter. */
export const ceilingOf = (deployment: Deployment): Outcome => {
  let [low, high] = [0, rates.length];
  let by: Limit | undefined;
  while (low < high) {
    const middle = (low + high) >> 1;
    const refusal = firstRefusal(deployment, rates[middle] ?? Number.POSITIVE_INFINITY);
    if (refusal === undefined) low = middle + 1;
    else [high, by] = [middle, refusal];
  }
  const rate = rates[low];
  return { holds: rates[low - 1] ?? 0, refused: rate === undefined || by === undefined ? undefined : { rate, by } };
};
