/** What a deployment does when more is asked than its vaults sign: who gets tokens, and who is refused by whom. */
import { type Allowance, createAllowance, createServices } from './clients.ts';
import type { Deployment } from './deployments.ts';
import {
  clientSharePerSecond,
  perAuthorization,
  throttledSeconds,
  clientPerSecond as usualClientPerSecond,
} from './facts.ts';
import { instancesFor } from './instances.ts';
import { type Chance, createChance } from './random.ts';
import { createVaults, type Vaults } from './vaults.ts';

export type Overload = {
  readonly deployment: Deployment;
  /** Authorizations a second. */
  readonly rate: number;
  /** Tokens a second that one more service asks for without end. */
  readonly loopPerSecond: number;
  /** CLIENT_TOKENS_PER_SECOND; as it comes when left out. */
  readonly clientPerSecond?: number;
};

/** Of what one group asked for: signed, refused since no vault signs (503), refused for its share (429). */
export type Fates = { signed: number; unsigned: number; limited: number };

const seconds = 120;
const seed = 8_415;

type World = {
  readonly chance: Chance;
  readonly instances: number;
  readonly clients: Allowance;
  readonly shares: Allowance;
  readonly vaults: Vaults;
  /** By instance: until when it takes the vaults for busy. */
  readonly busyUntil: Float64Array;
};

/** Two minutes of it, by who asked: the one that loops, and all others. */
export const fatesUnder = (overload: Overload): Readonly<Record<'loop' | 'others', Fates>> => {
  const { deployment, rate, loopPerSecond } = overload;
  const { signatures } = perAuthorization(deployment.accessTokenSeconds);
  const world = worldOf(overload);
  const draw = createServices(deployment.services, world.chance);
  const fates = { loop: noFates(), others: noFates() };
  for (let second = 0; second < seconds; second += 1) {
    world.vaults.begin(second, 0);
    const [usual, looping] = [world.chance.events(rate * signatures), world.chance.events(loopPerSecond)];
    // Both come in any order.
    for (let left = usual + looping; left > 0; left -= 1) {
      const isLoop = world.chance.below(usual + looping) < looping;
      const client = isLoop ? deployment.services : draw();
      fates[isLoop ? 'loop' : 'others'][ask(world, client, second)] += 1;
    }
  }
  return fates;
};

const noFates = (): Fates => ({ signed: 0, unsigned: 0, limited: 0 });

const worldOf = ({ deployment, rate, loopPerSecond, clientPerSecond = usualClientPerSecond }: Overload): World => {
  const chance = createChance(seed);
  const instances = Math.min(deployment.maximumInstances, instancesFor(deployment, rate, loopPerSecond));
  const [clients, each] = [deployment.services + 1, { instances }];
  return {
    chance,
    instances,
    clients: createAllowance({ ...each, clients, perSecond: clientPerSecond, burst: clientPerSecond * 4 }),
    shares: createAllowance({ ...each, clients, perSecond: clientSharePerSecond, burst: clientSharePerSecond * 2 }),
    vaults: createVaults(deployment, instances, chance),
    busyUntil: new Float64Array(instances),
  };
};

/** As src/limits/signatures.ts takes them, and then src/signing. */
const ask = ({ chance, instances, clients, shares, vaults, busyUntil }: World, client: number, second: number) => {
  const instance = chance.below(instances);
  if (!clients.take(instance, client, second)) return 'limited';
  if (second < (busyUntil[instance] ?? 0) && !shares.take(instance, client, second)) return 'limited';
  if (vaults.sign(instance)) return 'signed';
  busyUntil[instance] = second + throttledSeconds;
  return 'unsigned';
};
