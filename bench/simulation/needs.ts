/** What a load asks of each limit, how many of each thing that takes, and what it costs. */
import type { Deployment } from './deployments.ts';
import {
  accountTransactions,
  assumed,
  coresOf,
  dollarsFor,
  hsmSignatures,
  monthSeconds,
  perAuthorization,
  sweepSeconds,
  vaultsPerRegion,
  vaultTransactions,
  vaultWindowSeconds,
} from './facts.ts';
import { instancesFor } from './instances.ts';

/** Nobody plans for the last tenth. */
const plannedShare = 0.9;

const vaultSignatures = vaultTransactions.software / vaultWindowSeconds;

const atLeastOne = (amount: number): number => Math.max(1, Math.ceil(amount));

export type Shape = Pick<Deployment, 'accessTokenSeconds' | 'concurrency' | 'memoryMB'>;

export const shapeOf = (rate: number, accessTokenSeconds: number): Shape =>
  // Small instances cost least while they are few; large ones need less of the region's cores for the same work.
  rate < 1_000
    ? { accessTokenSeconds, memoryMB: 512, concurrency: 12 }
    : { accessTokenSeconds, memoryMB: 2048, concurrency: 40 };

/** At `rate` authorizations a second. */
export const needsOf = (shape: Shape, rate: number) => {
  const { executions, transactions, signatures } = perAuthorization(shape.accessTokenSeconds);
  const instances = instancesFor(shape, rate);
  const vaults = atLeastOne((rate * signatures) / (vaultSignatures * plannedShare));
  return {
    requests: rate * executions,
    transactions: rate * transactions,
    signatures: rate * signatures,
    instances,
    cores: instances * coresOf[shape.memoryMB],
    vaults,
    regions: Math.ceil(vaults / vaultsPerRegion),
    hsms: atLeastOne((rate * signatures) / hsmSignatures),
    sweepRows: rate * assumed('rowsPerAuthorization') * sweepSeconds,
    accounts: atLeastOne((rate * transactions) / (accountTransactions * plannedShare)),
  };
};

/** Dollars a month, by what is paid for, under a load that never stops. */
export const monthlyCost = (shape: Shape, rate: number): Readonly<Record<string, number>> => {
  const { requests, transactions, signatures, instances, vaults } = needsOf(shape, rate);
  const authorizations = rate * monthSeconds;
  const logged = (requests * monthSeconds * assumed('kilobytesOfLogPerExecution')) / 1e6;
  const logCap = (assumed('logCapGigabytesPerDay') * monthSeconds) / 86_400;
  const stored = authorizations * assumed('kilobytesStoredPerAuthorization') * assumed('monthsStored');
  return {
    'Functions: executions': dollarsFor('execution', requests * monthSeconds),
    'Functions: memory': dollarsFor('gigabyteSecond', (instances * shape.memoryMB * monthSeconds) / 1_024),
    'Table Storage: transactions': dollarsFor('tableTransaction', transactions * monthSeconds),
    'Table Storage: deleting what is over': dollarsFor(
      'tableTransaction',
      authorizations * assumed('rowsPerAuthorization'),
    ),
    'Table Storage: data': dollarsFor('tableGigabyteMonth', stored / 1e6),
    'Key Vault: signatures': dollarsFor('signature', signatures * monthSeconds),
    'Key Vault: rotation': dollarsFor('rotation', vaults * assumed('rotationsPerMonth')),
    'Data sent out': dollarsFor('egressGigabyte', (authorizations * assumed('kilobytesSentPerAuthorization')) / 1e6),
    'Log Analytics (capped)': dollarsFor('logGigabyte', Math.min(logged, logCap)),
  };
};

/** Dollars a month for all of it. */
export const costTogether = (shape: Shape, rate: number): number =>
  Object.values(monthlyCost(shape, rate)).reduce((sum, each) => sum + each, 0);

/** Dollars a month for managed HSMs in place of vaults: they cost by the hour, and nothing by the signature. */
export const hsmCost = (hsms: number): number => dollarsFor('managedHsmHour', (hsms * monthSeconds) / 3_600);
