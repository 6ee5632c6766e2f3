import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { FailedFiles } from './test/support/failed-files.ts';

// Workers, hosts and emulators are the same few programs again and again: each is compiled once.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled-for-tests');

/** What takes longest, mostly by waiting for time-outs and browsers, in the order in which it starts. */
const slow = [
  'faults/storage-',
  'browser/approval',
  'browser/connect',
  'piles',
  'pages/browser',
  'infra/preprovision',
  'faults/',
  'browser/',
  'races/',
  'clients/',
  'local/start',
  'infra/smoke',
  'rotation',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = slow.findIndex((part) => moduleId.includes(`/test/${part}`));
  return rank === -1 ? slow.length : rank;
};

const isInBrowser = ({ moduleId }: TestSpecification): boolean => moduleId.includes('browser');

/** The longest files first, so that none is left over at the end; those with a browser apart, because it takes a core. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b));
    const browsers = sorted.filter(isInBrowser);
    const others = sorted.filter((file) => !isInBrowser(file));
    return [...others.flatMap((file, index) => [file, ...(index % 2 === 0 ? browsers.splice(0, 1) : [])]), ...browsers];
  }
}

const folders = (...names: readonly string[]): string[] => names.map((name) => `test/${name}/**/*.test.ts`);

/** They change their process, or are so few and long that a process of their own costs nothing. */
const alone = [
  ...folders('browser', 'clients', 'faults', 'infra', 'local', 'races'),
  ...[
    'budgets',
    'clock',
    'layers',
    'piles',
    'piles-of-authorizations',
    'piles-of-people',
    'rotation',
    'pages/browser',
  ].map((name) => `test/${name}.test.ts`),
];

/** A shared machine in CI can starve a host for seconds: a test gets a second try there, which the report names. Rounds of races get none. */
const triesInCI = process.env.CI === 'true' && process.env.RACE_ROUNDS === undefined ? { retry: 1 } : {};

/** Proves that a second try can pass: what the first one made does not disturb it, and it needs nothing of a test before it. */
const tries =
  process.env.SECOND_TRY === undefined ? triesInCI : { retry: 1, setupFiles: ['test/support/second-try.ts'] };

/** How long what happens after an answer is looked for; tests have more than the longest that anything in them waits for. */
const patience = {
  testTimeout: 180_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 60_000 } },
  ...tries,
};

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    // Two cores, and much waiting: each file with a stack has a host, Azurite and emulators of its own. In CI the machine
    // may be shared, and a run that fails for want of time costs more than a minute.
    maxWorkers: process.env.CI === 'true' ? 2 : 4,
    reporters: process.env.CI === 'true' ? ['default', new FailedFiles()] : ['default'],
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...patience, name: 'alone', include: alone } },
      // One process for many files: what they import is loaded once.
      { test: { ...patience, name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
    ],
  },
});
