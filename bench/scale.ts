/**
 * `npm run bench:scale`: what operations cost people with few and with many authorizations, and one person among few and
 * among many others. `--own`, `--others` (the most of each) and `--repeats` change how much; `--write` puts the table into
 * README.md.
 */
import { register } from '../test/support/service.ts';
import { type Cost, measure } from './measure.ts';
import { newcomer } from './newcomer.ts';
import { type Operation, operations, revokeAll } from './operations.ts';
import { readOptions } from './options.ts';
import { plantOthers } from './pile.ts';
import { provenance, publish, table } from './readme.ts';
import { median } from './statistics.ts';
import { connected } from './steps.ts';
import { type Running, type Subject, startServer } from './subjects.ts';
import { inWorld, type World } from './world.ts';

const options = readOptions({ own: 500, others: 100_000, repeats: 5 });

/** Whose authorizations are how many: everybody signs in, and nobody else touches what is theirs. */
const people = [
  { login: 'alice', own: 1 },
  { login: 'bob', own: Math.ceil(options.own / 10) },
  { login: 'olga', own: options.own },
] as const;

const othersBeside = [1, Math.ceil(options.others / 100), options.others];

const stopSeconds = 12;

/** A column of the table: an operation's median cost. */
type Column = { readonly title: string; readonly costs: Readonly<Record<string, string>> };

const short = ({ calls, kilobytes, cpuMilliseconds }: Cost): string =>
  `${calls.storage} / ${kilobytes.toFixed(1)} / ${cpuMilliseconds.toFixed(1)}`;

const typical = (costs: readonly Cost[]): Cost => {
  const of = (pick: (cost: Cost) => number): number => median(costs.map(pick));
  return {
    cpuMilliseconds: of(({ cpuMilliseconds }) => cpuMilliseconds),
    calls: { storage: of(({ calls }) => calls.storage), vault: of(({ calls }) => calls.vault), identity: 0 },
    kilobytes: of(({ kilobytes }) => kilobytes),
  };
};

const measureOperation = async (
  world: World,
  subject: Subject,
  { operation, repeats }: { readonly operation: Operation; readonly repeats: number },
): Promise<string> => {
  const costs: Cost[] = [];
  for (let turn = 0; turn < repeats; turn++) {
    const run = await operation.prepare(subject);
    if (run === undefined) return '';
    const action = async (): Promise<void> => void (await run());
    costs.push(await measure(world, subject, { count: 1, action }));
  }
  return short(typical(costs));
};

const measureColumn = async (world: World, subject: Subject, title: string): Promise<Column> => {
  console.error(title);
  const costs: Record<string, string> = {};
  const { repeats } = options;
  for (const operation of operations)
    costs[operation.name] = await measureOperation(world, subject, { operation, repeats });
  costs[revokeAll.name] = await measureOperation(world, subject, { operation: revokeAll, repeats: 1 });
  return { title, costs };
};

/** Somebody new with `own` authorizations, each of another service; registers the services that are missing. */
const personWith = async (
  world: World,
  running: Running,
  { login, own }: { readonly login: string; readonly own: number },
): Promise<Subject> => {
  const subject = await newcomer(world, running, login);
  await connected(subject);
  for (let count = 1; count < own; count++) {
    services[count - 1] ??= await register(running.issuer, { client_name: `Service ${count}` });
    await services[count - 1]?.tokens(subject.person);
  }
  return subject;
};

const services: Awaited<ReturnType<typeof register>>[] = [];

const columns = async (world: World, running: Running): Promise<readonly Column[]> => {
  // The first uses of the process are not measured.
  await measureColumn(world, await personWith(world, running, people[0]), 'warming up');
  const measured: Column[] = [];
  for (const person of people) {
    const subject = await personWith(world, running, person);
    measured.push(await measureColumn(world, subject, `${person.own} of one's own`));
  }
  let planted = 0;
  for (const others of othersBeside) {
    const subject = await personWith(world, running, people[0]);
    await plantOthers(world, others - planted);
    planted = others;
    measured.push(await measureColumn(world, subject, `1, beside ${others.toLocaleString('en-US')} of others`));
  }
  return measured;
};

const section = async (measured: readonly Column[]): Promise<string> =>
  [
    await provenance(),
    `Medians of ${options.repeats}: storage transactions / kilobytes to and from storage and vault / CPU of the server in ms.`,
    '',
    table(
      ['', ...measured.map(({ title }) => title)],
      [...operations, revokeAll].map(({ name }) => [name, ...measured.map(({ costs }) => costs[name] ?? '')]),
    ),
  ].join('\n');

await inWorld(async (world) => {
  const running = await startServer(world, 'assent');
  await publish('bench-scale', await section(await columns(world, running)), options.write);
  await running.child.stop('SIGTERM', stopSeconds);
});
