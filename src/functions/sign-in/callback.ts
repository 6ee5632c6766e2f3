/** GET /sign-in/callback: the browser is back from the upstream provider. */

import { provenRedirect } from '../../flows/authorization/proven-redirect.ts';
import { requestSource } from '../../flows/authorization/request-source.ts';
import { endSession } from '../../flows/sign-out/end-session.ts';
import { authorizeUrl } from '../../http/authorize-url.ts';
import { expired, type SetCookie } from '../../http/cookies.ts';
import type { Story } from '../../http/endpoint.ts';
import { requireWindow } from '../../http/place.ts';
import { RefusedWith } from '../../http/refusal.ts';
import { refusedPage } from '../../http/refused-page.ts';
import { type Reply, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { placeNamed } from '../../http/use.ts';
import type { SignedIn } from '../../identity/signed-in.ts';
import type { Destination, Transaction } from '../../identity/transaction.ts';
import { parseSessionCookie, type Session } from '../../oauth/authorization/session.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { nameIn } from '../../oauth/clients/translated.ts';
import { equalBytes } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { madeAt } from '../../oauth/grants/not-before.ts';
import { browserNamesOf } from '../../oauth/grants/use.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import { liveSession, sessionCookieName } from './browser-session.ts';
import { addressOfPlace } from './console-place.ts';
import { recallSignIn } from './cookies.ts';
import { mailboxOf } from './mailbox.ts';

export const signInCallback: Story = async (request, server) => {
  requireWindow(request);
  const state = parseParameters(request.query).get('state') ?? '';
  const recalled = await recallSignIn(state, request, server);
  // Never another redirect: this browser did not begin this sign-in, or long ago.
  if (recalled === undefined) return notBegunHere(request, server);
  const { transaction, cookie } = recalled;
  try {
    const signedIn = await server.signIn.complete(request.query, transaction);
    return await enter(signedIn, transaction, { server, request, spent: expired(cookie) });
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    throw new RefusedWith(await notCompleted(transaction, request, server), error, 'sign_in_failed');
  }
};

type Entrance = { readonly server: Server; readonly request: Incoming; readonly spent: SetCookie };

/** A new session at each sign-in, whatever cookie the browser had before. */
const enter = async (
  signedIn: SignedIn,
  transaction: Transaction,
  { server, request, spent }: Entrance,
): Promise<Reply> => {
  const now = server.clock();
  const { sessionIdleSeconds, sessionAbsoluteSeconds } = server.config.lifetimes;
  const { destination, startedAt } = transaction;
  const former = await sameFormer(signedIn, request, server);
  const instants = await server.store.deployment.notBefore.instantsFor({ userKey: signedIn.userKey });
  const cookie = await server.store.sessions.start(
    {
      ...signedIn,
      createdAt: madeAt(now, instants),
      startedAt,
      requestDigest: 'digest' in destination ? destination.digest : undefined,
      idleExpiresAt: now + Math.min(sessionIdleSeconds, sessionAbsoluteSeconds),
      absoluteExpiresAt: now + sessionAbsoluteSeconds,
      ...browserNamesOf(request.header('user-agent')),
      from: placeNamed(request, server),
      mailbox: mailboxOf(signedIn.person, request, server),
    },
    former,
  );
  if (former === undefined) await endFormer(signedIn, request, server);
  const session = { name: sessionCookieName(server), value: cookie, maxAgeSeconds: sessionAbsoluteSeconds };
  return redirect(addressOf(destination), [session, spent]);
};

/**
 * The session that the same person had in this browser: the new one takes it over, so that the pages of other tabs stay
 * good. Failing to read it must not undo the sign-in; those pages are then asked again.
 */
const sameFormer = async (signedIn: SignedIn, request: Incoming, server: Server): Promise<Session | undefined> => {
  const cookie = request.cookie(sessionCookieName(server));
  const parts = cookie === undefined ? undefined : parseSessionCookie(cookie);
  if (parts === undefined || !equalBytes(parts.userKey, signedIn.userKey)) return undefined;
  return liveSession(request, server).catch(() => undefined);
};

/**
 * The cookie that the browser had before is worth nothing after a sign-in, and clients of somebody else's session are told;
 * failing to end it must not undo the sign-in.
 */
const endFormer = async ({ userKey }: SignedIn, request: Incoming, server: Server): Promise<void> => {
  const cookie = request.cookie(sessionCookieName(server));
  const parts = cookie === undefined ? undefined : parseSessionCookie(cookie);
  if (cookie === undefined || parts === undefined) return;
  const isOwn = equalBytes(parts.userKey, userKey);
  const ended = isOwn ? server.store.sessions.end(cookie) : endSession(parts, server);
  await ended.catch(() => server.log({ event: 'former_session_not_ended' }));
};

const pages = {
  home: '/',
  authorizations: '/authorizations',
  apps: '/apps',
  'apps-join': '/apps/join',
  sessions: '/sessions',
  'my-data': '/my-data',
  device: '/device',
} as const;

const addressOf = (destination: Destination): `/${string}` => {
  if (!('page' in destination)) return authorizeUrl(destination.request);
  if (destination.page === 'console') return addressOfPlace(destination);
  return `${pages[destination.page]}${queryOf(destination)}`;
};

const queryOf = (destination: Extract<Destination, { readonly page: keyof typeof pages }>): string => {
  if (destination.page === 'apps-join') return `?invitation=${encodeURIComponent(destination.invitation)}`;
  return destination.page === 'device' && destination.userCode !== undefined
    ? `?user_code=${destination.userCode}`
    : '';
};

const notBegunHere = (request: Incoming, server: Server): Promise<Reply> =>
  refusedPage(request, server, ({ refusals, common }) => ({
    ...refusals.notBegunHere,
    action: { href: '/sign-in', label: common.signIn },
  }));

/** A page of one's own, which signing in leads to. */
const isPage = (destination: Destination): boolean =>
  'page' in destination && destination.page !== 'device' && destination.page !== 'console';

/** The service may be told, but only if the person wants to: they may have slipped, or the provider. */
const notCompleted = async ({ destination }: Transaction, request: Incoming, server: Server): Promise<Reply> => {
  request.uiLocales = 'page' in destination ? undefined : uiLocalesIn(destination.request);
  const service = 'page' in destination ? undefined : await waitingService(destination.request, server);
  return refusedPage(request, server, ({ refusals, common, language }) => ({
    ...refusals.notSignedIn,
    action: { href: isPage(destination) ? '/sign-in' : addressOf(destination), label: common.tryAgain },
    ...(service === undefined ? {} : { service: { name: nameIn(service.client, language), hidden: service.hidden } }),
  }));
};

const uiLocalesIn = (parameters: readonly (readonly [string, string])[]): string | undefined =>
  parameters.find(([name]) => name === 'ui_locales')?.[1];

/** The service that the request came from, while it still is one that can be answered. */
const waitingService = async (
  hidden: readonly (readonly [string, string])[],
  server: Server,
): Promise<{ readonly client: Client; readonly hidden: typeof hidden } | undefined> => {
  try {
    const query = authorizeUrl(hidden).slice('/authorize?'.length);
    const { parameters } = await requestSource(parseParameters(query), server);
    const { client } = await provenRedirect(parameters, server);
    return { client, hidden };
  } catch {
    return undefined;
  }
};
