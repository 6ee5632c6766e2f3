/** What the real Functions host needs of this machine: its program, and storage of its own. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const missing = `Azure Functions Core Tools are not here. They are an optional dependency that fetches its program from Microsoft while it is
installed; without that download (no network to it, scripts not allowed, Node older than 22) npm goes on without them. Run npm ci where it is
possible, with Node 22 or newer. npm start needs no download: its small host behaves alike, see docs/functions-host.md.`;

/** The script that starts the tools. Throws an Error that says what to do when they, or their program, are not installed. */
export const findTools = (from: string = import.meta.url): string => {
  const script = resolved(from);
  if (script === undefined || !hasProgram(script)) throw new Error(missing);
  return script;
};

const resolved = (from: string): string | undefined => {
  try {
    return createRequire(from).resolve('azure-functions-core-tools/lib/main.js');
  } catch {
    return undefined;
  }
};

const hasProgram = (script: string): boolean =>
  ['func', 'func.exe'].some((name) => existsSync(join(dirname(script), '..', 'bin', name)));

/** The well-known account of every storage emulator: public, and good for nothing else. */
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export type StoragePorts = { readonly blob: number; readonly queue: number; readonly table: number };

/** AzureWebJobsStorage. All three addresses are named: what is left out the host derives, and goes out to Azure. */
export const hostStorage = ({ blob, queue, table }: StoragePorts): string =>
  [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${key}`,
    `BlobEndpoint=http://127.0.0.1:${blob}/${account}`,
    `QueueEndpoint=http://127.0.0.1:${queue}/${account}`,
    `TableEndpoint=http://127.0.0.1:${table}/${account}`,
    '',
  ].join(';');
