/**
 * `npm run bench`: Assent next to oidc-provider, in the same host and in plain Node, on this machine. `--rounds`, `--flows`
 * (authorizations per round, 40 at most), `--warm` (flows before the first round), `--memory` (flows before
 * memory is read) and `--repeats` (per delay) change how much; `--write` puts the tables into README.md.
 */
import { type Costs, measureRound, measureRoundTrips } from './measure.ts';
import { flowsPerPerson, newcomer, runFlows } from './newcomer.ts';
import { readOptions } from './options.ts';
import { publish } from './readme.ts';
import { benchSection, type Measured } from './report.ts';
import { assertSameWork } from './same-work.ts';
import { kinds, type Running, type ServerName, servers, startServer } from './subjects.ts';
import { usageOf } from './usage.ts';
import { inWorld, type World } from './world.ts';

const options = readOptions({ rounds: 7, flows: 30, warm: 150, memory: 1000, repeats: 9 });
const stopSeconds = 12;

const say = (text: string): void => console.error(text);

type ByServer<Value> = Readonly<Record<ServerName, Value>>;

/** Does it for each server, in turn. */
const inTurn = async <Value>(action: (name: ServerName) => Promise<Value>): Promise<ByServer<Value>> => {
  const values: Partial<Record<ServerName, Value>> = {};
  for (const name of servers) values[name] = await action(name);
  return values as ByServer<Value>;
};

/** Every server is as warm as it will be, and does what the others do. */
const warmUp = async (world: World, running: Running): Promise<void> => {
  say(`warming up: ${kinds[running.kind].title}`);
  await assertSameWork(await newcomer(world, running));
  await runFlows(world, running, options.warm);
};

const runRounds = async (world: World, running: ByServer<Running>): Promise<ByServer<readonly Costs[]>> => {
  const rounds: ByServer<Costs[]> = { assent: [], peer: [], plain: [] };
  for (let round = 1; round <= options.rounds; round++) {
    say(`round ${round} of ${options.rounds}`);
    for (const name of servers)
      rounds[name].push(await measureRound(world, await newcomer(world, running[name]), options.flows));
  }
  return rounds;
};

/** After as many flows as were asked for, those of the warm-up and of the rounds included. */
const residentMegabytes = async (world: World, running: Running): Promise<number> => {
  await runFlows(world, running, options.memory - flowsBefore);
  return (await usageOf(running.child)).residentBytes / 1e6;
};

const flowsBefore = options.warm + options.flows * options.rounds;

const run = async (world: World, running: ByServer<Running>): Promise<void> => {
  await inTurn((name) => warmUp(world, running[name]));
  const rounds = await runRounds(world, running);
  say('round trips');
  const roundTrips = await inTurn(async (name) =>
    measureRoundTrips(world, await newcomer(world, running[name]), options.repeats),
  );
  say('memory');
  // Each has a process and rows of its own: nothing that is read here depends on the others.
  const memory = await Promise.all(servers.map((name) => residentMegabytes(world, running[name])));
  const measured = await inTurn<Measured>(async (name) => ({
    rounds: rounds[name],
    roundTrips: roundTrips[name],
    residentMegabytes: memory[servers.indexOf(name)] ?? Number.NaN,
  }));
  const flowsBeforeMemory = Math.max(options.memory, flowsBefore);
  await publish('bench', await benchSection({ measured, ...options, flowsBeforeMemory }), options.write);
};

if (options.flows > flowsPerPerson) throw new Error(`--flows can be ${flowsPerPerson} at most`);
await inWorld(async (world) => {
  const running = await inTurn((name) => startServer(world, name));
  await run(world, running);
  await inTurn((name) => running[name].child.stop('SIGTERM', stopSeconds));
});
