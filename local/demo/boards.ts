/**
 * Contoso Boards: a service as others would write it, with `openid-client` and what the issuer publishes, nothing else.
 * A browser's connection is kept in memory under a random cookie.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as openid from 'openid-client';
import { demoWeb } from '../demo-clients.ts';
import { type Listening, listen } from '../listen.ts';
import { demoResource } from '../settings.ts';
import {
  type Asked,
  asked,
  type Connection,
  connectedPage,
  disconnectedPage,
  limitedPage,
  textPage,
} from './boards-pages.ts';
import { discoverIssuer } from './discover.ts';

export type BoardsOptions = { readonly port: number; readonly issuer: string; readonly api: string };

type Tokens = {
  readonly access: string;
  readonly refresh: string | undefined;
  readonly scope: string;
  readonly expiresAt: number;
};

type Browser = {
  /** State -> PKCE verifier of each attempt to connect: there may be one per tab. */
  readonly attempts: Map<string, string>;
  tokens?: Tokens | undefined;
};

/** Of tabs that were opened and never finished the oldest are forgotten. */
const attemptLimit = 20;

type Boards = {
  readonly origin: string;
  readonly api: string;
  readonly issuer: () => Promise<openid.Configuration>;
};

type Reply = { readonly status?: number; readonly location?: string; readonly page?: string };

type Action = (boards: Boards, browser: Browser, url: URL) => Promise<Reply> | Reply;

const cookieName = 'demo_service_session';
const scopes = Object.keys(asked) as readonly Asked[];
const withdrawn = 'Access was withdrawn.';

/** Starts the service; port 0 takes a free one. The issuer is contacted when someone connects. */
export const startBoards = async ({ port, issuer, api }: BoardsOptions): Promise<Listening> => {
  const browsers = new Map<string, Browser>();
  const discover = discoverIssuer(issuer, demoWeb, (configuration) => configuration);
  const server: Listening = await listen(port, async (request, response) => {
    const boards: Boards = { origin: server.url, api, issuer: discover };
    const url = new URL(request.url ?? '/', server.url);
    const act = actions[`${request.method} ${url.pathname}`];
    const reply =
      act === undefined
        ? { status: 404, page: textPage('Not found', 'There is no such page.') }
        : act(boards, browserOf(browsers, request, response), url);
    write(response, await reply);
  });
  return server;
};

