import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER, AUDIENCE, CLIENT_ID, CLIENT_SECRET, PORT = '8081' } = process.env;
const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', ISSUER));

/** Claims of a good token; undefined for any other (RFC 9068 §4). */
async function verified(token) {
  try {
    const checks = { issuer: ISSUER, audience: AUDIENCE, typ: 'at+jwt', requiredClaims: ['exp', 'sub', 'client_id'] };
    return (await jwtVerify(token, keys, checks)).payload;
  } catch {
    return undefined;
  }
}

/** Whether the person still allows it (RFC 7662). Without this question a token is good until it expires. */
async function isActive(token) {
  const response = await fetch(`${ISSUER}/introspect`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${CLIENT_ID}:${CLIENT_SECRET}`)}` },
    body: new URLSearchParams({ token }),
  });
  return response.ok && (await response.json()).active;
}

const server = createServer(async (request, response) => {
  const refuse = (status, challenge) => response.writeHead(status, { 'www-authenticate': challenge }).end();
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return refuse(401, 'Bearer');

  const claims = await verified(token);
  if (claims === undefined || !(await isActive(token))) return refuse(401, 'Bearer error="invalid_token"');
  if (!claims.scope.split(' ').includes('vso.work'))
    return refuse(403, 'Bearer error="insufficient_scope", scope="vso.work"');

  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ person: claims.uid, service: claims.client_id }));
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`Open http://localhost:${server.address().port}/ `));
