/** The store as every function sees it: its aggregates, each with verbs that say what they promise. */
import type { TokenCredential } from '@azure/identity';
import type { AuditEvent, Occasion } from '../oauth/audit/event.ts';
import type { Clock, Random } from '../oauth/crypto.ts';
import type { HttpClient } from '../transport/http-client.ts';
import { type Acknowledged, openAcknowledged } from './acknowledged.ts';
import { type AllGrants, openAllGrants } from './all-grants.ts';
import { type Audit, openAudit } from './audit.ts';
import { type AuditReader, openAuditReader } from './audit-reader.ts';
import { type AuditRetention, openAuditRetention } from './audit-retention.ts';
import { type Browsers, openBrowsers } from './browsers.ts';
import { type Catalogue, openCatalogue } from './catalogue.ts';
import { type ClientUse, openClientUse } from './client-use.ts';
import { type ClientCache, type Clients, openClients } from './clients.ts';
import { type Creations, openCreations } from './creations.ts';
import { type Deployment, openDeployment } from './deployment.ts';
import { type DeploymentList, openDeploymentList } from './deployment-list.ts';
import { type DeviceRequests, openDeviceRequests } from './device-requests.ts';
import { type Endings, openEndings } from './endings.ts';
import { type Families, type FamilyOwner, openFamilies } from './families.ts';
import { type Grants, openGrants } from './grants.ts';
import { type History, openHistory } from './history.ts';
import { type RepairReport, repairIndex } from './index-repair.ts';
import { type IndexContext, reconcile } from './index-upkeep.ts';
import { type Logos, openLogos } from './logos.ts';
import { type Mails, openMails } from './mails.ts';
import { type OperatorRequests, openOperatorRequests } from './operator-requests.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { type OwnedApps, openOwnedApps } from './owned-apps.ts';
import { createNotes, openPeople, type People } from './people.ts';
import { openPersonRows, type PersonRows } from './person-rows.ts';
import { openPolicies, type Policies } from './policies.ts';
import { openPushedRequests, type PushedRequests } from './pushed-requests.ts';
import { openRanges, type Ranges } from './ranges.ts';
import { openRegistrationTokens, type RegistrationTokens } from './registration-tokens.ts';
import { openReplay, type Replay } from './replay.ts';
import { openRevocations, type Revocations } from './revocations.ts';
import { openRevokedTokens, type RevokedTokens } from './revoked-tokens.ts';
import { openSeals, type Seals } from './seals.ts';
import { openServiceIndex, type ServiceIndex } from './service-index.ts';
import { openSessions, type Sessions } from './sessions.ts';
import { openSignOuts, type SignOuts } from './sign-outs.ts';
import { spreadTable } from './spread.ts';
import { openSurveys, type Surveys } from './survey.ts';
import { type SweepReport, sweepTables } from './sweep.ts';
import { openTable, type Table, type TableOptions } from './table.ts';
import { openTokenCounts, type TokenCounts } from './token-counts.ts';

export type Store = {
  readonly clients: Clients;
  readonly logos: Logos;
  readonly ownedApps: OwnedApps;
  readonly registrationTokens: RegistrationTokens;
  readonly grants: Grants;
  readonly families: Families;
  readonly history: History;
  readonly mails: Mails;
  readonly sessions: Sessions;
  readonly personRows: PersonRows;
  readonly browsers: Browsers;
  readonly signOuts: SignOuts;
  readonly deviceRequests: DeviceRequests;
  readonly pushedRequests: PushedRequests;
  readonly creations: Creations;
  readonly replay: Replay;
  readonly deployment: Deployment;
  readonly revokedTokens: RevokedTokens;
  readonly revocations: Revocations;
  readonly acknowledged: Acknowledged;
  readonly audit: Audit;
  readonly seals: Seals;
  readonly auditReader: AuditReader;
  readonly auditRetention: AuditRetention;
  readonly outbox: Outbox;
  readonly tokenCounts: TokenCounts;
  readonly serviceIndex: ServiceIndex;
  readonly people: People;
  readonly clientUse: ClientUse;
  readonly allGrants: AllGrants;
  readonly endings: Endings;
  readonly indexUpkeep: IndexUpkeep;
  readonly policies: Policies;
  readonly catalogue: Catalogue;
  readonly operatorRequests: OperatorRequests;
  readonly surveys: Surveys;
  /** Throws `Unavailable` unless every account answers. Always asks. */
  ready(): Promise<void>;
  /** Deletes what expired long ago, going on where the run before has stopped. */
  sweep(): Promise<SweepReport>;
};

/** What no request waits for: the index follows what has changed. Throws `Unavailable`: then it is to be asked for again. */
type IndexUpkeep = {
  /** Makes it say of these authorizations what the grants say. */
  reconcile(owners: readonly FamilyOwner[]): Promise<void>;
  /** Makes these people findable by the names of their accounts. */
  note(userKeys: readonly Buffer[]): Promise<void>;
  /** Puts a part of it in order, going on where the run before has stopped. */
  repair(): Promise<RepairReport>;
};

