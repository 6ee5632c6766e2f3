/** The servers that are measured, each with a person who uses it and the services that ask there. */
import { type Child, startChild } from '../local/child.ts';
import { startHostProcess } from '../local/processes.ts';
import { createPerson, type Person } from '../test/support/person.ts';
import { createService, type Service } from '../test/support/service.ts';
import { packageFolder } from './packages.ts';
import { peerRedirectUri } from './peer/provider.ts';
import type { World } from './world.ts';

type Kind = {
  readonly title: string;
  readonly metadataPath: string;
  /** Answers 200 when everything that the server depends on does. */
  readonly readyPath?: string;
  readonly port: (world: World) => number;
  readonly start: (port: number, settings: Settings) => Promise<Child>;
};

type Settings = Readonly<Record<string, string>>;

/** One row per server; the first is the one that the others are compared with. */
export const kinds = {
  assent: {
    title: 'Assent',
    metadataPath: '/.well-known/oauth-authorization-server',
    readyPath: '/readyz',
    port: ({ ports }) => ports.assent,
    start: (port, settings) => startHostProcess({ port, settings, print: false }),
  },
  peer: {
    title: 'oidc-provider, same host, tables and vault',
    metadataPath: '/.well-known/openid-configuration',
    port: ({ peerPorts }) => peerPorts.peer,
    start: (port, settings) => startHostProcess({ port, settings, print: false, packageFolder: packageFolder('peer') }),
  },
  plain: {
    title: 'oidc-provider, plain Node, local key',
    metadataPath: '/.well-known/openid-configuration',
    port: ({ peerPorts }) => peerPorts.plain,
    start: (port, settings) =>
      startChild({
        name: 'plain peer',
        args: [`${packageFolder('plain')}/main.cjs`],
        environment: { ...process.env, ...settings, PEER_LOCAL_KEY: 'true', PEER_PORT: String(port) },
        readyWhen: /listens/,
      }),
  },
  empty: {
    title: 'Empty function app',
    metadataPath: '/',
    port: ({ peerPorts }) => peerPorts.empty,
    start: (port, settings) =>
      startHostProcess({ port, settings, print: false, packageFolder: packageFolder('empty') }),
  },
} as const satisfies Record<string, Kind>;

/** Whatever can be started. */
export type KindName = keyof typeof kinds;

/** The servers that do the work of an authorization server. */
export const servers = ['assent', 'peer', 'plain'] as const satisfies readonly KindName[];
/** Whatever can be compared. */
export type ServerName = (typeof servers)[number];

/** A process that listens at `issuer`. */
export type Running = { readonly kind: KindName; readonly issuer: string; readonly child: Child };

/** What is known of a server before it runs. */
export const kindOf = (name: KindName): Kind => kinds[name];

/** Resolves when it listens; rejects with what it printed. */
export const startServer = async (world: World, name: KindName): Promise<Running> => {
  const kind = kindOf(name);
  const port = kind.port(world);
  const issuer = `http://localhost:${port}`;
  return { kind: name, issuer, child: await kind.start(port, { ...world.settings, ISSUER: issuer }) };
};

/** A server and who uses it. */
export type Subject = Running & {
  readonly person: Person;
  /** Asks for authorizations. */
  readonly web: Service;
  /** Asks for tokens of its own. */
  readonly machine: Service;
};

/** Who uses a server that runs. */
export const usersOf = (
  world: World,
  { kind, issuer }: Pick<Running, 'kind' | 'issuer'>,
  login = 'alice',
): Pick<Subject, 'person' | 'web' | 'machine'> => {
  const isAssent = kind === 'assent';
  const redirectUri = isAssent ? `http://localhost:${world.ports.service}/callback` : peerRedirectUri;
  return {
    person: createPerson({
      login,
      issuer,
      providerIssuer: isAssent ? world.emulators.provider.issuer : issuer,
    }),
    web: createService(issuer, { clientId: 'demo-web', secret: 'demo-web-secret', redirectUri }),
    machine: createService(issuer, { clientId: 'demo-service', secret: 'demo-service-secret' }),
  };
};
