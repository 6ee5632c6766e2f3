/** The round trips to a vault: no more than do something. */
import { describe, expect, it } from 'vitest';
import { openVaultClient } from '../../src/signing/vault-client.ts';
import { headersFrom } from '../../src/transport/headers.ts';
import { createHttpClient, type HttpClient } from '../../src/transport/http-client.ts';
import { claimsAt, createClock, signerFor, startTestVault } from './fixture.ts';

type Sent = { readonly path: string; readonly authorization: string | undefined; readonly body: unknown };

/** A vault that signs everything with one byte, and what it was asked. */
const openRecorded = (vaultOrigin: string) => {
  const sent: Sent[] = [];
  const scopes: unknown[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      const { pathname, search } = new URL(request.url);
      const { body } = request;
      sent.push({ path: pathname + search, authorization: request.headers.get('authorization'), body });
      const headers = headersFrom({ 'content-type': 'application/json' });
      return { status: 200, headers, bodyAsText: '{"kid":"x","value":"AQ"}', request };
    },
  };
  const getToken = async (scope: string | string[]) => {
    scopes.push(scope);
    return { token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 };
  };
  const client = openVaultClient({
    keyUrl: `${vaultOrigin}/keys/signing`,
    credential: { getToken },
    insecureLoopback: vaultOrigin.startsWith('http:'),
    httpClient,
  });
  return { client, sent, scopes };
};

describe('a client of a vault', () => {
  it.each([
    ['https://ours.vault.azure.net', 'https://vault.azure.net/.default'],
    ['https://ours.vault.azure.cn', 'https://vault.azure.cn/.default'],
    ['https://ours.vault.usgovcloudapi.net', 'https://vault.usgovcloudapi.net/.default'],
    ['https://ours.managedhsm.azure.net', 'https://managedhsm.azure.net/.default'],
    ['http://localhost:7075', 'https://vault.azure.net/.default'],
  ])('signs at %s with its first request, with a token for %s', async (origin, scope) => {
    const { client, sent, scopes } = openRecorded(origin);
    const { signal } = new AbortController();
    expect([...(await client.sign('v1', 'RS256', { digest: Buffer.from('digest'), signal }))]).toEqual([1]);
    expect(sent).toEqual([
      {
        path: expect.stringMatching(/^\/keys\/signing\/v1\/sign\?api(-|%2D)version=/),
        authorization: 'Bearer token',
        body: JSON.stringify({ alg: 'RS256', value: Buffer.from('digest').toString('base64url') }),
      },
    ]);
    expect(scopes).toEqual([[scope]]);
  });

  it('needs three requests for the first token of a process: the list, the public key, the signature', async () => {
    const clock = createClock();
    const vault = await startTestVault(clock);
    await vault.createKey('signing', { kty: 'RSA', createdAt: clock.now - 86_400 });
    const sent: string[] = [];
    const { sendRequest } = createHttpClient();
    const httpClient: HttpClient = {
      sendRequest: (request) => {
        sent.push(`${request.method} ${new URL(request.url).pathname}`);
        return sendRequest(request);
      },
    };
    const { signer } = signerFor([vault], clock, { httpClient });
    await signer.sign('at+jwt', claimsAt(clock.now));
    expect(sent).toEqual([
      'GET /keys/signing/versions',
      expect.stringMatching(/^GET \/keys\/signing\/\w+$/),
      expect.stringMatching(/^POST \/keys\/signing\/\w+\/sign$/),
    ]);
  });
});
