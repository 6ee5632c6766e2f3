/**
 * Shifts `Date` by the number of seconds in the file that CLOCK_FILE names; the number may change at any time. `60@1700000000000`
 * shifts an instant at which the clock stands still. Preloaded
 * (`--import`) into the host and the emulators, so that nothing in the bundle knows about it. Timers and
 * `performance` keep the real time.
 */
import { readFileSync } from 'node:fs';

const RealDate = globalThis.Date;
/** The file is read this often at most: a moved clock counts after this time, everywhere. */
const readAgainMilliseconds = 5;

let shiftMilliseconds = 0;
let heldAt;
let readAt = Number.NEGATIVE_INFINITY;

const now = () => {
  if (performance.now() - readAt >= readAgainMilliseconds && process.env.CLOCK_FILE !== undefined) {
    readAt = performance.now();
    try {
      const [shift, held] = readFileSync(process.env.CLOCK_FILE, 'utf8').split('@');
      shiftMilliseconds = Number(shift) * 1000 || 0;
      heldAt = held === undefined ? undefined : Number(held);
    } catch {
      shiftMilliseconds = 0;
      heldAt = undefined;
    }
  }
  return (heldAt ?? RealDate.now()) + shiftMilliseconds;
};

class ShiftedDate extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }

  static now() {
    return now();
  }
}

// `Date()` without `new` gives text; classes cannot be called, so a proxy answers that.
globalThis.Date = new Proxy(ShiftedDate, { apply: () => new ShiftedDate().toString() });
