/** MCP clients as people use them: those of the SDK's two lines, with somebody at the browser that they open. */
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

type Tokens = NonNullable<Awaited<ReturnType<OAuthClientProvider['tokens']>>>;
type Information = NonNullable<Awaited<ReturnType<OAuthClientProvider['clientInformation']>>>;

type Parameters = Readonly<Record<string, unknown>>;

type Connection = {
  /** What the tool answers. Rejects where the person has to do something first. */
  call(tool: string, parameters: Parameters): Promise<unknown>;
  /** What was agreed on; undefined before. */
  readonly revision: () => string | undefined;
  /** With what the browser came back with. */
  finish(answer: URLSearchParams): Promise<void>;
  close(): Promise<void>;
};

type Connect = (url: URL, provider: OAuthClientProvider) => Connection;

const identity = { name: 'stranger', version: '1' };

/** Line of the SDK -> how it connects. The second checks `iss`, and speaks the revision of 2026-07-28 where the server does. */
const sdks = {
  '1': (url, authProvider) => {
    const transport = new StreamableHTTPClientTransport(url, { authProvider });
    const client = new Client(identity);
    return {
      call: async (name, parameters) => {
        await client.connect(transport);
        return client.callTool({ name, arguments: parameters });
      },
      revision: () => transport.protocolVersion,
      finish: (answer) => transport.finishAuth(answer.get('code') ?? ''),
      close: () => client.close(),
    };
  },
  '2': (url, authProvider) => {
    const transport = new ModernTransport(url, { authProvider });
    const client = new ModernClient(identity, { versionNegotiation: { mode: 'auto' } });
    return {
      call: async (name, parameters) => {
        await client.connect(transport);
        return client.callTool({ name, arguments: parameters });
      },
      revision: () => client.getNegotiatedProtocolVersion(),
      finish: (answer) => transport.finishAuth(answer),
      close: () => client.close(),
    };
  },
} as const satisfies Readonly<Record<string, Connect>>;

/** Where the browser is sent back to. */
export const redirectUrl = 'http://localhost:3334/oauth/callback';

export type McpClient = {
  /** Addresses that the browser was sent to, the latest last. */
  readonly opened: readonly URL[];
  readonly tokens: Tokens | undefined;
  /** Of MCP, in the latest connection. */
  readonly revision: string | undefined;
  /** Calls a tool, and says what it answers; signs in first, or again, as often as the server asks. */
  call(tool: string, parameters?: Parameters): Promise<string>;
};

export type McpClientOptions = {
  readonly sdk: keyof typeof sdks;
  readonly url: string;
  /** Whoever is at the browser: gives the address that the client is answered at. */
  readonly person: { authorize(address: URL): Promise<URL> };
  /** What the client was registered as; without it, it registers itself, or says where its document is. */
  readonly registered?: Information | undefined;
  /** The https address of its Client ID Metadata Document, which is then its id wherever documents are taken. */
  readonly document?: string | undefined;
  /** Whether it keeps the refresh token. */
  readonly refreshes: boolean;
};

type Discovered = Awaited<ReturnType<NonNullable<OAuthClientProvider['discoveryState']>>>;

type Kept = {
  discovered?: Discovered;
  information: Information | undefined;
  tokens?: Tokens;
  verifier?: string;
  revision?: string | undefined;
};

const providerOf = (
  kept: Kept,
  opened: URL[],
  { refreshes, document }: Pick<McpClientOptions, 'refreshes' | 'document'>,
): OAuthClientProvider => ({
  redirectUrl,
  ...(document === undefined ? {} : { clientMetadataUrl: document }),
  clientMetadata: { client_name: 'A stranger', redirect_uris: [redirectUrl], token_endpoint_auth_method: 'none' },
  clientInformation: () => kept.information,
  saveClientInformation: (information) => {
    kept.information = information;
  },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => {
    kept.tokens = refreshes ? tokens : { ...tokens, refresh_token: undefined };
  },
  redirectToAuthorization: (address) => {
    opened.push(address);
  },
  saveCodeVerifier: (verifier) => {
    kept.verifier = verifier;
  },
  codeVerifier: () => kept.verifier ?? '',
  saveDiscoveryState: (discovered) => {
    kept.discovered = discovered;
  },
  discoveryState: () => kept.discovered,
});

/** Rounds through the browser before giving up. */
const patience = 3;

/** A client that knows the address of a server, and nothing else but perhaps what it was registered as. */
export const createMcpClient = ({ sdk, url, person, registered, ...options }: McpClientOptions): McpClient => {
  const opened: URL[] = [];
  const kept: Kept = { information: registered };
  const provider = providerOf(kept, opened, options);
  const attempt = async (tool: string, parameters: Parameters): Promise<unknown> => {
    const connection: Connection = sdks[sdk](new URL(url), provider);
    const before = opened.length;
    try {
      return await connection.call(tool, parameters);
    } catch (error) {
      const address = opened[before];
      if (address === undefined) throw error;
      await connection.finish((await person.authorize(address)).searchParams);
      return undefined;
    } finally {
      kept.revision = connection.revision();
      await connection.close();
    }
  };
  return {
    opened,
    get tokens() {
      return kept.tokens;
    },
    get revision() {
      return kept.revision;
    },
    call: async (tool, parameters = {}) => {
      for (let round = 0; round < patience; round++) {
        const answer = await attempt(tool, parameters);
        if (answer !== undefined) return textOf(answer);
      }
      throw new Error(`${tool}: the server asks for a sign-in again and again`);
    },
  };
};

const textOf = (answer: unknown): string =>
  (answer as { readonly content: readonly { readonly text: string }[] }).content.map(({ text }) => text).join('\n');
