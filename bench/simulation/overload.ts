/** What a deployment does when more is asked than its vaults sign: who gets tokens, and who is refused by whom. */
import { createFairShares, type FairShares } from '../../src/limits/fair-shares.ts';
import { type Capacity, createCapacity } from '../../src/signing/capacity.ts';
import { type Allowance, createAllowance, createServices } from './clients.ts';
import type { Deployment } from './deployments.ts';
import { clientSharePerSecond, perAuthorization, clientPerSecond as usualClientPerSecond } from './facts.ts';
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
  readonly vaults: Vaults;
  readonly knowledge: readonly Knowledge[];
};

/** What one instance knows of the vaults, and of who asks. */
type Knowledge = { readonly capacity: Capacity; readonly shares: FairShares };

/** Two minutes of it, by who asked: the one that loops, and all others. */
export const fatesUnder = (overload: Overload): Readonly<Record<'loop' | 'others', Fates>> => {
  const { deployment, rate, loopPerSecond } = overload;
  const { signatures } = perAuthorization(deployment.accessTokenSeconds);
  let now = 0;
  const world = worldOf(overload, () => now);
  const draw = createServices(deployment.services, world.chance);
  const fates = { loop: noFates(), others: noFates() };
  for (let second = 0; second < seconds; second += 1) {
    now = second;
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

const worldOf = (
  { deployment, rate, loopPerSecond, clientPerSecond = usualClientPerSecond }: Overload,
  clock: () => number,
): World => {
  const chance = createChance(seed);
  const instances = Math.min(deployment.maximumInstances, instancesFor(deployment, rate, loopPerSecond));
  const clients = deployment.services + 1;
  return {
    chance,
    instances,
    clients: createAllowance({ clients, instances, perSecond: clientPerSecond, burst: clientPerSecond * 4 }),
    vaults: createVaults(deployment, instances, chance),
    knowledge: Array.from({ length: instances }, () => ({
      capacity: createCapacity({ clock, least: clientSharePerSecond }),
      shares: createFairShares({ keys: clients }),
    })),
  };
};

/** As src/limits/signatures.ts takes them, and then src/signing. */
const ask = ({ chance, instances, clients, vaults, knowledge }: World, client: number, second: number) => {
  const instance = chance.below(instances);
  const known = knowledge[instance];
  if (known === undefined || !clients.take(instance, client, second)) return 'limited';
  if (!known.shares.take(`${client}`, second, known.capacity.perSecond())) return 'limited';
  if (vaults.sign(instance)) {
    known.capacity.signed();
    return 'signed';
  }
  known.capacity.throttled();
  return 'unsigned';
};
