/** An MCP client as people use it: the SDK's own, with somebody at the browser that it opens. */
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Person } from '../support/person.ts';

type Tokens = NonNullable<Awaited<ReturnType<OAuthClientProvider['tokens']>>>;
type Information = NonNullable<Awaited<ReturnType<OAuthClientProvider['clientInformation']>>>;

const redirectUrl = 'http://localhost:3334/oauth/callback';

export type McpClient = {
  /** Addresses that the browser was sent to, the latest last. */
  readonly opened: readonly URL[];
  readonly tokens: Tokens | undefined;
  /** Calls a tool, and says what it answers; signs in first, or again, as often as the server asks. */
  call(tool: string, parameters?: Readonly<Record<string, unknown>>): Promise<string>;
};

export type McpClientOptions = {
  readonly url: string;
  readonly person: Person;
  /** What the client was registered as; without it, it registers itself. */
  readonly registered?: Information;
  /** Keeps the refresh token; a client without one asks the person for more permissions. */
  readonly refreshes: boolean;
};

type Kept = { information: Information | undefined; tokens?: Tokens; verifier?: string };

const providerOf = (kept: Kept, opened: URL[], refreshes: boolean): OAuthClientProvider => ({
  redirectUrl,
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
});

/** Rounds through the browser before giving up. */
const patience = 3;

/** A client that knows the address of a server, and nothing else but perhaps what it was registered as. */
export const createMcpClient = ({ url, person, registered, refreshes }: McpClientOptions): McpClient => {
  const opened: URL[] = [];
  const kept: Kept = { information: registered };
  const provider = providerOf(kept, opened, refreshes);
  const attempt = async (tool: string, parameters: Readonly<Record<string, unknown>>) => {
    const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
    const client = new Client({ name: 'stranger', version: '1' });
    const before = opened.length;
    try {
      await client.connect(transport);
      return await client.callTool({ name: tool, arguments: parameters });
    } catch (error) {
      const address = opened[before];
      if (address === undefined) throw error;
      const answer = await person.authorize(address);
      await transport.finishAuth(answer.searchParams.get('code') ?? '');
      return undefined;
    } finally {
      await client.close();
    }
  };
  return {
    opened,
    get tokens() {
      return kept.tokens;
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

const textOf = ({ content }: Awaited<ReturnType<Client['callTool']>>): string =>
  (content as readonly { readonly text: string }[]).map(({ text }) => text).join('\n');
