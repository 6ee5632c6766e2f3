/** The store as every function sees it: its aggregates, each with verbs that say what they promise. */
import type { TokenCredential } from '@azure/identity';
import type { Clock, Random } from '../oauth/crypto.ts';
import { type Audit, openAudit } from './audit.ts';
import { type Clients, openClients } from './clients.ts';
import { type Deployment, openDeployment } from './deployment.ts';
import { type DeviceRequests, openDeviceRequests } from './device-requests.ts';
import { type Families, openFamilies } from './families.ts';
import { type Grants, openGrants } from './grants.ts';
import { type History, openHistory } from './history.ts';
import { openRevokedTokens, type RevokedTokens } from './revoked-tokens.ts';
import { openSessions, type Sessions } from './sessions.ts';
import { type SweepReport, sweepTables } from './sweep.ts';
import { openTable } from './table.ts';

export type Store = {
  readonly clients: Clients;
  readonly grants: Grants;
  readonly families: Families;
  readonly history: History;
  readonly sessions: Sessions;
  readonly deviceRequests: DeviceRequests;
  readonly deployment: Deployment;
  readonly revokedTokens: RevokedTokens;
  readonly audit: Audit;
  /** Deletes what expired long ago, going on where the run before has stopped. */
  sweep(): Promise<SweepReport>;
};

export type StoreOptions = {
  readonly url: string;
  readonly credential: TokenCredential;
  readonly insecureLoopback: boolean;
  readonly clock: Clock;
  readonly random: Random;
};

/** Opens the store. Nothing is contacted before the first use, so a process starts while the service is away. */
export const openStore = (options: StoreOptions): Store => {
  const users = openTable('users', options);
  const clients = openTable('clients', options);
  const replay = openTable('replay', options);
  const requests = openTable('requests', options);
  const deployment = openTable('deployment', options);
  const families = openFamilies(users, options.random);
  return {
    clients: openClients(clients, options),
    grants: openGrants(users, { ...options, families }),
    families,
    history: openHistory(users, options.random),
    sessions: openSessions(users, options.random),
    deviceRequests: openDeviceRequests(requests, options.random),
    deployment: openDeployment(deployment, options.clock),
    revokedTokens: openRevokedTokens(replay),
    audit: openAudit(openTable('audit', options), options),
    sweep: () => sweepTables({ users, clients, replay, requests }, { deployment, clock: options.clock }),
  };
};
