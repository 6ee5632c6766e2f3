/** The example programs of docs/clients.md: how each is started, and what it needs to be there. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const examplesFolder = fileURLToPath(new URL('../../examples/clients/', import.meta.url));

export type Example = {
  /** The library, as docs/clients.md calls it. */
  readonly name: string;
  /** Below examples/clients/. */
  readonly file: string;
  /** A program that asks for the answer's address, or a web application with a sign-in of its own. */
  readonly kind: 'terminal' | 'web';
  /** Gives its token back at the end (RFC 7009). */
  readonly givesBack: boolean;
  /** Shows the name of who signed in (OpenID Connect). */
  readonly signsIn?: true;
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that succeeds where the library is there. */
  readonly probe: readonly [string, ...string[]];
};

const node = (name: string): Pick<Example, 'name' | 'file' | 'command' | 'probe'> => ({
  name: `JavaScript: ${name}`,
  file: `javascript/${name}.mjs`,
  command: [process.execPath, `javascript/${name}.mjs`],
  probe: [process.execPath, '-e', `process.exit(require("fs").existsSync("javascript/node_modules/${name}") ? 0 : 1)`],
});

const jars = [
  'google-oauth-client',
  'google-http-client',
  'google-http-client-gson',
  'gson',
  'guava',
  'opencensus-api',
];
const moreJars = ['opencensus-contrib-http-util', 'grpc-context', 'commons-codec', 'commons-logging', 'httpcore'];
const classPath = [...jars, ...moreJars].map((jar) => `/usr/share/java/${jar}.jar`).join(':');

/** Debian has Go libraries below /usr/share/gocode, for builds without modules. */
const goEnvironment = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '' };

const dotnetEnvironment = {
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  DOTNET_SKIP_FIRST_TIME_EXPERIENCE: '1',
};

const python = (name: string, file: string, module: string) => ({
  name,
  file: `python/${file}`,
  kind: 'terminal' as const,
  givesBack: true,
  // Debian's own interpreter, for which Debian's packages are.
  command: [debianPython, `python/${file}`] as const,
  probe: [debianPython, '-c', `import ${module}`] as const,
});

const debianPython = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

export const examples: readonly Example[] = [
  { ...node('openid-client'), kind: 'terminal', givesBack: true },
  { ...node('oauth4webapi'), kind: 'terminal', givesBack: true },
  { ...node('simple-oauth2'), kind: 'terminal', givesBack: true },
  { ...node('passport-oauth2'), kind: 'web', givesBack: false },
  {
    ...node('mcp-sdk'),
    name: 'JavaScript: MCP SDK',
    kind: 'terminal',
    givesBack: false,
    probe: [
      process.execPath,
      '-e',
      'require.resolve("./javascript/node_modules/@modelcontextprotocol/sdk/package.json")',
    ],
  },
  {
    ...node('fastify-oauth2'),
    name: 'JavaScript: @fastify/oauth2',
    kind: 'web',
    givesBack: true,
    probe: [process.execPath, '-e', 'require.resolve("./javascript/node_modules/@fastify/oauth2/package.json")'],
  },
  python('Python: requests-oauthlib', 'requests_oauthlib_client.py', 'requests_oauthlib'),
  python('Python: Authlib', 'authlib_client.py', 'authlib.integrations.requests_client'),
  {
    ...python('Python: Flask with Authlib', 'flask_authlib.py', 'authlib.integrations.flask_client, flask'),
    kind: 'web',
    givesBack: false,
  },
  {
    ...python(
      'Python: Flask with Authlib, OpenID Connect',
      'flask_authlib_openid.py',
      'authlib.integrations.flask_client, flask',
    ),
    kind: 'web',
    givesBack: false,
    signsIn: true,
  },
  {
    name: 'Go: golang.org/x/oauth2',
    file: 'go/main.go',
    kind: 'terminal',
    givesBack: false,
    command: ['go', 'run', 'go/main.go'],
    environment: goEnvironment,
    probe: ['go', 'list', 'golang.org/x/oauth2'],
  },
  {
    name: '.NET: ASP.NET Core AddOAuth',
    file: 'dotnet/AddOAuth.cs',
    kind: 'web',
    givesBack: false,
    command: ['dotnet', 'run', 'dotnet/AddOAuth.cs'],
    environment: dotnetEnvironment,
    // Programs of a single file came with the SDK 10.
    probe: ['sh', '-c', 'test "$(dotnet --version | cut -d. -f1)" -ge 10'],
  },
  {
    name: '.NET: ASP.NET Core AddOpenIdConnect',
    file: 'dotnet/AddOpenIdConnect.cs',
    kind: 'web',
    givesBack: false,
    signsIn: true,
    command: ['dotnet', 'run', 'dotnet/AddOpenIdConnect.cs'],
    environment: dotnetEnvironment,
    // Its package is NuGet's.
    probe: ['sh', '-c', 'test "$(dotnet --version | cut -d. -f1)" -ge 10 && dotnet restore dotnet/AddOpenIdConnect.cs'],
  },
  {
    name: 'Java: google-oauth-client',
    file: 'java/Connect.java',
    kind: 'terminal',
    givesBack: false,
    command: ['java', '-cp', classPath, 'java/Connect.java'],
    probe: ['sh', '-c', 'java -version && test -e /usr/share/java/google-oauth-client.jar'],
  },
  {
    name: 'Ruby: oauth2',
    file: 'ruby/connect.rb',
    kind: 'terminal',
    givesBack: false,
    command: ['ruby', 'ruby/connect.rb'],
    probe: ['ruby', '-e', "require 'oauth2'"],
  },
];

/** True where the program could run. */
export const isThere = ({ probe: [program, ...args], environment }: Example): boolean =>
  spawnSync(program, args, { cwd: examplesFolder, env: { ...process.env, ...environment }, stdio: 'ignore' }).status ===
  0;
