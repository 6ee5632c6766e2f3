/**
 * `npm run start:func`: as `npm start`, but in the real Functions host (Azure Functions Core Tools), with Azurite's blob
 * service for the lease of its timer. The tools are an optional dependency: their binary is downloaded when they are
 * installed, which not every network allows.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';
import { azuriteFolder } from './tables.ts';
import { runWorld, type StartHost } from './world.ts';

const packageFolder = fileURLToPath(new URL('../../dist/package', import.meta.url));

/** After the seven ports of the local world. */
const blobPortOffset = 7;

/** The well-known account of every storage emulator: public, and good for nothing else. */
const blobAccount = 'devstoreaccount1';
const blobKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const findTools = (): string => {
  try {
    return createRequire(import.meta.url).resolve('azure-functions-core-tools/lib/main.js');
  } catch {
    throw new Error(
      'Azure Functions Core Tools are not installed: npm could not download them. npm start needs no download.',
    );
  }
};

const startBlobs = (port: number, folder: string): Promise<Child> =>
  startChild({
    name: 'Blob Storage emulator (Azurite)',
    args: [
      join(azuriteFolder(), 'dist/src/blob/main.js'),
      ...['--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', folder],
      ...['--disableTelemetry', '--skipApiVersionCheck', '--silent'],
    ],
    environment: process.env,
    readyWhen: /successfully listens/,
  });

const startFunc: StartHost = async ({ ports, folder, settings }, onStop) => {
  const tools = findTools();
  const blobPort = ports.assent + blobPortOffset;
  const blobs = await startBlobs(blobPort, join(folder, 'blobs'));
  onStop(() => blobs.stop('SIGINT', 10));
  const endpoint = `BlobEndpoint=http://127.0.0.1:${blobPort}/${blobAccount}`;
  return startChild({
    name: 'Azure Functions Core Tools',
    args: [tools, 'start', '--port', String(ports.assent)],
    folder: packageFolder,
    environment: {
      ...process.env,
      ...settings,
      FUNCTIONS_WORKER_RUNTIME: 'node',
      FUNCTIONS_CORE_TOOLS_TELEMETRY_OPTOUT: '1',
      AzureWebJobsStorage: `DefaultEndpointsProtocol=http;AccountName=${blobAccount};AccountKey=${blobKey};${endpoint};`,
    },
    print: true,
  });
};

await runWorld(startFunc);
