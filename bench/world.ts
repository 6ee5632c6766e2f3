/** What every measured server shares: the emulators, with a proxy before storage, vault and managed identity. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableServiceClient } from '@azure/data-tables';
import { type Emulators, startEmulators } from '../local/emulators.ts';
import { dataIdentity, storageAudience } from '../local/identity/identities.ts';
import { isTaken, type Ports, portsFrom } from '../local/ports.ts';
import { buildPackage, seedClients } from '../local/processes.ts';
import { buildPackages } from './packages.ts';
import { peerTable } from './peer/adapter.ts';
import { type CountingProxy, startProxy } from './proxy.ts';
import { countersOption } from './usage.ts';

/** What a server calls. */
export type Dependency = 'storage' | 'vault' | 'identity';

/** Ports, addresses and emulators of one measurement. */
export type World = {
  readonly ports: Ports;
  /** Ports of the servers that are not Assent. */
  readonly peerPorts: { readonly peer: number; readonly plain: number; readonly empty: number };
  readonly emulators: Emulators;
  readonly proxies: Readonly<Record<Dependency, CountingProxy>>;
  /** Environment of every measured server, `ISSUER` apart. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** Rates that no measurement reaches: the buckets are still asked at every request. */
const rates = {
  SOURCE_REQUESTS_PER_SECOND: '10000',
  CLIENT_TOKENS_PER_SECOND: '10000',
  AUTHORIZATION_TOKENS_PER_SECOND: '1000',
};

/** Runs `action` in a new world, which ends with it. */
export const inWorld = async (action: (world: World) => Promise<void>): Promise<void> => {
  const world = await startWorld();
  try {
    await action(world);
  } finally {
    await world.stop();
  }
};

/** Builds the packages and starts the emulators, with Assent's demo clients in place. */
const startWorld = async (): Promise<World> => {
  await buildPackage();
  await buildPackages();
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const { base, ports } = await freePorts();
  const emulators = await startEmulators({ ports, folder, keepsData: false });
  await openTables(emulators).createTable(peerTable);
  await seedClients(emulators.settings);
  const proxies = {
    storage: await startProxy({ target: ports.tables, certificate: emulators.certificate }),
    vault: await startProxy({ target: ports.vault }),
    identity: await startProxy({ target: ports.identity }),
  };
  return {
    ports,
    peerPorts: { peer: base + 17, plain: base + 18, empty: base + 19 },
    emulators,
    proxies,
    settings: { ...emulators.settings, ...rates, ...throughProxies(emulators, proxies), NODE_OPTIONS: countersOption },
    stop: async () => {
      for (const proxy of Object.values(proxies)) await proxy.stop();
      await emulators.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** The tables as they are, past every proxy. */
const openTables = ({ tables, identity, certificate }: Emulators): TableServiceClient =>
  new TableServiceClient(tables.url, tokensOf(identity), { tlsOptions: { ca: certificate.authority } });

/** A credential of this process: what a server gets from the managed identity endpoint. */
export const tokensOf = (identity: Emulators['identity']) => ({
  getToken: async () => ({
    token: await identity.issue(dataIdentity, storageAudience),
    expiresOnTimestamp: Date.now() + 600_000,
  }),
});

const throughProxies = ({ settings }: Emulators, proxies: World['proxies']): Record<string, string> => {
  const moved = (name: string, { port }: CountingProxy): string => {
    const url = new URL(settings[name] ?? '');
    url.port = String(port);
    return url.href;
  };
  return {
    TABLES_URL: moved('TABLES_URL', proxies.storage),
    SIGNING_KEYS: moved('SIGNING_KEYS', proxies.vault),
    IDENTITY_ENDPOINT: moved('IDENTITY_ENDPOINT', proxies.identity),
  };
};

/** Those of the local world, which may become more, and the measured servers' at the end. */
const portsOfWorld = 20;

/** Above the ports that fetch refuses, below those that the kernel gives out. */
const freePorts = async (): Promise<{ readonly base: number; readonly ports: Ports }> => {
  for (;;) {
    const base = 10_100 + Math.floor(Math.random() * 1000) * portsOfWorld;
    const taken = await Promise.all(Array.from({ length: portsOfWorld }, (_, offset) => isTaken(base + offset)));
    if (!taken.includes(true)) return { base, ports: portsFrom(base) };
  }
};
