/** Preloaded into every measured process: tells its own counters when its parent asks for them. Never part of a package. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const usage = () => {
  const { user, system } = process.cpuUsage();
  return { cpuMicroseconds: user + system, residentBytes: process.memoryUsage.rss() };
};

/** The second collection takes what the first one only finalized. */
const heap = () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const answers = { usage, heap };

process.on('message', (message) => {
  if (Object.hasOwn(answers, message)) process.send?.(answers[message]());
});
// What only answers must not keep the process alive.
process.channel?.unref();
