/** Pushed authorization requests (RFC 9126), as a service makes them. */
import { basicAuth, okJson, postForm, type Service } from './service.ts';

type Parameters = Readonly<Record<string, string | undefined>>;

export type Pushed = {
  /** The address to send the person to. */
  readonly url: string;
  readonly requestUri: string;
  readonly verifier: string;
};

/** POST /par with the parameters of `service.authorization`; what is undefined is left out. */
export const push = (origin: string, service: Service, parameters: Parameters = {}) => {
  const { url, verifier } = service.authorization(parameters);
  const fields = [...new URL(url).searchParams] as [string, string][];
  return { verifier, response: pushFields(origin, service, fields) };
};

export const pushFields = (
  origin: string,
  { registration: { clientId, secret } }: Service,
  fields: readonly (readonly [string, string])[],
): Promise<Response> =>
  postForm(`${origin}/par`, fields, secret === undefined ? {} : { authorization: basicAuth(clientId, secret) });

/** A request that was pushed and accepted. */
export const pushed = async (issuer: string, service: Service, parameters: Parameters = {}): Promise<Pushed> => {
  const { verifier, response } = push(issuer, service, parameters);
  const answer = await response;
  if (answer.status !== 201) throw new Error(`not pushed: ${answer.status} ${await answer.text()}`);
  const { request_uri: requestUri } = (await answer.json()) as { request_uri: string };
  return { requestUri, verifier, url: addressOf(issuer, service, requestUri) };
};

/** What a browser is sent to. */
export const addressOf = (issuer: string, { registration }: Service, requestUri: string): string =>
  `${issuer}/authorize?${new URLSearchParams({ client_id: registration.clientId, request_uri: requestUri })}`;

/** The tokens of a request that was answered with a code. */
export const tokensFor = async <T>(service: Service, { verifier }: Pushed, answer: URL): Promise<T> =>
  okJson<T>(service.redeem({ code: answer.searchParams.get('code') ?? '', verifier }));
