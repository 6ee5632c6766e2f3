/** The upstream OpenID Provider of the local world: oidc-provider with demo users, in the role of Microsoft Entra ID. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { listen } from '../listen.ts';
import { createFederation, type Federation } from './client-assertion.ts';
import { providerConfiguration } from './configuration.ts';
import { answerInteraction, interactionPath, showHome } from './login.ts';
import { createPersonToken, newProviderKey, type PersonToken } from './person-token.ts';

export type LocalProvider = {
  readonly issuer: string;
  /**
   * While true, a browser that is signed in gets an answer at once, whatever `prompt` and `max_age` ask for: an upstream
   * that does not keep its word.
   */
  answersFromOldSession: boolean;
  /** Access tokens of people for the application that they sign in through. */
  readonly personToken: PersonToken;
  stop(): Promise<void>;
};

export type ProviderOptions = {
  readonly port: number;
  readonly clientId: string;
  /** Origin of the authorization server that signs people in here. */
  readonly relyingParty: string;
  /** True for an assertion that the client's federated credential accepts. */
  readonly isAccepted: (assertion: string) => Promise<boolean>;
};

/** Starts the provider; port 0 takes a free one. */
export const startProvider = async (options: ProviderOptions): Promise<LocalProvider> => {
  let handle = (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.writeHead(503).end();
    return Promise.resolve();
  };
  const server = await listen(options.port, (request, response) => handle(request, response));
  const issuer = server.url;
  const federation = await createFederation({ ...options, issuer });
  const key = await newProviderKey();
  const provider = new Provider(issuer, providerConfiguration({ ...options, key: federation.key }, key.jwk));
  provider.on('server_error', (_context, error) => console.error(error));
  const personToken = createPersonToken({ ...options, key, issuer });
  const running = { issuer, answersFromOldSession: false, personToken, stop: server.stop };
  handle = createHandler(provider, federation, running);
  return running;
};

type Running = Pick<LocalProvider, 'answersFromOldSession' | 'personToken'>;

const createHandler = (provider: Provider, federation: Federation, running: Running) => {
  const callback = provider.callback();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/') return showHome(response);
    if (interactionPath.test(path)) return answerInteraction(provider, request, response);
    if (path === personTokenPath) return givePersonToken(request, response, running.personToken);
    if (path === '/auth' && running.answersFromOldSession) request.url = withoutDemands(request.url ?? '/');
    if (path !== '/token' || request.method !== 'POST') return callback(request, response);
    const admitted = await federation.admit(request);
    if (admitted !== undefined) return callback(admitted, response);
    const refusal = { error: 'invalid_client', error_description: 'no federated credential matches the assertion' };
    response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
  };
};

/** Where the stand-in for the Azure CLI (`local/bin/az`) asks. */
const personTokenPath = '/person-token';

const givePersonToken = async (request: IncomingMessage, response: ServerResponse, issue: PersonToken) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  try {
    const accessToken = await issue(searchParams.get('login') ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ accessToken }));
  } catch {
    response.writeHead(404).end();
  }
};

const withoutDemands = (target: string): string => {
  const url = new URL(target, 'http://localhost');
  url.searchParams.delete('prompt');
  url.searchParams.delete('max_age');
  url.searchParams.delete('acr_values');
  return url.pathname + url.search;
};
