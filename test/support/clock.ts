/** A clock for whole processes: what `moveClock` sets holds in the host, the emulators and the test itself. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const preload = new URL('./clock-preload.mjs', import.meta.url).href;

/** Longer than any process takes to look at the file again. */
const noticedAfterMilliseconds = 15;

export type MovableClock = {
  /** Moves the clock on by `seconds` (back when negative), on top of earlier moves. */
  move(seconds: number): Promise<void>;
  /** Stops the clock, which then only moves when it is moved; false lets it go on from the real time and its moves. */
  hold(isHeld: boolean): Promise<void>;
  /** Back to the real time. What was issued meanwhile is not valid yet then: restart hosts that go on after it. */
  reset(): Promise<void>;
};

/** Makes the clock of this process movable, and of every child that it starts from here on. One per process. */
export const installClock = async (folder: string): Promise<MovableClock> => {
  const file = join(folder, 'clock');
  let shiftSeconds = 0;
  let heldAt: number | undefined;
  const set = async (seconds: number): Promise<void> => {
    shiftSeconds = seconds;
    writeFileSync(file, heldAt === undefined ? String(seconds) : `${seconds}@${heldAt}`);
    await sleep(noticedAfterMilliseconds);
  };
  writeFileSync(file, '0');
  process.env.CLOCK_FILE = file;
  await import(preload);
  const inherited = process.env.NODE_OPTIONS ?? '';
  if (!inherited.includes(preload)) process.env.NODE_OPTIONS = `${inherited} --import=${preload}`.trim();
  return {
    move: (seconds) => set(shiftSeconds + seconds),
    hold: (isHeld) => {
      // The clock of this process is shifted as well.
      heldAt = isHeld ? (heldAt ?? Date.now() - shiftSeconds * 1000) : undefined;
      return set(shiftSeconds);
    },
    reset: () => {
      heldAt = undefined;
      return set(0);
    },
  };
};
