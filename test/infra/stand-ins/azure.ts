/** Runs a hook as azd does, in a world where `az` and `azd` are stand-ins. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { infra } from '../bicep/files.ts';

export const tenantId = '22222222-2222-4222-8222-222222222222';
export const subscriptionId = '11111111-1111-4111-8111-111111111111';

type App = {
  readonly appId: string;
  /** Object id. */
  readonly id: string;
  readonly tags?: readonly string[];
  /** Object ids. */
  readonly owners: readonly string[];
  readonly displayName: string;
  readonly appRoles: readonly { readonly value: string }[];
  readonly web: { readonly redirectUris: readonly string[] };
  readonly credentials: readonly Record<string, unknown>[];
  readonly optionalClaims?: Readonly<Record<string, unknown>>;
  readonly identifierUris?: readonly string[];
  readonly api?: Readonly<Record<string, unknown>>;
};

type FunctionApp = {
  readonly name: string;
  readonly resourceGroup: string;
  readonly defaultHostName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly hostNames?: readonly string[];
};

export type World = {
  /** The azd environment. */
  values: Record<string, string>;
  accounts: { id: string; tenantId: string; user: { type: string } }[];
  currentSubscription: string;
  apps: App[];
  principals: string[];
  /** Object ids of principals, by client id. */
  objectIds: Record<string, string>;
  deletedVaults: unknown[];
  roles: { name: string }[];
  assignments: { id: string; scope?: string; principalId?: string }[];
  /** Object id of the account that runs the hook. */
  callerId: string;
  functionApps: FunctionApp[];
  appSettings: { name: string; value: string }[];
  deployments: { at: string; parameters: Record<string, { value: unknown }> }[];
  storageToken: string;
  vaultToken: string;
  /** What whoever is signed in gets for the admin API. */
  assentToken: string;
  /** Calls that each vault refused in the last day because there were too many. */
  throttled: number;
  /** Beginnings of commands that this account may not run, or that break. */
  denied: string[];
  failing: string[];
  offline: boolean;
  /** Every call so far, in order. */
  calls: string[];
};

export const newWorld = (values: Record<string, string> = {}): World => ({
  values: {
    AZURE_ENV_NAME: 'test',
    AZURE_LOCATION: 'westeurope',
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    ROLE_PROPAGATION_SECONDS: '0',
    ...values,
  },
  accounts: [{ id: subscriptionId, tenantId, user: { type: 'user' } }],
  currentSubscription: subscriptionId,
  apps: [],
  principals: [],
  objectIds: {},
  deletedVaults: [],
  roles: [],
  assignments: [],
  callerId: 'caller-1',
  functionApps: [],
  appSettings: [],
  deployments: [],
  storageToken: 'storage-token',
  vaultToken: 'vault-token',
  assentToken: 'assent-token',
  throttled: 0,
  denied: [],
  failing: [],
  offline: false,
  calls: [],
});

export type HookRun = { readonly exitCode: number; readonly output: string; readonly world: World };

type Circumstances = {
  readonly installed?: readonly ('az' | 'azd')[];
  /** The environment of the process; the values of the azd environment unless told otherwise. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder of the hooks, where it is not this repository's. */
  readonly hooks?: string;
  /** Words after the program's name. */
  readonly words?: readonly string[];
};

/** Node for the hooks; set to an older one to prove that they run there. */
const node = process.env.HOOK_NODE_PATH ?? process.execPath;

/** Runs infra/hooks/<name>.mjs once; `calls` of the returned world are those of this run. */
export const runHook = async (
  name: string,
  world: World,
  { installed = ['az', 'azd'], environment = world.values, words = [], hooks = `${infra}hooks` }: Circumstances = {},
): Promise<HookRun> => {
  return inWorld(world, installed, async (standIns, after) => {
    const env = { ...environment, ...standIns };
    const { exitCode, output } = await execute([`${hooks}/${name}.mjs`, ...words], env);
    return { exitCode, output, world: after() };
  });
};

/** Calls with the environment in which only these commands are found, and with how to see the world as they left it. */
export const inWorld = async <T>(
  world: World,
  installed: readonly ('az' | 'azd')[],
  use: (standIns: Readonly<Record<string, string>>, after: () => World) => Promise<T>,
): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'assent-hook-'));
  try {
    const worldFile = join(folder, 'world.json');
    writeFileSync(worldFile, JSON.stringify({ ...world, calls: [] }));
    for (const command of installed) writeStandIn(folder, command);
    const standIns = { PATH: folder, STAND_IN_WORLD: worldFile };
    return await use(standIns, () => JSON.parse(readFileSync(worldFile, 'utf8')) as World);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const writeStandIn = (folder: string, command: string): void => {
  const program = fileURLToPath(new URL('azure.mjs', import.meta.url));
  const path = join(folder, command);
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${program}" ${command} "$@"\n`);
  chmodSync(path, 0o755);
};

/** Runs Node and collects what it prints; never blocks this process, which may be serving the child. */
export const execute = async (
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ exitCode: number; output: string }> => {
  const child = spawn(node, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exitCode = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  return { exitCode, output };
};

export const issuer = 'https://func-test.azurewebsites.net';

/** What azd keeps of a world whose environment another machine, or a pipeline, makes anew. */
export const deployedWith = (
  settings: Record<string, string>,
  parameters: Record<string, unknown> = {},
): Pick<World, 'functionApps' | 'appSettings' | 'deployments'> => ({
  functionApps: [
    {
      name: 'func-test',
      resourceGroup: 'rg-test',
      defaultHostName: new URL(issuer).host,
      tags: { 'azd-service-name': 'server' },
    },
  ],
  appSettings: Object.entries({ ISSUER: issuer, ...settings }).map(([name, value]) => ({ name, value })),
  deployments: [
    {
      at: '2026-11-21T12:00:00Z',
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }])),
    },
  ],
});

/** The azd environment after a first provision. */
export const provisioned = (values: Record<string, string> = {}): World =>
  newWorld({
    AZURE_TENANT_ID: tenantId,
    ASSENT_ISSUER: issuer,
    ASSENT_OPERATORS: 'first-operator',
    ASSENT_SIGN_IN_PRINCIPAL_ID: 'principal-1',
    ASSENT_SIGN_IN_AUTHORITY: 'https://login.microsoftonline.com/',
    ASSENT_SIGN_IN_AUDIENCE: 'api://AzureADTokenExchange',
    ...values,
  });

/** The same, with an application that knows nothing of the deployment yet. */
export const registered = (): World => {
  const world = provisioned({ ENTRA_CLIENT_ID: 'app-1' });
  const known = { appId: 'app-1', id: 'object-1', displayName: 'x', appRoles: [], owners: ['caller-1'] };
  world.apps.push({ ...known, web: { redirectUris: [] }, credentials: [] });
  return world;
};

/** The calls that changed something. */
export const changes = (world: World): readonly string[] =>
  world.calls.filter((call) => /\b(create|update|delete|set|recover|register|post|patch)\b/.test(call));
