/**
 * `npm run start:func`: as `npm start`, but in the real Functions host (Azure Functions Core Tools), with an Azurite of its own for
 * the lease of its timer, its keys and its diagnostics. The tools are an optional dependency.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';
import { findTools, hostStorage, type StoragePorts } from './func-tools.ts';
import { azuriteFolder } from './tables.ts';
import { runWorld, type StartHost } from './world.ts';

const packageFolder = fileURLToPath(new URL('../dist/package', import.meta.url));

/** After the seven ports of the local world. */
const portsOfStorage = (base: number): StoragePorts => ({ blob: base + 7, queue: base + 8, table: base + 9 });

const startStorage = ({ blob, queue, table }: StoragePorts, folder: string): Promise<Child> =>
  startChild({
    name: 'Storage emulator of the host (Azurite)',
    args: [
      join(azuriteFolder(), 'dist/src/azurite.js'),
      ...[
        '--blobHost',
        '127.0.0.1',
        '--blobPort',
        String(blob),
        '--queueHost',
        '127.0.0.1',
        '--queuePort',
        String(queue),
      ],
      ...['--tableHost', '127.0.0.1', '--tablePort', String(table), '--location', folder],
      ...['--disableTelemetry', '--skipApiVersionCheck', '--silent'],
    ],
    environment: process.env,
    readyWhen: /(?:successfully listen[\s\S]*){3}/,
  });

const startFunc: StartHost = async ({ ports, folder, settings }, onStop) => {
  const tools = findTools();
  const storagePorts = portsOfStorage(ports.assent);
  const storage = await startStorage(storagePorts, join(folder, 'blobs'));
  onStop(() => storage.stop('SIGINT', 10));
  return startChild({
    name: 'Azure Functions Core Tools',
    args: [tools, 'start', '--port', String(ports.assent)],
    folder: packageFolder,
    environment: {
      ...process.env,
      ...settings,
      FUNCTIONS_WORKER_RUNTIME: 'node',
      FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT: '1',
      AzureWebJobsStorage: hostStorage(storagePorts),
    },
    print: true,
  });
};

try {
  // Before anything is built and started.
  findTools();
  await runWorld(startFunc);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
