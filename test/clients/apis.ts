/** The APIs of examples/apis: how each is started, and what it needs to be there. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Running, run } from './program.ts';

export const apisFolder = fileURLToPath(new URL('../../examples/apis/', import.meta.url));

export type Api = {
  readonly name: string;
  /** Below examples/apis/: the file with the ten lines. */
  readonly file: string;
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** What DPoP proofs may be signed with (RFC 9449). */
  readonly algorithms: readonly string[];
  /** A command that succeeds where it could run. */
  readonly probe: readonly [string, ...string[]];
};

const algorithms = ['ES256', 'PS256', 'EdDSA', 'RS256'];

const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

export const apis: readonly Api[] = [
  {
    name: 'Node',
    file: 'javascript/assent.mjs',
    command: [process.execPath, 'javascript/api.mjs'],
    algorithms,
    probe: [process.execPath, '--version'],
  },
  {
    name: 'Python',
    file: 'python/api.py',
    command: [python, 'python/api.py'],
    algorithms,
    probe: [python, '-c', 'import jwt, cryptography'],
  },
  {
    name: 'ASP.NET Core',
    file: 'dotnet/Api.cs',
    command: ['dotnet', 'run', 'dotnet/Api.cs'],
    environment: {
      DOTNET_CLI_TELEMETRY_OPTOUT: '1',
      DOTNET_NOLOGO: '1',
      DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1',
    },
    // .NET has no Ed25519.
    algorithms: algorithms.filter((one) => one !== 'EdDSA'),
    // Programs of a single file came with the SDK 10; building it brings its package.
    probe: ['sh', '-c', 'test "$(dotnet --version | cut -d. -f1)" -ge 10 && dotnet build dotnet/Api.cs'],
  },
];

/** What stands between the comments that say so. */
export const tenLinesOf = (program: string): string =>
  /^(?:#|\/\/) Assent in ten lines\n(.*?)^(?:#|\/\/) End of the ten lines$/ms.exec(program)?.[1] ?? '';

/** Whether it can run on this machine. */
export const isThere = ({ probe: [program, ...args], environment }: Api): boolean =>
  spawnSync(program, args, { cwd: apisFolder, env: { ...process.env, ...environment }, stdio: 'ignore' }).status === 0;

/** What the APIs are, where a test says nothing else. */
export const resource = 'https://api.example.com/work';
/** Where their metadata is then. */
export const metadata = 'https://api.example.com/.well-known/oauth-protected-resource/work';

export const startApi = (api: Api, settings: Readonly<Record<string, string>>): Running =>
  run(api, { RESOURCE: resource, PORT: '0', ...settings }, apisFolder);

/** Epoch seconds. */
export const now = (): number => Math.floor(Date.now() / 1000);

/** Claims of a token as Assent makes them. */
export const goodClaims = (issuer: string): Readonly<Record<string, unknown>> => ({
  iss: issuer,
  aud: resource,
  sub: 'opaque',
  uid: 'alice',
  client_id: 'service',
  scope: 'vso.code vso.work vso.work_write',
  iat: now(),
  exp: now() + 600,
  auth_time: now() - 60,
  jti: 'id',
});
