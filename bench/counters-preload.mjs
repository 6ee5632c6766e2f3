/** Preloaded into every measured process: tells its own counters when its parent asks for them. Never part of a package. */
import { subscribe } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const cpuMicroseconds = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** The first time: files that are loaded later may require the first one again. */
const load = { begun: undefined, microseconds: undefined };
const isPackage = ({ id }) => id.endsWith('/main.cjs');

subscribe('tracing:module.require:start', (required) => {
  if (isPackage(required)) load.begun ??= cpuMicroseconds();
});
subscribe('tracing:module.require:end', (required) => {
  if (isPackage(required)) load.microseconds ??= cpuMicroseconds() - load.begun;
});

const usage = () => ({
  cpuMicroseconds: cpuMicroseconds(),
  loadMicroseconds: load.microseconds,
  residentBytes: process.memoryUsage.rss(),
});

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
