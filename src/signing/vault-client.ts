/** Clients of the SDK for one key in one vault, without the round trips that the SDK makes to find out what is known here. */
import { randomUUID } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import { CryptographyClient, KeyClient, type KeyClientOptions, type KeyVaultKey } from '@azure/keyvault-keys';
import type { Signal } from '../limits/deadline.ts';
import { headersFrom } from '../transport/headers.ts';
import type { HttpClient, Pipeline, Request, Response } from '../transport/http-client.ts';
import { makeThin } from '../transport/pipeline.ts';
import { signatureIn, signRequest } from './vault-requests.ts';

/** The SDK has no time limit of its own. One round trip gets this long. */
export const requestMilliseconds = 2_000;

export type VaultClientOptions = {
  /** `https://<vault>/keys/<name>` */
  readonly keyUrl: string;
  readonly credential: TokenCredential;
  /** Allows http to a vault on this machine. */
  readonly insecureLoopback: boolean;
  readonly httpClient: HttpClient;
  /** Hears the vault's `Date` in epoch seconds. */
  readonly onDate?: (epochSeconds: number) => void;
};

type VaultClient = {
  /** `<vault host>/<key name>`, for log lines. */
  readonly label: string;
  readonly name: string;
  readonly keys: KeyClient;
  /** Signs a digest with one version of the key. Throws as the SDK does. */
  sign(version: string, alg: string, by: { readonly digest: Uint8Array; readonly signal: Signal }): Promise<Uint8Array>;
  /** What else works with one version of the key, all of it in the vault. */
  cryptography(version: string): CryptographyClient;
};

/** Sends nothing yet. Throws when `keyUrl` is not the address of a key. */
export const openVaultClient = (options: VaultClientOptions): VaultClient => {
  const { origin, host, name } = parseKeyUrl(options.keyUrl);
  const clients = new Map<string, CryptographyClient>();
  const keys = new KeyClient(origin, options.credential, clientOptions(options));
  const send = thinSender(keys, options);
  return {
    label: `${host}/${name}`,
    name,
    keys,
    sign: async (version, alg, { digest, signal }) =>
      signatureIn(await send(signRequest(`${origin}/keys/${name}/${version}`, { alg, digest }), signal)),
    cryptography: (version) => {
      const known = clients.get(version);
      if (known !== undefined) return known;
      // From a mere address the SDK would read the key before its first use.
      const key: KeyVaultKey = {
        id: `${origin}/keys/${name}/${version}`,
        name,
        properties: { vaultUrl: origin, name, version },
      };
      const client = new CryptographyClient(key, options.credential, clientOptions(options));
      clients.set(version, client);
      return client;
    },
  };
};

type Send = (request: ReturnType<typeof signRequest>, abortSignal: Signal) => Promise<Response>;

/** The SDK's own pipeline, which it keeps to itself: who signs in, and what is added here, and no more. */
const thinSender = (
  keys: KeyClient,
  {
    httpClient,
    insecureLoopback: allowInsecureConnection,
  }: Pick<VaultClientOptions, 'httpClient' | 'insecureLoopback'>,
): Send => {
  const pipeline = (keys['client'] as { readonly pipeline: Pipeline }).pipeline.clone();
  makeThin(pipeline);
  return (request, abortSignal) =>
    pipeline.sendRequest(httpClient, {
      ...request,
      abortSignal,
      allowInsecureConnection,
      requestId: randomUUID(),
      timeout: requestMilliseconds,
      withCredentials: false,
    });
};

/** Throws when it is not the address of a key. */
const parseKeyUrl = (keyUrl: string): { origin: string; host: string; name: string } => {
  const url = new URL(keyUrl);
  const name = /^\/keys\/([0-9a-zA-Z-]{1,127})$/.exec(url.pathname)?.[1];
  if (name === undefined) throw new Error(`${keyUrl} is not the address of a key: https://<vault>/keys/<name>`);
  return { origin: url.origin, host: url.host, name };
};

/** Retries are the signer's business, which may take another vault; a second layer of them would only add waiting. */
const clientOptions = ({ insecureLoopback, httpClient, onDate = () => {} }: VaultClientOptions): KeyClientOptions => ({
  httpClient,
  retryOptions: { maxRetries: 0 },
  ...(insecureLoopback ? { allowInsecureConnection: true, disableChallengeResourceVerification: true } : {}),
  additionalPolicies: [
    {
      position: 'perCall',
      policy: {
        name: 'vaultClockAndTimeLimit',
        sendRequest: async (request, next) => {
          // The SDK passes the caller's signal to the first page of a list only: the limit covers the others.
          request.timeout = requestMilliseconds;
          const response = await next(request);
          const milliseconds = Date.parse(response.headers.get('date') ?? '');
          if (!Number.isNaN(milliseconds)) onDate(Math.floor(milliseconds / 1000));
          return response;
        },
      },
    },
    {
      position: 'perRetry',
      policy: {
        name: 'knownChallenge',
        sendRequest: async (request, next) =>
          request.headers.has('authorization') ? next(request) : knownChallenge(request),
      },
    },
  ],
});

/**
 * The SDK sends each vault a request without a token first, to be told what a token must be for. The vault's own name says
 * it (https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers),
 * so that request is answered here. Whatever else a vault itself demands later is heeded as before.
 */
const knownChallenge = (request: Request): Response => {
  const { hostname } = new URL(request.url);
  const audience = isLocal(hostname) ? 'vault.azure.net' : hostname.slice(hostname.indexOf('.') + 1);
  const challenge = `Bearer resource="https://${audience}"`;
  return { status: 401, headers: headersFrom({ 'www-authenticate': challenge }), bodyAsText: '', request };
};

/** The emulator, on this machine. */
const isLocal = (hostname: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
