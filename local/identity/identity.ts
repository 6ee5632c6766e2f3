/**
 * The managed identity endpoint of App Service (api-version 2019-08-01), as ManagedIdentityCredential calls it:
 * `GET IDENTITY_ENDPOINT?resource=&client_id=&api-version=` with `X-IDENTITY-HEADER`.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { listen } from '../listen.ts';
import { type Identity, identities, issuerFor, tenantId } from './identities.ts';

/** Real tokens live for a day; the SDKs refresh them halfway. */
const tokenSeconds = 24 * 3600;

/** What a test can make the endpoint do wrong. */
type IdentityFaults = {
  /** Accepts what asks for a token, counts it, and never answers it. Assign it, and assign false to end it. */
  isHanging: boolean;
  hanging: number;
};

export type IdentityEndpoint = {
  /** IDENTITY_ENDPOINT for the processes that may ask. */
  readonly endpoint: string;
  /** IDENTITY_HEADER: the secret that only the app's own processes know. */
  readonly header: string;
  readonly keys: readonly JWK[];
  readonly faults: IdentityFaults;
  /** A token of `identity` for `audience`, as the endpoint would give it. */
  issue(identity: Identity, audience: string): Promise<string>;
  /** Claims of a live token from here for this audience; undefined for everything else. Never rejects. */
  verify(token: string, audience: string): Promise<JWTPayload | undefined>;
  stop(): Promise<void>;
};

type Signing = { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey; readonly kid: string };

/** Starts the endpoint; port 0 takes a free one. Its key is new at each start. */
export const startIdentity = async ({ port }: { readonly port: number }): Promise<IdentityEndpoint> => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const signing = { ...pair, kid: randomUUID() };
  const keys = [{ ...(await exportJWK(pair.publicKey)), kid: signing.kid, alg: 'RS256', use: 'sig' }];
  const header = randomUUID();
  const faults: IdentityFaults = { isHanging: false, hanging: 0 };
  const server = await listen(port, (request, response) =>
    answer({ signing, header, keys, faults }, request, response),
  );
  return {
    endpoint: `${server.url}/msi/token`,
    header,
    keys,
    faults,
    issue: (identity, audience) => sign(signing, identity, audience),
    verify: (token, audience) => verify(signing, token, audience),
    stop: server.stop,
  };
};

const sign = ({ privateKey, kid }: Signing, identity: Identity, audience: string): Promise<string> => {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    appid: identity.clientId,
    oid: identity.principalId,
    tid: tenantId,
    idtyp: 'app',
    xms_mirid: `/subscriptions/local/identities/${identity.clientId}`,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(issuerFor(audience))
    .setSubject(identity.principalId)
    .setAudience(audience)
    .setIssuedAt(now)
    .setNotBefore(now - 300)
    .setExpirationTime(now + tokenSeconds)
    .setJti(randomUUID())
    .sign(privateKey);
};

const verify = async ({ publicKey }: Signing, token: string, audience: string): Promise<JWTPayload | undefined> => {
  try {
    const options = { audience, issuer: issuerFor(audience), algorithms: ['RS256'], requiredClaims: ['exp', 'sub'] };
    return (await jwtVerify(token, publicKey, options)).payload;
  } catch {
    return undefined;
  }
};

type Answering = {
  readonly signing: Signing;
  readonly header: string;
  readonly keys: readonly JWK[];
  readonly faults: IdentityFaults;
};

const answer = async (
  { signing, header, keys, faults }: Answering,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/keys') return json(response, 200, { keys });
  if (url.pathname !== '/msi/token' || request.method !== 'GET') return json(response, 404, { message: 'not found' });
  // The header is what keeps a forged request of the app (SSRF) from fetching tokens.
  if (request.headers['x-identity-header'] !== header)
    return json(response, 401, { message: 'X-IDENTITY-HEADER is wrong' });
  if (url.searchParams.get('api-version') !== '2019-08-01')
    return json(response, 400, { message: 'api-version is wrong' });
  const resource = url.searchParams.get('resource');
  const identity = identities.find(({ clientId }) => clientId === url.searchParams.get('client_id'));
  if (resource === null || identity === undefined)
    return json(response, 400, { statusCode: 400, message: 'Unable to load the proper Managed Identity.' });
  if (faults.isHanging) {
    faults.hanging++;
    return;
  }
  json(response, 200, {
    access_token: await sign(signing, identity, resource.replace(/\/+$/, '')),
    client_id: identity.clientId,
    expires_on: String(Math.floor(Date.now() / 1000) + tokenSeconds),
    resource,
    token_type: 'Bearer',
  });
};

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