const browserOf = (browsers: Map<string, Browser>, request: IncomingMessage, response: ServerResponse): Browser => {
  const id = new RegExp(`(?:^|; )${cookieName}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1];
  const known = id === undefined ? undefined : browsers.get(id);
  if (known !== undefined) return known;
  const fresh: Browser = { attempts: new Map() };
  const freshId = randomUUID();
  browsers.set(freshId, fresh);
  response.setHeader('set-cookie', `${cookieName}=${freshId}; Path=/; HttpOnly; SameSite=Lax`);
  return fresh;
};

const write = (response: ServerResponse, { status, location, page }: Reply): void => {
  response.setHeader('cache-control', 'no-store');
  if (location !== undefined) response.setHeader('location', location);
  if (page !== undefined) response.setHeader('content-type', 'text/html; charset=utf-8');
  response.writeHead(status ?? (location === undefined ? 200 : 303)).end(page);
};

const showHome: Action = async (boards, browser) => {
  if (browser.tokens === undefined) return { page: disconnectedPage() };
  return showWork(boards, browser, browser.tokens);
};

const showWork = async ({ api }: Boards, browser: Browser, tokens: Tokens, message?: string): Promise<Reply> => {
  const notes = { message, without: notAllowed(tokens) };
  // RFC 6749 §3.3: less may be granted than was asked for, and the scope of the answer says so.
  if (notes.without.includes('vso.work')) return { page: limitedPage(tokens, notes) };
  const answer = await fetch(`${api}/work-items`, { headers: { authorization: `Bearer ${tokens.access}` } });
  if (answer.status === 401) return forget(browser, withdrawn);
  if (!answer.ok) return { status: 502, page: textPage('The API refused', `It answered ${answer.status}.`) };
  const work = (await answer.json()) as Pick<Connection, 'subject' | 'name' | 'items'>;
  return { page: connectedPage({ ...work, scope: tokens.scope, expiresAt: tokens.expiresAt }, notes) };
};

const notAllowed = (tokens: Tokens): readonly Asked[] => {
  const granted = tokens.scope.split(' ');
  return scopes.filter((scope) => !granted.includes(scope));
};

const forget = (browser: Browser, message: string): Reply => {
  browser.tokens = undefined;
  return { page: disconnectedPage(message) };
};

const connect: Action = async (boards, browser) => {
  const [state, verifier] = [openid.randomState(), openid.randomPKCECodeVerifier()];
  remember(browser, state, verifier);
  const address = openid.buildAuthorizationUrl(await boards.issuer(), {
    redirect_uri: `${boards.origin}/callback`,
    scope: scopes.join(' '),
    resource: demoResource.identifier,
    state,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { location: address.href };
};

const remember = ({ attempts }: Browser, state: string, verifier: string): void => {
  attempts.set(state, verifier);
  const [oldest] = attempts.keys();
  if (attempts.size > attemptLimit && oldest !== undefined) attempts.delete(oldest);
};

const finish: Action = async (boards, browser, url) => {
  const state = url.searchParams.get('state') ?? '';
  const verifier = browser.attempts.get(state);
  browser.attempts.delete(state);
  if (verifier === undefined)
    return {
      status: 400,
      page: textPage('Nothing to finish', 'This browser did not start to connect, or already has.'),
    };
  try {
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    const parameters = { resource: demoResource.identifier };
    const answer = await openid.authorizationCodeGrant(await boards.issuer(), url, checks, parameters);
    browser.tokens = tokensFrom(answer);
    return { location: '/' };
  } catch (error) {
    if (error instanceof openid.AuthorizationResponseError)
      return {
        page: disconnectedPage(
          error.error === 'access_denied'
            ? 'You did not approve.'
            : `Not connected: ${error.error} (${error.error_description}).`,
        ),
      };
    console.error(error);
    return {
      status: 502,
      page: textPage('Not connected', 'The answer of the authorization server was not acceptable.'),
    };
  }
};

const tokensFrom = (
  answer: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers,
  earlier?: Tokens,
): Tokens => ({
  access: answer.access_token,
  // RFC 6749 §6: a refresh without a new refresh token leaves the old one in force, and without scope the old scope.
  refresh: answer.refresh_token ?? earlier?.refresh,
  scope: answer.scope ?? earlier?.scope ?? scopes.join(' '),
  expiresAt: Math.floor(Date.now() / 1000) + (answer.expiresIn() ?? 0),
});

const refresh: Action = async (boards, browser) => {
  const { tokens } = browser;
  if (tokens?.refresh === undefined) return { location: '/' };
  try {
    browser.tokens = tokensFrom(await openid.refreshTokenGrant(await boards.issuer(), tokens.refresh), tokens);
    return showWork(boards, browser, browser.tokens, 'Access was refreshed.');
  } catch (error) {
    if (error instanceof openid.ResponseBodyError && error.error === 'invalid_grant') return forget(browser, withdrawn);
    console.error(error);
    return { status: 502, page: textPage('Not refreshed', 'Try again in a moment.') };
  }
};

const disconnect: Action = async (boards, browser) => {
  const { tokens } = browser;
  // RFC 7009 §2.1: revoking the refresh token ends the whole authorization.
  if (tokens !== undefined) await openid.tokenRevocation(await boards.issuer(), tokens.refresh ?? tokens.access);
  return forget(browser, 'Disconnected: Contoso Boards gave its access back.');
};

const actions: Readonly<Record<string, Action>> = {
  'GET /': showHome,
  'GET /connect': connect,
  'GET /callback': finish,
  'POST /refresh': refresh,
  'POST /disconnect': disconnect,
  'GET /privacy': () => ({ page: textPage('Privacy', 'Contoso Boards keeps what it reads in memory until it stops.') }),
  'GET /terms': () => ({ page: textPage('Terms of use', 'A demo. Use it as you like.') }),
};
