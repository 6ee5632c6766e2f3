/** What the platform allows and what one authorization takes: the numbers that the simulation and its tables go by. */
import { readFileSync } from 'node:fs';
import { readConfig } from '../../src/config.ts';

type Cost = { readonly executions: number; readonly transactions: number; readonly signatures: number };
type Price = { readonly usd: number; readonly per: number; readonly freePerMonth?: number };

const { prices, operations, anAuthorization, assumptions, monthSeconds } = JSON.parse(
  readFileSync(new URL('../../infra/prices.json', import.meta.url), 'utf8'),
) as {
  readonly prices: Readonly<Record<string, Price>>;
  readonly operations: Readonly<Record<string, Cost>>;
  readonly anAuthorization: Readonly<Record<string, number>>;
  readonly assumptions: Readonly<Record<string, number>>;
  readonly monthSeconds: number;
};

export { monthSeconds };

/** Dollars a month for so many units, what is free taken off. */
export const dollarsFor = (name: string, amount: number): number => {
  const { usd, per, freePerMonth = 0 } = prices[name] ?? { usd: Number.NaN, per: 1 };
  return (Math.max(0, amount - freePerMonth) / per) * usd;
};

export const assumed = (name: string): number => assumptions[name] ?? Number.NaN;

/** Seconds of use that `anAuthorization` stands for: a refresh at the end of each access token's life. */
const usedSeconds = 3_600;

/** What one authorization and an hour of its use take, with access tokens that live so long. */
export const perAuthorization = (accessTokenSeconds: number): Cost => {
  const steps = { ...anAuthorization, refresh: Math.round(usedSeconds / accessTokenSeconds) };
  const sum = (kind: keyof Cost): number =>
    Object.entries(steps).reduce((total, [step, times]) => total + times * (operations[step]?.[kind] ?? 0), 0);
  return { executions: sum('executions'), transactions: sum('transactions'), signatures: sum('signatures') };
};

/** Settings of Assent as they are when nobody sets them. */
const defaults = readConfig({
  ISSUER: 'https://id.example.com',
  TABLES_URL: 'https://tables.example.com',
  SIGNING_KEYS: 'https://vault.example.com/keys/signing',
  DATA_IDENTITY_CLIENT_ID: 'data',
  SIGN_IN_ISSUER: 'https://login.example.com',
  SIGN_IN_CLIENT_ID: 'assent',
  SIGN_IN_IDENTITY_CLIENT_ID: 'sign-in',
});

export const clientPerSecond = defaults.rates.clientPerSecond;
export const clientSharePerSecond = defaults.rates.clientSharePerSecond;
export const defaultTokenSeconds = defaults.lifetimes.accessTokenSeconds;
export const clientCacheSeconds = defaults.caches.clientSeconds;

/** Table Storage: transactions a second of one account (Microsoft's scalability targets for Table Storage). */
export const accountTransactions = 20_000;

/** And entities a second of one partition: here, of one person (the same page). */
export const partitionEntities = 2_000;

/** A batch is one transaction and several entities: the one of a consent writes grant, family and a line of the history. */
export const entitiesBeyondTransactions = 2;

/** Key Vault: transactions in ten seconds with RSA 2048 or P-256 keys, in software and in hardware (its service limits). */
export const vaultTransactions = { software: 4_000, hardware: 2_000 } as const;
export const vaultWindowSeconds = 10;

/** Of all vaults of one subscription in one region, together: five times one of them (the same page). */
export const vaultsPerRegion = 5;

/** Managed HSM: RSA 2048 signatures a second with one of its three partitions at work (its scaling guidance; up to three times as many). */
export const hsmSignatures = 900;

/** Flex Consumption: cores of an instance by its memory, and of all instances of a subscription in a region until support raises it. */
export const coresOf = { 512: 0.25, 2048: 1, 4096: 2 } as const;
export const coresInRegion = 250;

/** Requests at once by memory, unless HTTP_CONCURRENCY says otherwise. Not confirmed for 512 and 4096. */
export const usualConcurrency = { 512: 4, 2048: 16, 4096: 32 } as const;

/** Node runs JavaScript on one core, and an instance that is always full answers late. */
export const usableCore = 0.8;

/** Seconds that an instance goes by its list of a vault's versions; reading it counts as a transaction of the vault. */
export const versionListSeconds = 60;

/** Seconds for which an instance leaves a vault alone that throttled it. */
export const backOffSeconds = 10;

/** Seconds between two runs of the clean-up, and the most rows of a table that SWEEP_ROWS takes for one. */
export const sweepSeconds = 300;
export const usualSweepRows = defaults.sweepRows;
export const largestSweepRows = 1_280_000;
