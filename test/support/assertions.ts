/** Clients that prove themselves by keys (RFC 7523), and issuers that vouch for them. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Fields } from './service.ts';

export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export type KeyPair = { readonly privateKey: CryptoKey; readonly jwk: JWK; readonly alg: string };

export const newKeyPair = async (alg = 'ES256', kid?: string): Promise<KeyPair> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, alg, jwk: { ...jwk, ...(kid === undefined ? {} : { kid }) } };
};

type Signed = {
  /** Claims on top of the right ones; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
};

export const signed = ({ privateKey, jwk, alg }: KeyPair, { claims = {}, header = {} }: Signed): Promise<string> => {
  const present = Object.entries(claims).filter(([, value]) => value !== undefined);
  const kid = jwk.kid === undefined ? {} : { kid: jwk.kid };
  return new SignJWT(Object.fromEntries(present))
    .setProtectedHeader({ alg, ...kid, ...header } as never)
    .sign(privateKey);
};

/** A right assertion of the client, but for what `change` says. */
export const assertionBy = (
  key: KeyPair,
  { clientId, issuer }: { clientId: string; issuer: string },
  change: Signed = {},
) => {
  const now = Math.floor(Date.now() / 1000);
  const right = {
    iss: clientId,
    sub: clientId,
    aud: issuer,
    jti: randomBytes(12).toString('hex'),
    iat: now,
    exp: now + 60,
  };
  return signed(key, { ...change, claims: { ...right, ...change.claims } });
};

export const assertionFields = (assertion: string, more: Readonly<Record<string, string>> = {}): Fields => ({
  client_assertion_type: jwtBearer,
  client_assertion: assertion,
  ...more,
});

export type Documents = {
  readonly origin: string;
  /** Path -> JSON; may be changed. */
  readonly documents: Map<string, unknown>;
  /** Paths asked for, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
};

/** A web server of somebody else's. */
export const serveDocuments = async (): Promise<Documents> => {
  const documents = new Map<string, unknown>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const document = documents.get(path);
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    documents,
    asked,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
