/**
 * The whole of Assent on one machine: builds the bundle, starts the emulators, a Functions host with that bundle and the
 * demo services, and says what to open. `--reset` forgets the data of earlier runs.
 */
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Child } from './child.ts';
import { startDemoApi } from './demo/api.ts';
import { startBoards } from './demo/boards.ts';
import { startEmulators } from './emulators.ts';
import { lockFolder } from './folder-lock.ts';
import { type Options, readOptions } from './options.ts';
import { assertFree, type Ports, portsFrom } from './ports.ts';
import { buildPackage, seedClients, startMcpServer, waitUntilReady } from './processes.ts';
import { users } from './provider/users.ts';
import { mailSettings, mcpResource } from './settings.ts';

const readyPatienceSeconds = 30;
const hostGraceSeconds = 12;

type World = {
  readonly ports: Ports;
  /** Where data is kept. */
  readonly folder: string;
  /** Environment of the functions. */
  readonly settings: Readonly<Record<string, string>>;
};

/** Starts the host and whatever it needs that the world does not have; `onStop` takes what must be stopped after it. */
export type StartHost = (world: World, onStop: (stop: Stop) => void) => Promise<Child>;

type Stop = () => Promise<unknown>;

type Start = Pick<World, 'ports' | 'folder'> & Options;

/** What has been started, latest first. */
const stops: Stop[] = [];

const startAll = async (startHost: StartHost, { ports, folder, reset }: Start): Promise<void> => {
  stops.push(await lockFolder(folder, `http://localhost:${ports.assent}`));
  await assertFree(ports);
  if (reset) await forget(folder);
  await buildPackage();
  const emulators = await startEmulators({ ports, folder, keepsData: true });
  stops.unshift(emulators.stop);
  const settings = { ...emulators.settings, ...mailSettings(ports) };
  const onStop = (stop: Stop): void => void stops.unshift(stop);
  const [host] = await Promise.all([startHost({ ports, folder, settings }, onStop), seedClients(settings)]);
  stops.unshift(() => host.stop('SIGTERM', hostGraceSeconds));
  void host.ended.then((code) => stopping ?? stopWith(1, `The Functions host ended with code ${code}.`));
  const issuer = `http://localhost:${ports.assent}`;
  const api = await startDemoApi({ port: ports.api, issuer });
  stops.unshift(api.stop);
  const mcp = await startMcpServer({ port: ports.mcp, issuer, resource: mcpResource(ports).identifier });
  stops.unshift(() => mcp.stop('SIGTERM', hostGraceSeconds));
  const boards = await startBoards({ port: ports.service, issuer, api: api.url });
  stops.unshift(boards.stop);
  await waitUntilReady(issuer, readyPatienceSeconds);
};

/** Only what is written here: LOCAL_DATA_DIR may be a folder with other things in it. */
const forget = async (folder: string): Promise<void> => {
  for (const name of ['tables', 'tls', 'blobs', 'vault.json'])
    await rm(join(folder, name), { recursive: true, force: true });
};

let stopping: Promise<void> | undefined;

const stopWith = (code: number, reason?: string): Promise<void> => {
  if (reason !== undefined) console.error(reason);
  stopping ??= (async () => {
    for (const stop of stops.splice(0)) await stop();
    process.exit(code);
  })();
  return stopping;
};

const greeting = ({ assent, service, api, provider, mcp, mail }: Ports): string => `
  Contoso Boards, a service to connect   http://localhost:${service}
  Manage your authorizations             http://localhost:${assent}/authorizations
  The API that it calls                  http://localhost:${api}
  An MCP server, for any MCP client      http://localhost:${mcp}/mcp
  Sign-in (OpenID Provider)              http://localhost:${provider}
  Mails that people get                  http://localhost:${mail}

  People: ${users.map(shownUser).join(', ')}; any password will do.
  Stop with Ctrl-C. Data is kept; npm start -- --reset forgets it.

Assent is ready at http://localhost:${assent}`;

const shownUser = ({ login, roles: [role] }: (typeof users)[number]): string =>
  role === undefined ? login : `${login} (${role.replace('Assent.', '').toLowerCase()})`;

/** Runs until a signal or the host's end; then stops everything and ends the process. */
export const runWorld = async (startHost: StartHost): Promise<void> => {
  process.on('SIGINT', () => void stopWith(0));
  process.on('SIGTERM', () => void stopWith(0));
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    const ports = portsFrom(Number(process.env.PORT ?? 7071));
    await startAll(startHost, { ...options, ports, folder: resolve(process.env.LOCAL_DATA_DIR ?? '.local') });
    console.log(greeting(ports));
  } catch (error) {
    await stopWith(1, error instanceof Error ? error.message : String(error));
  }
};
