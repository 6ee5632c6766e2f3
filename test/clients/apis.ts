/** The APIs of examples/apis: how each is started, and what it needs to be there. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const apisFolder = fileURLToPath(new URL('../../examples/apis/', import.meta.url));

export type Api = {
  readonly name: string;
  /** Below examples/apis/: the file with the ten lines. */
  readonly file: string;
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that succeeds where it could run. */
  readonly probe: readonly [string, ...string[]];
};

const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

export const apis: readonly Api[] = [
  {
    name: 'Node',
    file: 'javascript/assent.mjs',
    command: [process.execPath, 'javascript/api.mjs'],
    probe: [process.execPath, '--version'],
  },
  {
    name: 'Python',
    file: 'python/api.py',
    command: [python, 'python/api.py'],
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
    // Programs of a single file came with the SDK 10; building it brings its package.
    probe: ['sh', '-c', 'test "$(dotnet --version | cut -d. -f1)" -ge 10 && dotnet build dotnet/Api.cs'],
  },
];

/** What stands between the comments that say so. */
export const tenLinesOf = (program: string): string =>
  /^(?:#|\/\/) Assent in ten lines\n(.*?)^(?:#|\/\/) End of the ten lines$/ms.exec(program)?.[1] ?? '';
