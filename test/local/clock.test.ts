import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installClock, type MovableClock } from '../support/clock.ts';

let folder: string;
let clock: MovableClock;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-clock-'));
  clock = await installClock(folder);
});

afterAll(async () => {
  await clock.reset();
  await rm(folder, { recursive: true });
});

it('moves the time of this process and of children, and only when told', async () => {
  const before = Date.now();
  await clock.move(86_400);
  expect(Date.now() - before).toBeGreaterThanOrEqual(86_400_000);
  expect(Date.now() - before).toBeLessThan(86_410_000);
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'Date.now()']);
  expect(Number(stdout) - before).toBeGreaterThanOrEqual(86_400_000);
  await clock.reset();
  expect(Date.now() - before).toBeLessThan(10_000);
});

it('leaves dates that were given alone', async () => {
  await clock.move(3600);
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  expect(Date.UTC(2026, 0)).toBe(1_767_225_600_000);
  expect(new Date() instanceof Date).toBe(true);
});
