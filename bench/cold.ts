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
import { inWorld, type World } from './world.ts';

const options = readOptions({ rounds: 7 });
/** Shown in the table. */
const delaysMilliseconds = [0, 10];
/** Long enough to stand out from everything else: what a token takes then, over what it takes without, counts its waits. */
const probeDelayMilliseconds = 100;
const pollMilliseconds = 5;

type First = {
  /** Whether this server has such an answer. */
  has(kind: KindName): boolean;
  ask(world: World, running: Running): Promise<unknown>;
};

/** What a fresh process is asked for. */
const firsts: Readonly<Record<string, First>> = {
  listens: { has: () => true, ask: async () => undefined },
  ready: {
    has: (kind) => kindOf(kind).readyPath !== undefined,
    ask: (_world, { kind, issuer }) => untilOk(`${issuer}${kindOf(kind).readyPath}`),
  },
  metadata: {
    has: () => true,
    ask: (_world, { kind, issuer }) => untilOk(`${issuer}${kindOf(kind).metadataPath}`),
  },
  token: {
    has: (kind) => kind !== 'empty',
    ask: (world, running) =>
      okJson(usersOf(world, running).machine.token({ grant_type: 'client_credentials', scope: 'vso.work' })),
  },
};

const untilOk = async (url: string): Promise<void> => {
  while (!(await fetch(url)).ok) await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
};

type Start = { readonly kind: KindName; readonly delay: number; readonly first: string };

/** Milliseconds from the start of a new process to its first answer, of its CPU until it listened, and of that while its package was loaded. */
type Times = { readonly untilAnswer: number; readonly cpu: number; readonly load: number };

const measureStart = async (world: World, { kind, delay, first }: Start): Promise<Times> => {
  setDelay(world, delay);
  const start = performance.now();
  const running = await startServer(world, kind);
  const listening = performance.now();
  const { cpuMicroseconds, loadMicroseconds = Number.NaN } = await usageOf(running.child);
  const asked = performance.now();
  await firsts[first]?.ask(world, running);
  const untilAnswer = listening - start + (performance.now() - asked);
  await running.child.stop('SIGKILL', 1);
  return { untilAnswer, cpu: cpuMicroseconds / 1000, load: loadMicroseconds / 1000 };
};

const kindNames = Object.keys(kinds) as KindName[];

const starts: readonly Start[] = kindNames.flatMap((kind) =>
  Object.keys(firsts)
    .filter((first) => firsts[first]?.has(kind))
    .flatMap((first) =>
      [...delaysMilliseconds, ...(first === 'token' ? [probeDelayMilliseconds] : [])].map((delay) => ({
        kind,
        delay,
        first,
      })),
    ),
);

/** One entry per round. */
const measured = new Map<Start, Times[]>(starts.map((start) => [start, []]));

const runRound = async (world: World): Promise<void> => {
  for (const [start, times] of measured) times.push(await measureStart(world, start));
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
  return Number.isNaN(trips) ? '' : Math.max(0, trips).toFixed(1);
};

const ofStarts = (kind: KindName, what: 'cpu' | 'load'): readonly number[] =>
  Object.keys(firsts).flatMap((first) => timesOf({ kind, delay: 0, first }).map((times) => times[what]));

const rowOf = (kind: KindName, delay: number): readonly string[] => [
  `${kinds[kind].title}, ${delay} ms per call`,
  delay === 0 ? withSpread(ofStarts(kind, 'cpu')) : '',
  ...Object.keys(firsts).map((first) =>
    withSpread(timesOf({ kind, delay, first }).map(({ untilAnswer }) => untilAnswer)),
  ),
  delay === 0 ? roundTrips(kind) : '',
];

const section = async (): Promise<string> => {
  const more = (what: 'cpu' | 'load'): string =>
    `${(median(ofStarts('assent', what)) - median(ofStarts('empty', what))).toFixed(0)} ms`;
  return [
    await provenance(),
    `Each process was started ${options.rounds} times for each answer; medians, and the shortest and longest.`,
    `Loading Assent's bundle takes ${more('load')} of CPU more than loading the empty app. Until it listens it takes ${more('cpu')} more: the first token's way is prepared by then.`,
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

await inWorld(async (world) => {
  // The deployment's own rows, made by the first process ever, and the files' first reading are not measured.
  for (const start of starts) if (start.delay === 0) await measureStart(world, start);
  for (let round = 1; round <= options.rounds; round++) {
    console.error(`round ${round} of ${options.rounds}`);
    await runRound(world);
  }
});
await publish('bench-cold', await section(), options.write);
