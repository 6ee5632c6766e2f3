/** What a service does over plain HTTP, without any OAuth library: requests as a test wants them, right or wrong. */
import { createHash, randomBytes } from 'node:crypto';
import type { Person } from './person.ts';

/** Form fields: a record, or pairs where one may repeat. */
export type Fields = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

export type Pkce = { readonly verifier: string; readonly challenge: string };

/** RFC 7636 §4.2 */
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** RFC 7636 §4.1 and §4.2, S256. */
export const newPkce = (): Pkce => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: challengeOf(verifier) };
};

/** RFC 6749 §2.3.1: both parts form-encoded. */
export const basicAuth = (clientId: string, secret: string): string => {
  const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString('base64')}`;
};

const formOf = (fields: Fields): URLSearchParams =>
  new URLSearchParams(isPairs(fields) ? fields.map(([name, value]): [string, string] => [name, value]) : fields);

const isPairs = (fields: Fields): fields is readonly (readonly [string, string])[] => Array.isArray(fields);

/** POSTs a form; redirects are not followed. */
export const postForm = (url: string, fields: Fields, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, { method: 'POST', body: formOf(fields), headers, redirect: 'manual' });

export type Registration = {
  readonly clientId: string;
  /** None for a public client. */
  readonly secret?: string;
  /** How the secret travels; basic unless told. */
  readonly method?: 'client_secret_basic' | 'client_secret_post';
  readonly redirectUri?: string;
};

export type TokenSet = {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly id_token?: string;
};

type Authorization = { readonly url: string; readonly verifier: string };
export type Code = { readonly code: string; readonly verifier: string };

export type Service = {
  readonly registration: Registration;
  /** A request for /authorize; a parameter of value undefined is left out. */
  authorization(parameters?: Readonly<Record<string, string | undefined>>): Authorization;
  /** Fields sent with this client's own authentication. */
  token(fields: Fields): Promise<Response>;
  revoke(fields: Fields): Promise<Response>;
  introspect(fields: Fields): Promise<Response>;
  /** A code that the person approved (or had approved before). Rejects when there is none. */
  code(person: Person, parameters?: Readonly<Record<string, string | undefined>>): Promise<Code>;
  /** Redeems a code of `code`. */
  redeem(code: Code, more?: Readonly<Record<string, string>>): Promise<Response>;
  refresh(refreshToken: string, more?: Readonly<Record<string, string>>): Promise<Response>;
  /** The whole flow. Rejects unless it gives tokens. */
  tokens(person: Person, parameters?: Readonly<Record<string, string | undefined>>): Promise<TokenSet>;
};

/** The JSON of a 200 answer. Rejects with what came instead. */
export const okJson = async <T = Record<string, unknown>>(answer: Response | Promise<Response>): Promise<T> => {
  const response = await answer;
  const text = await response.text();
  if (response.status !== 200) throw new Error(`200 was expected, not ${response.status}: ${text}`);
  return JSON.parse(text) as T;
};

/** What a refusal is compared by. */
export const refusalOf = async (answer: Response | Promise<Response>): Promise<{ status: number; error: unknown }> => {
  const response = await answer;
  const { error } = JSON.parse(await response.text()) as { error?: unknown };
  return { status: response.status, error };
};

/** Whether introspection calls the token active, when this service asks. */
export const isActive = async (service: Pick<Service, 'introspect'>, token: string): Promise<boolean> =>
  (await okJson<{ active: boolean }>(service.introspect({ token }))).active;

/** A service at this issuer. `origin` names the host that its own requests go to, when it is not the issuer's. */
export const createService = (issuer: string, registration: Registration, origin = issuer): Service => {
  const { clientId, redirectUri } = registration;
  const send = (endpoint: string) => (fields: Fields) => {
    const pairs = [...formOf(fields), ...(authenticationOf(registration).fields ?? [])] as [string, string][];
    return postForm(`${origin}/${endpoint}`, pairs, authenticationOf(registration).headers);
  };
  const service: Service = {
    registration,
    authorization: (parameters = {}) => {
      const { verifier, challenge } = newPkce();
      const all = {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: 'vso.work vso.code',
        state: randomBytes(12).toString('base64url'),
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...parameters,
      };
      const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
      return { url: `${issuer}/authorize?${new URLSearchParams(present)}`, verifier };
    },
    token: send('token'),
    revoke: send('revoke'),
    introspect: send('introspect'),
    code: async (person, parameters) => {
      const { url, verifier } = service.authorization(parameters);
      const answer = await person.authorize(url);
      const code = answer.searchParams.get('code');
      if (code === null) throw new Error(`no code: ${answer.href}`);
      return { code, verifier };
    },
    redeem: ({ code, verifier }, more = {}) =>
      service.token({ grant_type: 'authorization_code', code, code_verifier: verifier, ...more }),
    refresh: (refreshToken, more = {}) =>
      service.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...more }),
    tokens: async (person, parameters) => okJson<TokenSet>(service.redeem(await service.code(person, parameters))),
  };
  return service;
};

type Authentication = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly fields?: readonly (readonly [string, string])[];
};

const authenticationOf = ({ clientId, secret, method }: Registration): Authentication => {
  if (secret === undefined) return { fields: [['client_id', clientId]] };
  if (method === 'client_secret_post')
    return {
      fields: [
        ['client_id', clientId],
        ['client_secret', secret],
      ],
    };
  return { headers: { authorization: basicAuth(clientId, secret) } };
};

/** The clients that every local stack has. */
export const demoServices = (issuer: string, origin = issuer) => {
  const port = Number(new URL(issuer).port);
  const service = (registration: Registration) => createService(issuer, registration, origin);
  return {
    web: service({
      clientId: 'demo-web',
      secret: 'demo-web-secret',
      redirectUri: `http://localhost:${port + 1}/callback`,
    }),
    native: service({ clientId: 'demo-native', redirectUri: 'http://127.0.0.1/callback' }),
    nightly: service({ clientId: 'demo-service', secret: 'demo-service-secret' }),
    operator: service({ clientId: 'local-operator', secret: 'local-operator-secret' }),
    /** The resource server behind the demo resource. */
    api: service({ clientId: 'demo-api', secret: 'demo-api-secret' }),
  };
};

/** A request to the admin API as the local operator. */
export const administer = async (
  issuer: string,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: unknown },
): Promise<Response> => {
  const { access_token: token } = await okJson<TokenSet>(
    demoServices(issuer).operator.token({ grant_type: 'client_credentials', scope: 'assent.admin' }),
  );
  return fetch(`${issuer}/api/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': '*' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
};

/** Registers a client through the admin API (RFC 7591 names on top of a confidential web client's). */
export const register = async (issuer: string, metadata: Readonly<Record<string, unknown>> = {}): Promise<Service> => {
  const body = {
    client_name: 'Fabrikam Reports',
    redirect_uris: ['https://reports.fabrikam.example/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'vso.work vso.work_write vso.code vso.build vso.profile',
    ...metadata,
  };
  const response = await administer(issuer, { method: 'POST', path: 'apps', body });
  if (response.status !== 201) throw new Error(`not registered: ${response.status} ${await response.text()}`);
  const answer = (await response.json()) as Record<string, string>;
  return createService(issuer, {
    clientId: answer.client_id ?? '',
    ...(answer.client_secret === undefined ? {} : { secret: answer.client_secret }),
    ...(body.redirect_uris[0] === undefined ? {} : { redirectUri: body.redirect_uris[0] }),
    ...('token_endpoint_auth_method' in body && body.token_endpoint_auth_method === 'client_secret_post'
      ? { method: 'client_secret_post' as const }
      : {}),
  });
};
