/** Table Storage: Azurite's table service as a child process, over https with bearer tokens. */
import { request } from 'node:https';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { startChild } from './child.ts';

/** The tables that `infra/` declares; the app itself may not create any. */
const tableNames = ['users', 'clients', 'replay', 'requests', 'audit', 'deployment', 'index'] as const;

const account = 'devstoreaccount1';

export type Tables = {
  /** Account address, as TABLES_URL wants it. */
  readonly url: string;
  stop(): Promise<void>;
};

type TablesOptions = {
  readonly port: number;
  readonly certificate: Certificate;
  /** Where the data stays; without it everything is forgotten at the end. */
  readonly folder?: string | undefined;
  /** A bearer token for Table Storage. */
  readonly token: () => Promise<string>;
};

/** Where npm put Azurite. */
export const azuriteFolder = (): string => dirname(createRequire(import.meta.url).resolve('azurite/package.json'));

/** Starts Azurite and creates the tables that are missing. Rejects with what it printed when it does not start. */
export const startTables = async ({ port, certificate, folder, token }: TablesOptions): Promise<Tables> => {
  const child = await startChild({
    name: 'Table Storage emulator (Azurite)',
    args: [
      join(azuriteFolder(), 'dist/src/table/main.js'),
      ...['--tableHost', '127.0.0.1', '--tablePort', String(port), '--tableKeepAliveTimeout', '65'],
      ...['--oauth', 'basic', '--cert', certificate.certificateFile, '--key', certificate.keyFile],
      ...['--disableTelemetry', '--skipApiVersionCheck', '--silent'],
      ...(folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder]),
    ],
    environment: process.env,
    readyWhen: /successfully started/,
  });
  const url = `https://localhost:${port}/${account}`;
  const bearer = await token();
  for (const name of tableNames) await createTable({ url, name, bearer, authority: certificate.authority });
  return {
    url,
    // Azurite writes its data on SIGINT; it does not listen to SIGTERM.
    stop: () => child.stop('SIGINT', 10),
  };
};

type Creation = { readonly url: string; readonly name: string; readonly bearer: string; readonly authority: string };

/** Through node:https, because this process was started before the authority existed. */
const createTable = async ({ url, name, bearer, authority }: Creation): Promise<void> => {
  const body = JSON.stringify({ TableName: name });
  const status = await new Promise<number>((resolve, reject) => {
    const call = request(`${url}/Tables`, {
      method: 'POST',
      ca: authority,
      agent: false,
      headers: {
        accept: 'application/json;odata=nometadata',
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-ms-version': '2019-02-02',
      },
    });
    call.on('response', (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    call.on('error', reject).end(body);
  });
  const exists = 409;
  if (status >= 300 && status !== exists) throw new Error(`table ${name} could not be created: status ${status}`);
};
