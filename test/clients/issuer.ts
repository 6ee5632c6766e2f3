/** Somebody who signs whatever a test wants, with the documents that an API reads of Assent. */
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { listen } from '../../local/listen.ts';

type Header = { readonly typ?: string; readonly strange?: true };

export type Issuer = {
  readonly url: string;
  /** A token of these claims; `undefined` leaves one out. By a key that the documents do not have, if `strange`. */
  token(
    claims: Readonly<Record<string, unknown>>,
    header?: { readonly typ?: string; readonly strange?: true },
  ): Promise<string>;
  /** The same, but with its public key for a secret (RFC 8725 §2.1). */
  confused(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** Claims of its list of what ended lately, once there is one. */
  ended: Readonly<Record<string, unknown>> | undefined;
  /** What its header has in place of what it should. */
  listHeader: Header;
  /** Whether it answers at all. */
  away: boolean;
  /** How often its keys were fetched. */
  readonly keysFetched: number;
  stop(): Promise<unknown>;
};

export const startIssuer = async (): Promise<Issuer> => {
  const [own, strange] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' };
  const state: Pick<Issuer, 'away' | 'ended' | 'listHeader'> & { keysFetched: number } = {
    away: false,
    ended: undefined,
    listHeader: {},
    keysFetched: 0,
  };
  const sign = (claims: JWTPayload, header: Header = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: header.strange ? 'strange' : 'own', typ: header.typ ?? 'at+jwt' })
      .sign(header.strange ? strange.privateKey : own.privateKey);
  const server = await listen(0, async (request, response) => {
    if (state.away) return void response.writeHead(503).end();
    if (request.url === '/.well-known/jwks.json') state.keysFetched++;
    if (request.url === '/revocations' && state.ended !== undefined)
      return void response.end(
        await sign({ iss: server.url, ...state.ended }, { typ: 'assent-revocations+jwt', ...state.listHeader }),
      );
    const answer = documents(server.url, jwk)[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  return Object.assign(state, {
    url: server.url,
    token: sign,
    confused: async (claims: JWTPayload) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'own', typ: 'at+jwt' })
        .sign(new TextEncoder().encode(await exportSPKI(own.publicKey))),
    stop: server.stop,
  });
};

const documents = (issuer: string, jwk: object): Readonly<Record<string, object>> => ({
  '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/.well-known/jwks.json` },
  '/.well-known/jwks.json': { keys: [jwk] },
});
