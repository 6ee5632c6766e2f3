/**
 * `npm run bench:cold`: from the start of a process to its first answers, without and with a delay before every call to
 * storage, vault and identity, next to an empty function app in the same host. `--rounds` says how often each is started;
 * `--write` puts the table into README.md.
 */
import { okJson } from '../test/support/service.ts';
import { setDelay } from './measure.ts';
import { readOptions } from './options.ts';
import { provenance, publish, table } from './readme.ts';
import { median, spread } from './statistics.ts';
import { type KindName, kindOf, kinds, type Running, startServer, usersOf } from './subjects.ts';
import { usageOf } from './usage.ts';
import { startWorld, type World } from './world.ts';

const options = readOptions({ rounds: 7 });
/** Shown in the table. */
const delaysMilliseconds = [0, 10];
/** Long enough to stand out from everything else: what a token takes then, over what it takes without, counts its waits. */
const probeDelayMilliseconds = 100;
const pollMilliseconds = 5;

/** What a fresh process is asked for; undefined where this server has no such thing. */
const firsts: Readonly<Record<string, (world: World, running: Running) => (() => Promise<unknown>) | undefined>> = {
  listens: () => async () => undefined,
  ready: (_world, { kind, issuer }) => {
    const path = kindOf(kind).readyPath;
    return path === undefined ? undefined : () => untilOk(`${issuer}${path}`);
  },
  metadata:
    (_world, { kind, issuer }) =>
    () =>
      untilOk(`${issuer}${kindOf(kind).metadataPath}`),
  token: (world, running) => {
    const { machine } = usersOf(world, running);
    const fields = { grant_type: 'client_credentials', scope: 'vso.work' };
    return running.kind === 'empty' ? undefined : () => okJson(machine.token(fields));
  },
};

const untilOk = async (url: string): Promise<void> => {
  while (!(await fetch(url)).ok) await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
};

type Start = { readonly kind: KindName; readonly delay: number; readonly first: string };

/** Milliseconds from the start of a new process to its first answer, and of its CPU until it listened. */
type Times = { readonly untilAnswer: number; readonly cpu: number };

/** Undefined when this server has no such answer. */
const measureStart = async (world: World, { kind, delay, first }: Start): Promise<Times | undefined> => {
  setDelay(world, delay);
  const start = performance.now();
  const running = await startServer(world, kind);
  const listening = performance.now();
  const { cpuMicroseconds } = await usageOf(running.child);
  const asked = performance.now();
  const ask = firsts[first]?.(world, running);
  await ask?.();
  const untilAnswer = listening - start + (performance.now() - asked);
  await running.child.stop('SIGKILL', 1);
  return ask === undefined ? undefined : { untilAnswer, cpu: cpuMicroseconds / 1000 };
};

const kindNames = Object.keys(kinds) as KindName[];

const starts: readonly Start[] = kindNames.flatMap((kind) => [
  ...delaysMilliseconds.flatMap((delay) => Object.keys(firsts).map((first) => ({ kind, delay, first }))),
  { kind, delay: probeDelayMilliseconds, first: 'token' },
]);

/** One entry per round. */
const measured = new Map<Start, Times[]>(starts.map((start) => [start, []]));

const runRound = async (world: World): Promise<void> => {
  for (const [start, times] of measured) {
    const time = await measureStart(world, start);
    if (time !== undefined) times.push(time);
  }
};

const timesOf = (wanted: Start): readonly Times[] => {
  const isWanted = ({ kind, delay, first }: Start): boolean =>
    kind === wanted.kind && delay === wanted.delay && first === wanted.first;
  return [...measured].find(([start]) => isWanted(start))?.[1] ?? [];
};

const withSpread = (values: readonly number[]): string =>
  values.length === 0 ? '' : `${median(values).toFixed(0)} (${spread(values).map(Math.round).join('–')})`;

const tokenAfter = (kind: KindName, delay: number): number =>
  median(timesOf({ kind, delay, first: 'token' }).map(({ untilAnswer }) => untilAnswer));

/** Calls that wait for each other before the first token. */
const roundTrips = (kind: KindName): string => {
  const trips = (tokenAfter(kind, probeDelayMilliseconds) - tokenAfter(kind, 0)) / probeDelayMilliseconds;
  return Number.isNaN(trips) ? '' : trips.toFixed(1);
};

const cpuUntilListening = (kind: KindName): readonly number[] =>
  Object.keys(firsts).flatMap((first) => timesOf({ kind, delay: 0, first }).map(({ cpu }) => cpu));

const rowOf = (kind: KindName, delay: number): readonly string[] => [
  `${kinds[kind].title}, ${delay} ms per call`,
  delay === 0 ? withSpread(cpuUntilListening(kind)) : '',
  ...Object.keys(firsts).map((first) =>
    withSpread(timesOf({ kind, delay, first }).map(({ untilAnswer }) => untilAnswer)),
  ),
  delay === 0 ? roundTrips(kind) : '',
];

const section = async (): Promise<string> => {
  const [ours, empty] = [median(cpuUntilListening('assent')), median(cpuUntilListening('empty'))];
  const load = `${(ours - empty).toFixed(0)} ms of CPU more than loading the empty app`;
  return [
    await provenance(),
    `Each process was started ${options.rounds} times for each answer; medians, and the shortest and longest.`,
    `Loading Assent's bundle takes ${load}.`,
    '',
    table(
      [
        'From process start, ms',
        'CPU until it listens',
        ...Object.keys(firsts),
        'dependent round trips of the first token',
      ],
      kindNames.flatMap((kind) => delaysMilliseconds.map((delay) => rowOf(kind, delay))),
    ),
  ].join('\n');
};

const world = await startWorld();
// The deployment's own rows, made by the first process ever, and the files' first reading are not measured.
for (const kind of kindNames) await measureStart(world, { kind, delay: 0, first: 'token' });
for (let round = 1; round <= options.rounds; round++) {
  console.error(`round ${round} of ${options.rounds}`);
  await runRound(world);
}
await publish('bench-cold', await section(), options.write);
await world.stop();
