/**
 * The demo API: a resource server (RFC 6750) for `vso.work`. It verifies the JWT by the issuer's keys (RFC 9068 §4), and
 * asks the issuer about it too (RFC 7662), so that an authorization that its user withdrew ends at once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import * as openid from 'openid-client';
import { demoApi } from '../demo-clients.ts';
import { type Listening, listen } from '../listen.ts';
import { renderPage } from '../page.ts';
import { demoResource } from '../settings.ts';
import { discoverIssuer } from './discover.ts';
import { workOf } from './work-items.ts';

export type DemoApiOptions = { readonly port: number; readonly issuer: string };

/** Any of these lets its bearer read work items: the wider ones include the narrow one. */
const sufficient = ['vso.work', 'vso.work_write', 'vso.work_full'];

type Issuer = { readonly configuration: openid.Configuration; readonly keys: ReturnType<typeof createRemoteJWKSet> };

/** RFC 6750 §3.1: what is wrong, in the words of the challenge. */
type Refusal = { readonly claims?: undefined; readonly status: number; readonly challenge: string };

const refusal = (status: number, error?: string, description?: string, more = ''): Refusal => ({
  status,
  challenge: `Bearer realm="Contoso DevOps"${error === undefined ? '' : `, error="${error}", error_description="${description}"`}${more}`,
});

/** Starts the API; port 0 takes a free one. The issuer is contacted at the first request. */
export const startDemoApi = ({ port, issuer }: DemoApiOptions): Promise<Listening> => {
  const openIssuer = discoverIssuer(issuer, demoApi, (configuration) => ({
    configuration,
    keys: createRemoteJWKSet(new URL(configuration.serverMetadata().jwks_uri ?? '')),
  }));
  return listen(port, async (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0];
    if (path === '/') return showHome(response);
    if (path !== '/work-items' || request.method !== 'GET') return json(response, 404, { message: 'GET /work-items' });
    const decided = await authorize(request, openIssuer, issuer);
    if (decided.claims === undefined) {
      response.setHeader('www-authenticate', decided.challenge);
      return json(response, decided.status, { message: decided.challenge });
    }
    const { sub, uid, client_id: client, scope } = decided.claims;
    const { name, items } = workOf(String(uid));
    json(response, 200, { subject: sub, name, client, scope, items });
  });
};

/** What this is, for whoever opens its address. */
const showHome = (response: ServerResponse): void => {
  const body = `<p>A resource server. <code>GET /work-items</code> tells a service the work items of the person who authorized it, and takes an access
token for <code>${demoResource.identifier}</code> with the permission <code>vso.work</code>. Contoso Boards has one once it is connected.</p>
<p>Without a token the answer is 401 with a challenge: see <a href="/work-items">/work-items</a>.</p>`;
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(renderPage({ owner: demoResource.name, title: 'The API of this local world', body }));
};

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
};

const authorize = async (
  { headers }: IncomingMessage,
  openIssuer: () => Promise<Issuer>,
  issuer: string,
): Promise<{ readonly claims: JWTPayload } | Refusal> => {
  const [, token] = /^Bearer +([\w~+/.-]+=*)$/i.exec(headers.authorization ?? '') ?? [];
  // RFC 6750 §3.1: a request without credentials gets no error code.
  if (token === undefined) return refusal(401);
  const { configuration, keys } = await openIssuer();
  const claims = await verify(token, keys, issuer);
  if (claims === undefined)
    return refusal(401, 'invalid_token', 'the token is not from here, not for this API, or over');
  const { active } = await openid.tokenIntrospection(configuration, token);
  if (!active) return refusal(401, 'invalid_token', 'access was withdrawn');
  const scopes = String(claims.scope ?? '').split(' ');
  if (!sufficient.some((scope) => scopes.includes(scope)))
    return refusal(403, 'insufficient_scope', 'reading work items needs another permission', ', scope="vso.work"');
  return { claims };
};

const verify = async (token: string, keys: Issuer['keys'], issuer: string): Promise<JWTPayload | undefined> => {
  try {
    const options = {
      issuer,
      audience: demoResource.identifier,
      typ: 'at+jwt',
      requiredClaims: ['exp', 'sub', 'client_id'],
    };
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    // The issuer being away is not the token's fault.
    if (error instanceof TypeError) throw error;
    return undefined;
  }
};
