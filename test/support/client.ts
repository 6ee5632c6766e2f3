/** What a service does at Assent's endpoints with requests as plain values. `service.ts` has the same as an object. */
import { type Answer, answerOf } from './answer.ts';
import { basicAuth, newPkce, type Pkce, postForm } from './service.ts';

/** RFC 7636 §4.1, §4.2 */
export const pkcePair = newPkce;

/** A parameter's value; an array repeats the parameter, undefined leaves it out. */
export type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A client as it knows itself: without a secret it is public and sends its client_id. */
export type Service = {
  readonly clientId: string;
  readonly secret?: string;
  readonly redirectUri?: string;
  readonly scope?: string;
};

export const operator: Service = { clientId: 'local-operator', secret: 'local-operator-secret', scope: 'assent.admin' };

const pairsOf = (values: Values): readonly (readonly [string, string])[] =>
  Object.entries(values).flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one] as const));

/** GET /authorize with everything that is required; `changes` replace, add, or with undefined remove. */
export const authorizeUrl = (origin: string, service: Service, pkce: Pkce, changes: Values = {}): URL => {
  const url = new URL('/authorize', origin);
  const values = {
    response_type: 'code',
    client_id: service.clientId,
    redirect_uri: service.redirectUri,
    scope: service.scope,
    state: 'state-1',
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
    ...changes,
  };
  for (const [name, value] of pairsOf(values)) url.searchParams.append(name, value);
  return url;
};

const postAs = (url: string, { clientId, secret }: Service, values: Values): Promise<Answer> => {
  const headers: Record<string, string> = secret === undefined ? {} : { authorization: basicAuth(clientId, secret) };
  const fields = pairsOf(secret === undefined ? { client_id: clientId, ...values } : values);
  return answerOf(postForm(url, fields, headers));
};

/** Redeems a code. `changes` replace, add, or with undefined remove parameters. */
export const redeem = (
  origin: string,
  service: Service,
  { code, verifier, ...changes }: { readonly code: string; readonly verifier: string } & Values,
): Promise<Answer> =>
  postAs(`${origin}/token`, service, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: service.redirectUri,
    ...changes,
  });

export const clientCredentials = (origin: string, service: Service, changes: Values = {}): Promise<Answer> =>
  postAs(`${origin}/token`, service, { grant_type: 'client_credentials', scope: service.scope, ...changes });

/** A member of the answer that must be a string there. Throws an Error that shows the answer. */
export const stringFrom = ({ status, text, body }: Answer, name: string): string => {
  const value = body[name];
  if (typeof value !== 'string') throw new Error(`no ${name} in ${status} ${text}`);
  return value;
};
