/** Tokens of the managed identity, over the client that everything else is sent with. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { managedIdentity } from '../../src/managed-identity.ts';
import { createHttpClient } from '../../src/transport/http-client.ts';

let answer: RequestListener;
// One for all: the SDK remembers where it found it.
const endpoint = createServer((request, response) => answer(request, response));

beforeAll(async () => {
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'secret of the platform');
});

afterAll(() => {
  vi.unstubAllEnvs();
  endpoint.close();
  endpoint.closeAllConnections();
});

const giveToken: RequestListener = (_request, response) => {
  const expiresOn = String(Math.floor(Date.now() / 1000) + 3_600);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ access_token: 'a.b.c', expires_on: expiresOn, token_type: 'Bearer' }));
};

let audiences = 0;

/** For an audience of its own: the SDK keeps tokens. */
const tokenFor = async (): Promise<{ readonly audience: string; readonly token: string | undefined }> => {
  audiences += 1;
  const audience = `https://${audiences}.example`;
  const credential = managedIdentity('the-client-id', createHttpClient());
  return { audience, token: (await credential.getToken(`${audience}/.default`))?.token };
};

it('asks the endpoint of the platform as it wants to be asked', async () => {
  const seen: unknown[] = [];
  answer = (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://endpoint');
    seen.push([request.method, request.headers['x-identity-header'], Object.fromEntries(searchParams)]);
    giveToken(request, response);
  };
  const { audience, token } = await tokenFor();
  expect(token).toBe('a.b.c');
  const asked = { 'api-version': '2019-08-01', resource: audience, client_id: 'the-client-id' };
  expect(seen).toEqual([['GET', 'secret of the platform', asked]]);
});

it.each<{ what: string; fail: RequestListener }>([
  { what: 'broke off', fail: (request) => request.socket.destroy() },
  { what: 'was answered with a failure', fail: (_request, response) => response.writeHead(503).end() },
])('tries again what $what', async ({ fail }) => {
  let requests = 0;
  answer = (request, response) => {
    requests += 1;
    (requests === 1 ? fail : giveToken)(request, response);
  };
  // The pause before a second request is the SDK's, and a machine may be too busy to do both in time.
  await vi.waitFor(
    async () => {
      requests = 0;
      expect((await tokenFor()).token).toBe('a.b.c');
      expect(requests).toBe(2);
    },
    { timeout: 60_000 },
  );
});
