/** Somebody who signs whatever a test wants, with the documents that an API reads of Assent. */
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { listen } from '../../local/listen.ts';

export type Issuer = {
  readonly url: string;
  /** A token of these claims; `undefined` leaves one out. By a key that the documents do not have, if `strange`. */
  token(
    claims: Readonly<Record<string, unknown>>,
    header?: { readonly typ?: string; readonly strange?: true },
  ): Promise<string>;
  /** Whether it answers at all. */
  away: boolean;
  stop(): Promise<unknown>;
};

export const startIssuer = async (): Promise<Issuer> => {
  const [own, strange] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' };
  const state = { away: false };
  const server = await listen(0, async (request, response) => {
    if (state.away) return void response.writeHead(503).end();
    const answer = documents(server.url, jwk)[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  return Object.assign(state, {
    url: server.url,
    token: (claims: JWTPayload, header: { readonly typ?: string; readonly strange?: true } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: header.strange ? 'strange' : 'own', typ: header.typ ?? 'at+jwt' })
        .sign(header.strange ? strange.privateKey : own.privateKey),
    stop: server.stop,
  });
};

const documents = (issuer: string, jwk: object): Readonly<Record<string, object>> => ({
  '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/.well-known/jwks.json` },
  '/.well-known/jwks.json': { keys: [jwk] },
  '/introspect': { active: true },
});
