/** A client with a DPoP key (RFC 9449), right or wrong. */
import { randomBytes } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { sha256 } from '../../src/oauth/crypto.ts';
import { basicAuth, type Code, okJson, postForm, type Registration, type TokenSet } from './service.ts';

export type DpopKey = { readonly privateKey: CryptoKey; readonly jwk: JWK; readonly jkt: string; readonly alg: string };

export const newDpopKey = async (alg = 'ES256'): Promise<DpopKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk, jkt: await calculateJwkThumbprint(jwk), alg };
};

export type ProofOptions = {
  readonly method?: string;
  readonly url: string;
  /** The access token that it goes with. */
  readonly token?: string;
  readonly nonce?: string;
  /** Claims on top of the right ones; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
};

export const proofBy = (
  { privateKey, jwk, alg }: DpopKey,
  { method = 'POST', url, token, nonce, claims = {}, header = {} }: ProofOptions,
): Promise<string> => {
  const right = {
    jti: randomBytes(16).toString('base64url'),
    htm: method,
    htu: url,
    iat: Math.floor(Date.now() / 1000),
    nonce,
    ath: token === undefined ? undefined : sha256(token).toString('base64url'),
  };
  const present = Object.entries({ ...right, ...claims }).filter(([, value]) => value !== undefined);
  return new SignJWT(Object.fromEntries(present))
    .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header } as never)
    .sign(privateKey);
};

/** Redeems a code of the client's for tokens that are bound to this key. Rejects when there are none. */
export const boundTokens = async (
  issuer: string,
  { clientId, secret }: Registration,
  { code: { code, verifier }, key }: { readonly code: Code; readonly key: DpopKey },
): Promise<TokenSet> => {
  const url = `${issuer}/token`;
  const fields = { grant_type: 'authorization_code', code, code_verifier: verifier };
  const authentication = secret === undefined ? undefined : { authorization: basicAuth(clientId, secret) };
  const body = authentication === undefined ? { ...fields, client_id: clientId } : fields;
  return okJson<TokenSet>(postForm(url, body, { ...authentication, dpop: await proofBy(key, { url }) }));
};
