/**
 * `npm run bench:growth`: what a process holds after more and more whole flows, Assent and its peer in the same host at the same
 * time. `--flows` says how many in all; `--write` puts the table into README.md. It takes half an hour.
 */
import { runFlows } from './newcomer.ts';
import { readOptions } from './options.ts';
import { provenance, publish, table } from './readme.ts';
import { kinds, type Running, type ServerName, startServer } from './subjects.ts';
import { heapOf, usageOf } from './usage.ts';
import { inWorld, type World } from './world.ts';

const options = readOptions({ flows: 20_000 });
const stopSeconds = 12;
const measured = ['assent', 'peer'] as const satisfies readonly ServerName[];

/** When it is looked: in flows. */
const marks = [1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 50_000, 100_000].filter((mark) => mark <= options.flows);

type Memory = { readonly residentBytes: number; readonly heapBytes: number };

const memoryOf = async ({ child }: Running): Promise<Memory> => {
  const { residentBytes } = await usageOf(child);
  return { residentBytes, heapBytes: await heapOf(child) };
};

/** What timers need is loaded when the clock says so: it is not to be taken for something that flows have left. */
const withoutTimers = (world: World): World => ({
  ...world,
  settings: { ...world.settings, LOCAL_TIMERS: 'by hand' },
});

const grow = async (world: World, name: ServerName): Promise<readonly Memory[]> => {
  const running = await startServer(withoutTimers(world), name);
  const memory: Memory[] = [];
  let done = 0;
  for (const mark of marks) {
    await runFlows(world, running, mark - done);
    done = mark;
    memory.push(await memoryOf(running));
    console.error(`${name}: ${mark}`, memory.at(-1));
  }
  await running.child.stop('SIGTERM', stopSeconds);
  return memory;
};

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const section = async (memory: readonly (readonly Memory[])[]): Promise<string> =>
  [
    await provenance(),
    'Megabytes: objects and buffers in use, which is what a collection of all garbage leaves / resident before it.',
    '',
    table(
      ['whole flows', ...measured.map((name) => kinds[name].title)],
      marks.map((mark, index) => [
        mark.toLocaleString('en-US'),
        ...memory.map((of) => {
          const { heapBytes, residentBytes } = of[index] ?? { heapBytes: Number.NaN, residentBytes: Number.NaN };
          return `${megabytes(heapBytes)} / ${megabytes(residentBytes)}`;
        }),
      ]),
    ),
  ].join('\n');

await inWorld(async (world) => {
  const memory = await Promise.all(measured.map((name) => grow(world, name)));
  await publish('bench-growth', await section(memory), options.write);
});
