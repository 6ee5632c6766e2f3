/** A whole local world for one test file: emulators in this process, hosts with the built bundle as children. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from '../../local/child.ts';
import { type Emulators, startEmulators } from '../../local/emulators.ts';
import { isTaken, type Ports, portsFrom } from '../../local/ports.ts';
import { seedClients, startHostProcess, waitUntilReady } from '../../local/processes.ts';
import { mailSettings } from '../../local/settings.ts';
import { installClock, type MovableClock } from './clock.ts';
import { startTableProxy, type TableProxy } from './table-proxy.ts';

const readyPatienceSeconds = 120;
const hostGraceSeconds = 12;

type Settings = Readonly<Record<string, string>>;

export type StackOptions = {
  /** Settings on top of the local ones. */
  readonly settings?: Settings;
  /** Host processes over the same storage; the issuer is the first one's address. */
  readonly hosts?: 1 | 2;
  /** Puts the programmable proxy between the hosts and the tables. */
  readonly throughProxy?: boolean;
  /** Sends mails to people, by way of the emulator. */
  readonly mail?: true;
  readonly signingKeyType?: 'RSA' | 'EC';
  /** The first of its ports, where people are to read them; free ones when left out. */
  readonly basePort?: number;
  /** Another package than the built bundle; nothing is seeded then. */
  readonly packageFolder?: string;
};

export type Stack = {
  readonly issuer: string;
  /** Origins of the hosts. */
  readonly hosts: readonly string[];
  readonly ports: Ports;
  readonly vault: Emulators['vault'];
  readonly provider: Emulators['provider'];
  readonly mail: Emulators['mail'];
  readonly identity: Emulators['identity'];
  /** Files of the table emulator's certificate, and PEM for clients in this process. */
  readonly certificate: Emulators['certificate'];
  /** The environment that the hosts run with. */
  readonly settings: Settings;
  readonly clock: MovableClock;
  /** Throws unless the stack was started with `throughProxy`. */
  readonly tableProxy: TableProxy;
  /** Ends the host (0 unless told) as a deployment would and starts it again, with these settings on top. */
  restartHost(index?: number, settings?: Settings, until?: 'ready' | 'listening'): Promise<void>;
  /** Kills the host in whatever it is doing; `restartHost` starts it again. */
  killHost(index?: number): Promise<void>;
  /** What the hosts have printed. */
  hostOutput(index?: number): string;
  stop(): Promise<void>;
};

/** Resolves when every host says it is ready. When something does not start, what did is stopped before this rejects. */
export const startStack = async (options: StackOptions = {}): Promise<Stack> => {
  const folder = await mkdtemp(join(tmpdir(), 'assent-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const stopOne of stops.splice(0).reverse()) await stopOne();
  };
  try {
    return await startParts(options, { folder, stops, stop });
  } catch (error) {
    await stop();
    throw error;
  }
};

type Surroundings = {
  readonly folder: string;
  readonly stops: (() => Promise<unknown>)[];
  readonly stop: () => Promise<void>;
};

/** A timer whose hour comes, or that a moved clock skips over, would do the work that a test counts. */
const timersByHand = { LOCAL_TIMERS: 'by hand' } as const;

const startParts = async (options: StackOptions, { folder, stops, stop }: Surroundings): Promise<Stack> => {
  const { base, ports } = options.basePort === undefined ? await freePorts() : portsAt(options.basePort);
  const clock = await installClock(folder);
  const { signingKeyType = 'RSA' } = options;
  const emulators = await startEmulators({ ports, folder, keepsData: false, signingKeyType });
  stops.push(emulators.stop);
  const { certificate } = emulators;
  const proxy =
    options.throughProxy === true
      ? await startTableProxy({ port: base + proxyOffset, target: ports.tables, certificate })
      : undefined;
  if (proxy !== undefined) stops.push(proxy.stop);
  const seeded = options.packageFolder === undefined ? seedClients(emulators.settings) : undefined;
  const tables = proxy && { TABLES_URL: `https://localhost:${proxy.port}/devstoreaccount1` };
  const mail = options.mail === true ? mailSettings(ports) : {};
  const settings = { ...emulators.settings, ...timersByHand, ...tables, ...mail, ...options.settings };
  const [hosts] = await Promise.all([startHosts(options, { base, settings }), seeded]);
  stops.push(() => Promise.all(hosts.children.map((child) => child.stop('SIGTERM', hostGraceSeconds))));
  return {
    issuer: `http://localhost:${ports.assent}`,
    hosts: hosts.origins,
    ports,
    vault: emulators.vault,
    provider: emulators.provider,
    mail: emulators.mail,
    identity: emulators.identity,
    certificate,
    settings,
    clock,
    get tableProxy() {
      if (proxy === undefined) throw new Error('this stack has no table proxy: start it with throughProxy');
      return proxy;
    },
    restartHost: hosts.restart,
    killHost: async (index = 0) => hosts.children[index]?.stop('SIGKILL', 0),
    stop,
    hostOutput: (index = 0) => hosts.children[index]?.output() ?? '',
  };
};

const secondHostOffset = 9;
const proxyOffset = 10;
const portsPerStack = 11;

/** Above 10080, which browsers and fetch refuse to talk to (Fetch §2.9, bad ports). */
const lowestPort = 10_100;

/** Below the range from which the kernel takes ports of outgoing connections; stacks of parallel test files differ. */
const freePorts = async (): Promise<{ base: number; ports: Ports }> => {
  for (;;) {
    const base = lowestPort + Math.floor(Math.random() * 2000) * portsPerStack;
    const all = Array.from({ length: portsPerStack }, (_, index) => base + index);
    const taken = await Promise.all(all.map(isTaken));
    if (!taken.includes(true)) return portsAt(base);
  }
};

const portsAt = (base: number): { base: number; ports: Ports } => ({ base, ports: portsFrom(base) });

type Hosts = {
  readonly children: Child[];
  readonly origins: readonly string[];
  restart: Stack['restartHost'];
};

type HostsOptions = { readonly base: number; readonly settings: Settings };

const startHosts = async (
  { hosts = 1, packageFolder }: StackOptions,
  { base, settings }: HostsOptions,
): Promise<Hosts> => {
  const ports = [base, base + secondHostOffset].slice(0, hosts);
  const startOne = async (port: number, more: Settings = {}, until = 'ready'): Promise<Child> => {
    const host = { port, settings: { ...settings, ...more }, print: false };
    if (packageFolder !== undefined) return startHostProcess({ ...host, packageFolder });
    const child = await startHostProcess(host);
    if (until === 'listening') return child;
    try {
      await waitUntilReady(`http://localhost:${port}`, readyPatienceSeconds);
    } catch (error) {
      await child.stop('SIGKILL', 0);
      throw new Error(`${error instanceof Error ? error.message : error}\n${child.output()}`);
    }
    return child;
  };
  const children = await Promise.all(ports.map((port) => startOne(port)));
  return {
    children,
    origins: ports.map((port) => `http://localhost:${port}`),
    restart: async (index = 0, more = {}, until = 'ready') => {
      await children[index]?.stop('SIGTERM', hostGraceSeconds);
      children[index] = await startOne(ports[index] ?? base, more, until);
    },
  };
};
