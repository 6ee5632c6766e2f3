/** The client of these tests, as the conformance package runs it: with the address of a server, and a scenario in the environment. */
import { createMcpClient, type McpClientOptions } from './mcp-client.ts';

const { SDK, MCP_CONFORMANCE_CONTEXT = '{}' } = process.env;
const context = JSON.parse(MCP_CONFORMANCE_CONTEXT) as { readonly client_id?: string; readonly client_secret?: string };

/** Its servers ask nobody: they redirect at once. */
const authorize = async (address: URL): Promise<URL> => {
  const location = (await fetch(address, { redirect: 'manual' })).headers.get('location');
  if (location === null) throw new Error(`${address.href} leads nowhere`);
  return new URL(location);
};

const { client_id: clientId, client_secret: secret } = context;
const registered =
  clientId === undefined ? undefined : { client_id: clientId, ...(secret && { client_secret: secret }) };

const client = createMcpClient({
  sdk: SDK as McpClientOptions['sdk'],
  url: process.argv.at(-1) ?? '',
  person: { authorize },
  registered,
  refreshes: true,
  // The address that its scenarios expect.
  document: 'https://conformance-test.local/client-metadata.json',
});
console.log(await client.call('test-tool'));
