/**
 * `npm run bench`: Assent next to oidc-provider, in the same host and in plain Node, on this machine. `--rounds`, `--flows`
 * (authorizations per round, 40 at most: more of one person and service at a time would end the oldest), `--memory` (flows
 * before memory is read) and `--repeats` (per delay) change how much; `--write` puts the tables into README.md.
 */
import { type Costs, measureRound, measureRoundTrips } from './measure.ts';
import { readOptions } from './options.ts';
import { publish } from './readme.ts';
import { benchSection, type Measured } from './report.ts';
import { assertSameWork } from './same-work.ts';
import { wholeFlow } from './steps.ts';
import { kinds, type ServerName, type Subject, servers, startSubject } from './subjects.ts';
import { usageOf } from './usage.ts';
import { startWorld, type World } from './world.ts';

const options = readOptions({ rounds: 7, flows: 40, memory: 1000, repeats: 9 });
const mostFlows = 40;
const stopSeconds = 12;

const say = (text: string): void => console.error(text);

type Subjects = Readonly<Record<ServerName, Subject>>;

const startSubjects = async (world: World): Promise<Subjects> => ({
  assent: await startSubject(world, 'assent'),
  peer: await startSubject(world, 'peer'),
  plain: await startSubject(world, 'plain'),
});

/** Every server is as warm as it will be, and its person is signed in. */
const warmUp = async (subjects: Subjects): Promise<void> => {
  for (const name of servers) {
    say(`warming up: ${kinds[name].title}`);
    await assertSameWork(subjects[name]);
    for (let count = 0; count < options.flows; count++) await wholeFlow(subjects[name]);
  }
};

const runRounds = async (world: World, subjects: Subjects): Promise<Readonly<Record<ServerName, readonly Costs[]>>> => {
  const rounds: Record<ServerName, Costs[]> = { assent: [], peer: [], plain: [] };
  for (let round = 1; round <= options.rounds; round++) {
    say(`round ${round} of ${options.rounds}`);
    for (const name of servers) rounds[name].push(await measureRound(world, subjects[name], options.flows));
  }
  return rounds;
};

/** After as many flows as were asked for, those of the warm-up and of the rounds included. */
const residentMegabytes = async (subject: Subject, flowsBefore: number): Promise<number> => {
  say(`memory: ${kinds[subject.kind].title}`);
  for (let count = flowsBefore; count < options.memory; count++) await wholeFlow(subject);
  return (await usageOf(subject.child)).residentBytes / 1e6;
};

const run = async (world: World, subjects: Subjects): Promise<void> => {
  await warmUp(subjects);
  const rounds = await runRounds(world, subjects);
  const measured: Partial<Record<ServerName, Measured>> = {};
  const flowsBefore = options.flows * (options.rounds + 1);
  for (const name of servers) {
    const megabytes = await residentMegabytes(subjects[name], flowsBefore);
    const roundTrips = await measureRoundTrips(world, subjects[name], options.repeats);
    measured[name] = { rounds: rounds[name], residentMegabytes: megabytes, roundTrips };
  }
  const flowsBeforeMemory = Math.max(options.memory, flowsBefore);
  const facts = { measured: measured as Record<ServerName, Measured>, ...options, flowsBeforeMemory };
  await publish('bench', await benchSection(facts), options.write);
};

if (options.flows > mostFlows) throw new Error(`--flows can be ${mostFlows} at most`);
const world = await startWorld();
const subjects = await startSubjects(world);
await run(world, subjects);
for (const { child } of Object.values(subjects)) await child.stop('SIGTERM', stopSeconds);
await world.stop();
