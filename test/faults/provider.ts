/** A sign-in provider that tells the truth, or not: discovery, keys and a token endpoint whose answers a test writes. */
import { createHash } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Listening, listen, readText } from '../../local/listen.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** What POST /token answers: undefined is silence. */
export type TokenAnswer = { readonly status: number; readonly body: string } | undefined;

export type FakeProvider = {
  readonly issuer: string;
  /** Claims that the truth would have, for an authorization request that Assent sent. */
  truth(request: URLSearchParams): Claims;
  /** Signed by the published key, unless told. */
  sign(claims: Claims, key?: CryptoKey): Promise<string>;
  readonly strangersKey: CryptoKey;
  /** Decides what the token endpoint answers from now on. */
  answer: (form: URLSearchParams) => Promise<TokenAnswer>;
  stop(): Promise<void>;
};

export const tokenAnswer = (idToken: string): TokenAnswer => ({
  status: 200,
  body: JSON.stringify({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: idToken }),
});

/** Port 0 takes a free one. */
export const startFakeProvider = async (port = 0): Promise<FakeProvider> => {
  const [own, strangers] = await Promise.all([
    generateKeyPair('RS256', { extractable: true }),
    generateKeyPair('RS256'),
  ]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' };
  const server: Listening = await listen(port, async (request, response) => {
    const json = (status: number, body: string) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/.well-known/openid-configuration') json(200, JSON.stringify(metadataOf(server.url)));
    else if (path === '/keys') json(200, JSON.stringify({ keys: [jwk] }));
    else {
      const answer = await provider.answer(new URLSearchParams(await readText(request)));
      if (answer !== undefined) json(answer.status, answer.body);
    }
  });
  const provider: FakeProvider = {
    issuer: server.url,
    truth: (request) => {
      const now = Math.floor(Date.now() / 1000);
      const times = { iat: now, exp: now + 300, auth_time: now };
      const person = {
        sub: 'subject',
        oid: 'object-of-alice',
        name: 'Alice',
        preferred_username: 'alice@contoso.example',
      };
      return { iss: server.url, aud: request.get('client_id'), nonce: request.get('nonce'), ...times, ...person };
    },
    sign: (claims, key = own.privateKey) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key),
    strangersKey: strangers.privateKey,
    answer: async () => undefined,
    stop: server.stop,
  };
  return provider;
};

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  code_challenge_methods_supported: ['S256'],
});

/** An unsecured JWT (RFC 7519 §6). */
export const unsecured = (claims: Claims): string => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
};

/** RFC 7636 §4.6: what a provider that checks PKCE compares. */
export const isVerifierOf = (request: URLSearchParams, form: URLSearchParams): boolean =>
  createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url') === request.get('code_challenge');
