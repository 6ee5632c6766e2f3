/** The local world's child processes that run Assent's own code. */
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';

const project = fileURLToPath(new URL('..', import.meta.url));

export type Environment = Readonly<Record<string, string | undefined>>;

type HostOptions = {
  readonly port: number;
  readonly settings: Environment;
  readonly print: boolean;
  /** Defaults to what `npm run build` made. */
  readonly packageFolder?: string;
};

/** Starts the Functions host with the built bundle; resolves when it listens. */
export const startHostProcess = ({ port, settings, print, packageFolder }: HostOptions): Promise<Child> =>
  startChild({
    name: 'Functions host',
    args: [`${project}local/host/main.ts`, packageFolder ?? `${project}dist/package`, String(port)],
    environment: { ...process.env, ...settings },
    readyWhen: /Functions host listens on/,
    print,
  });

/** Starts the example MCP server in a Functions host of its own; resolves when it listens. */
export const startMcpServer = (options: {
  readonly port: number;
  readonly issuer: string;
  readonly resource: string;
}): Promise<Child> =>
  startHostProcess({
    port: options.port,
    settings: { ISSUER: options.issuer, RESOURCE: options.resource },
    print: false,
    packageFolder: `${project}examples/apis/mcp-functions`,
  });

/** Resolves when the script has ended well; rejects with what it printed otherwise. */
const runToEnd = async (name: string, script: string, settings: Environment): Promise<void> => {
  const environment = { ...process.env, ...settings };
  const child = await startChild({ name, args: [`${project}${script}`], environment });
  const code = await child.ended;
  if (code !== 0) throw new Error(`${name} ended with code ${code}:\n${child.output()}`);
};

export const buildPackage = (): Promise<void> => runToEnd('npm run build', 'scripts/build.mjs', {});

export const seedClients = (settings: Environment): Promise<void> =>
  runToEnd('seeding the demo clients', 'local/seed.ts', settings);

const pollMilliseconds = 100;

/** Resolves when `/readyz` answers 200; rejects after `patienceSeconds` with its last answer. */
export const waitUntilReady = async (origin: string, patienceSeconds: number): Promise<void> => {
  const deadline = performance.now() + patienceSeconds * 1000;
  for (;;) {
    const answer = await fetch(`${origin}/readyz`).catch((error: unknown) => String(error));
    if (typeof answer !== 'string' && answer.ok) return;
    if (performance.now() > deadline) {
      const words = typeof answer === 'string' ? answer : `${answer.status} ${await answer.text()}`;
      throw new Error(`Assent is not ready after ${patienceSeconds} s: ${words}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
};
