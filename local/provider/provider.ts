/** The upstream OpenID Provider of the local world: oidc-provider with demo users, in the role of Microsoft Entra ID. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { listen } from '../listen.ts';
import { createFederation, type Federation } from './client-assertion.ts';
import { providerConfiguration } from './configuration.ts';
import { answerInteraction, interactionPath, showHome } from './login.ts';

export type LocalProvider = {
  readonly issuer: string;
  /**
   * While true, a browser that is signed in gets an answer at once, whatever `prompt` and `max_age` ask for: an upstream
   * that does not keep its word.
   */
  answersFromOldSession: boolean;
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
  const provider = new Provider(issuer, await providerConfiguration({ ...options, key: federation.key }));
  provider.on('server_error', (_context, error) => console.error(error));
  const running = { issuer, answersFromOldSession: false, stop: server.stop };
  handle = createHandler(provider, federation, () => running.answersFromOldSession);
  return running;
};

const createHandler = (provider: Provider, federation: Federation, answersFromOldSession: () => boolean) => {
  const callback = provider.callback();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/') return showHome(response);
    if (interactionPath.test(path)) return answerInteraction(provider, request, response);
    if (path === '/auth' && answersFromOldSession()) request.url = withoutDemands(request.url ?? '/');
    if (path !== '/token' || request.method !== 'POST') return callback(request, response);
    const admitted = await federation.admit(request);
    if (admitted !== undefined) return callback(admitted, response);
    const refusal = { error: 'invalid_client', error_description: 'no federated credential matches the assertion' };
    response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
  };
};

const withoutDemands = (target: string): string => {
  const url = new URL(target, 'http://localhost');
  url.searchParams.delete('prompt');
  url.searchParams.delete('max_age');
  url.searchParams.delete('acr_values');
  return url.pathname + url.search;
};
