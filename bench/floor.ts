/**
 * `npm run bench:floor`: the CPU that the calls of a flow take by themselves, through Node's own client: an app in the same host that only
 * carries bytes (`floor-app.ts`), beside the servers of `npm run bench`. `--rounds`, `--flows`, `--warm` and `--write` as there.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Child } from '../local/child.ts';
import { startHostProcess } from '../local/processes.ts';
import { bytesOfCall, type Carried, carried } from './floor-facts.ts';
import { type Costs, measure, measureRound } from './measure.ts';
import { newcomer } from './newcomer.ts';
import { readOptions } from './options.ts';
import { packageFolder } from './packages.ts';
import { provenance, publish, table } from './readme.ts';
import { median } from './statistics.ts';
import { steps, wholeFlow } from './steps.ts';
import { kinds, type Running, type ServerName, servers, startServer } from './subjects.ts';
import { inWorld, type World } from './world.ts';

const options = readOptions({ rounds: 7, flows: 30, warm: 150 });

const answer: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('x'.repeat(bytesOfCall.answer));
  });
};

const portOf = async (server: Server): Promise<number> => {
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
};

/** What stands for storage and vault: they answer at once, and always the same. */
const startStandIns = async ({ emulators: { certificate } }: World) => {
  const storage = createTlsServer({ cert: certificate.certificate, key: certificate.key }, answer);
  const vault = createServer(answer);
  return {
    settings: {
      FLOOR_STORAGE: `https://localhost:${await portOf(storage)}`,
      FLOOR_VAULT: `http://localhost:${await portOf(vault)}`,
    },
    stop: () => {
      for (const server of [storage, vault]) server.close().closeAllConnections();
    },
  };
};

type Floor = { readonly child: Child; readonly port: number };

const carry = async ({ port }: Floor, requests: readonly Carried[]): Promise<void> => {
  for (const { storage, vault, bytes } of requests) {
    const url = `http://localhost:${port}/floor/${storage}/${vault}/${bytes}`;
    await (await fetch(url, { method: 'POST', body: new URLSearchParams({ text: 'x'.repeat(300) }) })).text();
  }
};

const measureFloor = async (world: World, floor: Floor): Promise<Costs> => {
  const costs: Record<string, Costs[string]> = {};
  for (const [step, requests] of Object.entries(carried))
    costs[step] = await measure(world, floor, {
      count: options.flows,
      action: async () => {
        for (let flow = 0; flow < options.flows; flow++) await carry(floor, requests);
      },
    });
  return costs;
};

type Rounds = Readonly<Record<ServerName | 'floor', Costs[]>>;

const runRounds = async (world: World, running: Readonly<Record<ServerName, Running>>, floor: Floor) => {
  const rounds: Rounds = { assent: [], peer: [], plain: [], floor: [] };
  for (let round = 1; round <= options.rounds; round++) {
    console.error(`round ${round} of ${options.rounds}`);
    for (const name of servers)
      rounds[name].push(await measureRound(world, await newcomer(world, running[name]), options.flows));
    rounds.floor.push(await measureFloor(world, floor));
  }
  return rounds;
};

const ofFlow = steps.filter(({ isOfFlow }) => isOfFlow).map(({ name }) => name);

const cpuOf = (rounds: readonly Costs[], parts: readonly string[]): number =>
  median(rounds.map((costs) => parts.reduce((sum, part) => sum + (costs[part]?.cpuMilliseconds ?? Number.NaN), 0)));

const rowOf = (rounds: Rounds, name: string, parts: readonly string[]): readonly string[] => {
  const least = cpuOf(rounds.floor, parts);
  const others = servers.map((server) => cpuOf(rounds[server], parts));
  return [
    name,
    ...[least, ...others].map((value) => value.toFixed(2)),
    ...others.map((other) => (least / other).toFixed(2)),
  ];
};

const section = async (rounds: Rounds): Promise<string> => {
  const titles = servers.map((name) => kinds[name].title);
  const ratios = ['÷ Assent', '÷ same host', '÷ plain Node'].map((text) => `only the calls ${text}`);
  return [
    await provenance(),
    `${options.rounds} rounds of ${options.flows} authorizations each, the servers in turn; medians.`,
    '',
    table(
      ['CPU of the server, ms', 'only the calls', ...titles, ...ratios],
      [...Object.keys(carried).map((step) => rowOf(rounds, step, [step])), rowOf(rounds, '**whole flow**', ofFlow)],
    ),
  ].join('\n');
};

const warmUp = async (world: World, running: Readonly<Record<ServerName, Running>>, floor: Floor): Promise<void> => {
  for (const name of servers) {
    let subject = await newcomer(world, running[name]);
    for (let flow = 1; flow <= options.warm; flow++) {
      if (flow % options.flows === 0) subject = await newcomer(world, running[name]);
      await wholeFlow(subject);
    }
  }
  for (let flow = 0; flow < options.warm; flow++)
    for (const requests of Object.values(carried)) await carry(floor, requests);
};

await inWorld(async (world) => {
  const standIns = await startStandIns(world);
  const running = {} as Record<ServerName, Running>;
  for (const name of servers) running[name] = await startServer(world, name);
  const port = world.peerPorts.empty;
  const settings = { ...world.settings, ...standIns.settings };
  const child = await startHostProcess({ port, settings, print: false, packageFolder: packageFolder('floor') });
  const floor = { child, port };
  await warmUp(world, running, floor);
  await publish('bench-floor', await section(await runRounds(world, running, floor)), options.write);
  for (const stopping of [child, ...servers.map((name) => running[name].child)]) await stopping.stop('SIGTERM', 12);
  standIns.stop();
});
