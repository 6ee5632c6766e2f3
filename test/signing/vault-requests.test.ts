/** What we send to a vault ourselves is what the SDK would send, and its answers are read as the SDK reads them. */
import { describe, expect, it } from 'vitest';
import { openVaultClient } from '../../src/signing/vault-client.ts';
import { attempt, VaultFailure } from '../../src/signing/vault-key.ts';
import { headersFrom } from '../../src/transport/headers.ts';
import type { HttpClient, Request } from '../../src/transport/http-client.ts';

type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bodyAsText: string;
};

/** A client of a vault that answers so, and what it was sent. */
const openVault = (answer: Answer) => {
  const sent: Request[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      sent.push(request);
      return { ...answer, headers: headersFrom({ 'content-type': 'application/json', ...answer.headers }), request };
    },
  };
  const getToken = async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 });
  const keyUrl = 'https://ours.vault.azure.net/keys/signing';
  return { client: openVaultClient({ keyUrl, credential: { getToken }, insecureLoopback: false, httpClient }), sent };
};

const digest = Buffer.alloc(32, 250);
const { signal } = new AbortController();

/** Random, or of what is not done here. */
const own = new Set(['x-ms-client-request-id', 'accept-encoding']);

const partsOf = ({ method, url, headers, body, timeout }: Request) => ({
  method,
  url,
  body,
  timeout,
  headers: Object.fromEntries(Object.entries(headers.toJSON()).filter(([name]) => !own.has(name))),
});

/** With both, and what became of it. */
const signedTwice = async (answer: Answer) => {
  const { client, sent } = openVault(answer);
  const failureOf = (error: unknown) => {
    const { kind, retryAfterSeconds } = error as VaultFailure;
    expect(error).toBeInstanceOf(VaultFailure);
    return { kind, retryAfterSeconds };
  };
  const ours = await attempt(2_000, () => client.sign('v1', 'ES256', { digest, signal })).then(
    (bytes) => Buffer.from(bytes),
    failureOf,
  );
  const theirs = await attempt(2_000, () =>
    client.cryptography('v1').sign('ES256', digest, { abortSignal: signal }),
  ).then(({ result }) => Buffer.from(result), failureOf);
  return { ours, theirs, sent };
};

describe('a signature by the vault', () => {
  it('is asked for as the SDK asks', async () => {
    const { ours, theirs, sent } = await signedTwice({ status: 200, bodyAsText: '{"kid":"x","value":"-_8"}' });
    expect(ours).toEqual(Buffer.from([251, 255]));
    expect(ours).toEqual(theirs);
    const [first, second] = sent.map(partsOf);
    expect(first).toEqual(second);
    expect(first?.timeout).toBe(2_000);
    expect(sent.map((request) => request.requestId)).toEqual(
      sent.map((request) => request.headers.get('x-ms-client-request-id')),
    );
  });

  it.each<Answer>([
    { status: 429, headers: { 'retry-after': '7' }, bodyAsText: '{"error":{"code":"Throttled","message":"later"}}' },
    { status: 403, bodyAsText: '{"error":{"code":"Forbidden","message":"disabled"}}' },
    { status: 404, bodyAsText: '{"error":{"code":"KeyNotFound"}}' },
    { status: 500, bodyAsText: '<html>' },
    { status: 503, bodyAsText: '' },
    { status: 200, bodyAsText: '<html>' },
  ])('that is refused is taken as the SDK takes it: $status $bodyAsText', async (answer) => {
    const { ours, theirs } = await signedTwice(answer);
    expect(ours).toEqual(theirs);
    expect(ours).toHaveProperty('kind');
  });

  it('that is refused for having asked too often is throttled even without a word, which the SDK cannot read', async () => {
    const { ours } = await signedTwice({ status: 429, headers: { 'retry-after': '2' }, bodyAsText: '' });
    expect(ours).toEqual({ kind: 'throttled', retryAfterSeconds: 2 });
  });
});
