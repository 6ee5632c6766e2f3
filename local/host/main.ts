/**
 * Process entry of the local Functions host: `node local/host/main.ts <packageFolder> <port>`. The functions read
 * their settings from this process's environment. Prints one line when it listens.
 */
import { startHost } from './host.ts';
import type { Log } from './worker.ts';

const graceSeconds = 10;

const quiet = new Set(['trace', 'debug']);

const log: Log = (level, source, message) => {
  if (quiet.has(level)) return;
  const stream = level === 'error' || level === 'critical' ? process.stderr : process.stdout;
  stream.write(`[${level}] ${source}: ${message}\n`);
};

const [packageFolder, port] = process.argv.slice(2);
if (packageFolder === undefined || !/^\d+$/.test(port ?? '')) {
  console.error('usage: node local/host/main.ts <packageFolder> <port>');
  process.exit(2);
}

try {
  const host = await startHost({ packageFolder, port: Number(port), log });
  let _stopping: Promise<void> | undefined;
  const stop = (): void => {
    _stopping ??= host.stop(graceSeconds).finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  console.log(`Functions host listens on ${host.url} (${host.functionNames.length} functions)`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
