/** An MCP server on Azure Functions (streamable HTTP, without sessions, so that any instance answers any request). */
import { app } from '@azure/functions';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { authorize, metadataOf } from './assent.mjs';
import { scopes, scopesFor, serverFor } from './work-items.mjs';

/** Clients that are web pages. Nothing is given to a page that brings no token, so any origin may ask. */
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, mcp-protocol-version, mcp-method, mcp-name, last-event-id',
  'access-control-expose-headers': 'www-authenticate',
};

const page = `<!doctype html><html lang="en"><title>An MCP server</title>
<p>This is an MCP server. Give its address, the one that you opened, to an MCP client.</p></html>`;

async function mcp(request) {
  if (request.method === 'OPTIONS') return { status: 204 };
  if (request.method === 'GET' && request.headers.get('accept')?.includes('text/html'))
    return { headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  const message = request.method === 'POST' ? await request.json().catch(() => undefined) : undefined;
  // What the person allowed must be enough for every message: clients ask for more when one is refused.
  const needed = scopesFor([message].flat()).join(' ');
  const { status, challenge, claims } = await authorize(request.headers.get('authorization'), needed);
  if (challenge !== undefined) return { status, headers: { 'www-authenticate': challenge } };
  // Without sessions there is no stream to open and none to end.
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
  return answer(request, message, claims);
}

async function answer({ url, headers }, message, claims) {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await serverFor(claims).connect(transport);
  const request = new Request(url, { method: 'POST', headers: Object.fromEntries(headers) });
  const response = await transport.handleRequest(request, { parsedBody: message });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

const register = (name, route, handle) =>
  app.http(name, {
    route,
    authLevel: 'anonymous',
    methods: ['GET', 'POST', 'DELETE', 'OPTIONS'],
    handler: async (request, context) => {
      const reply = await handle(request).catch((error) => {
        context.error(error);
        return { status: 503, headers: { 'retry-after': '5' } };
      });
      return { ...reply, headers: { ...cors, ...reply.headers } };
    },
  });

register('mcp', 'mcp', mcp);
register('metadata', '.well-known/oauth-protected-resource/{*path}', async () => ({
  jsonBody: metadataOf('Work items', scopes.slice(0, 1)),
}));