export type StoreOptions = {
  /** Address of the account that holds all that `furtherUrls` do not. */
  readonly url: string;
  /** Addresses of more accounts, which hold parts of the tables that grow with people (see `ranges.ts`). */
  readonly furtherUrls: readonly string[];
  readonly caches: ClientCache & { readonly sessions: number };
  /** How long what an instance knows of an authorization session, or of a browser's, may be of use to it. */
  readonly sessionCopySeconds: number;
  /** Rows of one table that one run of the sweep may delete. */
  readonly sweepRows: number;
  readonly credential: TokenCredential;
  readonly insecureLoopback: boolean;
  readonly httpClient: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Of the request that is being answered; nothing where there is none. */
  readonly occasion: () => Occasion;
  /** How long events are kept. */
  readonly auditSeconds: number;
  /** Is told of what the audit log records before it is done. */
  readonly noted: (event: AuditEvent) => void;
};

/** More than end in the life of an access token while nothing is wrong; the list is 250 KB long then. */
const revocationsListed = 10_000;

/** Opens the store. Nothing is contacted before the first use, so a process starts while the service is away. */
export const openStore = (given: StoreOptions): Store => {
  const options = { ...given, pipelines: new Map() };
  const { clock, random } = options;
  const deployment = openTable('deployment', options);
  const clients = openTable('clients', options);
  const audit = openTable('audit', options);
  const list = openDeploymentList(deployment, clock);
  const openSpread = openerOfSpread(options, openRanges(list));
  const [replay, requests] = [openSpread('replay'), openSpread('requests')];
  const { occasion, auditSeconds: keptSeconds } = options;
  const { table: users, outbox } = openOutbox(openSpread('users'), { deployment, occasion, keptSeconds });
  const index = openTable('index', options);
  const revocations = openRevocations(replay, { clock, limit: revocationsListed });
  const copies = { limit: options.caches.sessions, seconds: options.sessionCopySeconds };
  const families = openFamilies(users, { random, clock, revocations, copies });
  const signOuts = openSignOuts(deployment, random);
  const ofDeployment = openDeployment(deployment, list, revocations);
  const background = { ...options, purpose: 'background' } as const;
  const [ofClients, serviceIndex] = [openClients(clients, options), openServiceIndex(index)];
  return {
    clients: ofClients,
    logos: openLogos(clients),
    ownedApps: openOwnedApps(users),
    registrationTokens: openRegistrationTokens(clients, random),
    grants: openGrants(users, { ...options, families, revocations }),
    families,
    history: openHistory(users, random),
    mails: openMails(deployment, users),
    sessions: openSessions(users, { random, clock, copies }),
    browsers: openBrowsers(users, signOuts, random),
    personRows: openPersonRows(users),
    signOuts,
    deviceRequests: openDeviceRequests(requests, random),
    deployment: ofDeployment,
    pushedRequests: openPushedRequests(requests, random),
    creations: openCreations(requests, options),
    replay: openReplay(replay, random),
    revokedTokens: openRevokedTokens(replay, revocations),
    revocations,
    acknowledged: openAcknowledged(replay),
    operatorRequests: openOperatorRequests(users, deployment, random),
    catalogue: openCatalogue(deployment, { list, clock, random }),
    policies: openPolicies(deployment, { list, clock, random, clients: options.caches.clients }),
    audit: openAudit(audit, options),
    seals: openSeals(audit),
    auditReader: openAuditReader(audit, users),
    auditRetention: openAuditRetention(audit, deployment),
    outbox,
    tokenCounts: openTokenCounts(users, { clock, random }),
    serviceIndex,
    surveys: openSurveys({ deployment, clients: ofClients, serviceIndex, clock, atMost: options.sweepRows / 4 }),
    people: openPeople({ users, index }),
    clientUse: openClientUse({ index, background: openTable('index', background) }, clock),
    allGrants: openAllGrants(users),
    endings: openEndings({ deployment, atWork: openTable('deployment', background) }, options),
    indexUpkeep: openIndexUpkeep(background, { list, instantsFor: ofDeployment.notBefore.instantsFor }),
    ready: async () => {
      const further = options.furtherUrls.map((url) => openTable('users', { ...options, url }).read('0', 'ready'));
      await Promise.all([ofDeployment.ready(), ...further]);
    },
    sweep: () => sweepTables({ users, clients, replay, requests }, { deployment, clock, rows: options.sweepRows }),
  };
};

type Following = { readonly list: DeploymentList; readonly instantsFor: IndexContext['instantsFor'] };

const openIndexUpkeep = (options: StoreOptions & TableOptions, { list, instantsFor }: Following): IndexUpkeep => {
  const [deployment, index] = [openTable('deployment', options), openTable('index', options)];
  const users = openerOfSpread(options, openRanges(list))('users');
  const context = { users, index, clock: options.clock, instantsFor };
  return {
    reconcile: (owners) => reconcile(context, owners),
    note: createNotes(context),
    repair: () => repairIndex({ ...context, deployment, rows: options.sweepRows }),
  };
};

/** Opens tables that may lie in several accounts. */
const openerOfSpread = (options: StoreOptions & TableOptions, ranges: Ranges): ((name: string) => Table) => {
  return (name) => {
    const first = openTable(name, options);
    const further = new Map(options.furtherUrls.map((url) => [url, openTable(name, { ...options, url })]));
    return spreadTable({ name, first, further, ranges });
  };
};
