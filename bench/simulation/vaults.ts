/**
 * Vaults and the instances that sign with them, as src/signing does: a vault by chance, another one when it throttles, and
 * none that throttled this instance in the last seconds while one did not.
 */
import type { Deployment } from './deployments.ts';
import { backOffSeconds, vaultTransactions, vaultWindowSeconds } from './facts.ts';
import type { Chance } from './random.ts';

const attemptsWhileThrottled = 6;

export type Vaults = {
  /** A new second begins; each vault answers so many transactions that sign nothing. */
  begin(second: number, otherTransactions: number): void;
  /** False when no vault signs for this instance. */
  sign(instance: number): boolean;
};

export const createVaults = (deployment: Deployment, instances: number, chance: Chance): Vaults => {
  const { vaults, hardwareKeys } = deployment;
  const limit = vaultTransactions[hardwareKeys ? 'hardware' : 'software'];
  const used = new Float64Array(vaults);
  const leftAloneUntil = new Float64Array(instances * vaults);
  let now = 0;

  /** One that did not throttle this instance lately; undefined when all did. */
  const pick = (instance: number): number | undefined => {
    const start = chance.below(vaults);
    for (let step = 0; step < vaults; step += 1) {
      const vault = (start + step) % vaults;
      if ((leftAloneUntil[instance * vaults + vault] ?? 0) <= now) return vault;
    }
    return undefined;
  };

  return {
    begin: (second, otherTransactions) => {
      now = second;
      if (second % vaultWindowSeconds === 0) used.fill(0);
      for (const [vault, count] of used.entries()) used[vault] = count + otherTransactions;
    },
    sign: (instance) => {
      for (let attempt = 0; attempt < attemptsWhileThrottled; attempt += 1) {
        // When all throttled it lately, it asks one of them all the same.
        const vault = pick(instance) ?? (attempt === 0 ? chance.below(vaults) : undefined);
        if (vault === undefined) return false;
        if ((used[vault] ?? 0) < limit) {
          used[vault] = (used[vault] ?? 0) + 1;
          return true;
        }
        leftAloneUntil[instance * vaults + vault] = now + backOffSeconds;
      }
      return false;
    },
  };
};
