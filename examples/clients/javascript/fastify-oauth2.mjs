import oauth from '@fastify/oauth2';
import createFastify from 'fastify';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, API } = process.env;
const { pathname, port } = new URL(REDIRECT_URI);

const fastify = createFastify();
await fastify.register(oauth, {
  name: 'assent',
  scope: ['vso.work', 'vso.code'],
  credentials: {
    client: { id: CLIENT_ID, secret: CLIENT_SECRET },
    auth: {
      authorizeHost: ISSUER,
      authorizePath: '/authorize',
      tokenHost: ISSUER,
      tokenPath: '/token',
      revokePath: '/revoke',
    },
  },
  startRedirectPath: '/',
  callbackUri: REDIRECT_URI,
  // Off unless you say so, and Assent wants it.
  pkce: 'S256',
});

fastify.get(pathname, async (request, reply) => {
  const { token } = await fastify.assent.getAccessTokenFromAuthorizationCodeFlow(request, reply);
  const headers = { authorization: `Bearer ${token.access_token}` };
  const { items, scope } = await (await fetch(new URL('/work-items', API), { headers })).json();
  // A real service keeps the tokens; this one is done with them.
  const refreshed = await fastify.assent.getNewAccessTokenUsingRefreshToken(token, {});
  await fastify.assent.revokeToken(refreshed.token, 'refresh_token', {});
  return `${items.length} work items, with ${scope}`;
});

await fastify.listen({ port: Number(port) });
console.log(`Open http://localhost:${port}/ `);
