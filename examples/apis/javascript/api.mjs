import { createServer } from 'node:http';
import { authorize, metadataOf } from './assent.mjs';

const { PORT = '8081' } = process.env;

/** Method -> the permission, and how many seconds ago the person must have signed in. */
const needs = { GET: ['vso.work'], DELETE: ['vso.work_write', 300] };

async function answer(request) {
  const { method, url } = request;
  if (url.startsWith('/.well-known/oauth-protected-resource'))
    return { status: 200, body: metadataOf('Work items', ['vso.work', 'vso.work_write']) };
  if (!(method in needs)) return { status: 405 };
  const { status, challenge, claims } = await authorize(request, ...needs[method]);
  if (challenge !== undefined) return { status, challenge };
  return { status: 200, body: { person: claims.uid, service: claims.client_id } };
}

const server = createServer(async (request, response) => {
  // Never let a token pass because its keys could not be fetched.
  const { status, challenge, body } = await answer(request).catch(() => ({ status: 503 }));
  if (challenge !== undefined) response.setHeader('www-authenticate', challenge);
  if (status === 503) response.setHeader('retry-after', '5');
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`Open http://localhost:${server.address().port}/ `));
