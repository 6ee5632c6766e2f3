/** An MCP server on Azure Functions: streamable HTTP without sessions, so that any instance answers any request. */
import { app } from '@azure/functions';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { authorize, metadataOf } from './assent.mjs';
import { scopes, scopesFor, serverFor } from './work-items.mjs';

// No stream is held open: a function that waits costs money, and its platform ends it.
const server = createMcpHandler(({ authInfo }) => serverFor(authInfo.extra), {
  responseMode: 'json',
  maxSubscriptions: 0,
});

async function mcp(request) {
  if (request.method === 'OPTIONS') return { status: 204 };
  if (isPerson(request)) return { headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  const body = request.method === 'POST' ? await request.text() : undefined;
  // What the person allowed must be enough for every message: clients ask for more when one is refused.
  const needed = scopesFor(messagesIn(body)).join(' ');
  const { url, method } = request;
  const headers = Object.fromEntries(request.headers);
  const { status, challenge, token, claims } = await authorize({ url, method, headers }, needed);
  if (challenge !== undefined) return { status, headers: { 'www-authenticate': challenge } };
  const authInfo = { token, clientId: claims.client_id, scopes: claims.scope.split(' '), extra: claims };
  const sent = new Request(url, { method, headers, body });
  const answer = await server.fetch(sent, { authInfo });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

function messagesIn(body) {
  try {
    return [JSON.parse(body)].flat();
  } catch {
    return [];
  }
}

const isPerson = ({ method, headers }) => method === 'GET' && headers.get('accept')?.includes('text/html');

const page = `<!doctype html><html lang="en"><title>An MCP server</title>
<p>This is an MCP server. Give its address, the one that you opened, to an MCP client.</p></html>`;

/** Clients that are web pages. Nothing is given to a page that brings no token, so any origin may ask. */
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, dpop, content-type, mcp-protocol-version, mcp-method, mcp-name',
  'access-control-expose-headers': 'www-authenticate',
};

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
/** Clients of 2025-03-26 look for Assent's metadata here, and go where it says. */
for (const name of ['oauth-authorization-server', 'openid-configuration'])
  register(name, `.well-known/${name}/{*path}`, async () => ({
    status: 307,
    headers: { location: `${process.env.ISSUER}/.well-known/${name}` },
  }));

register('metadata', '.well-known/oauth-protected-resource/{*path}', async () => ({
  jsonBody: metadataOf('Work items', scopes.slice(0, 1)),
}));
