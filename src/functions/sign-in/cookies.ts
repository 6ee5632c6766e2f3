/**
 * The cookies of the sign-ins under way in one browser. There may be as many as there are tabs, and a host refuses a
 * request whose headers are too long, so that the browser would be locked out: they are bounded whether the tabs come one
 * after the other or, knowing nothing of each other, at once.
 */
import { cookieName, expired, type SetCookie } from '../../http/cookies.ts';
import type { Incoming } from '../../http/request.ts';
import { claimedStart, openTransaction, type Transaction, transactionSeconds } from '../../identity/transaction.ts';
import { base64url, sha256 } from '../../oauth/crypto.ts';
import type { Server } from '../../server.ts';

/** All of them together, names and separators included; the platform takes some 16 KB of headers. */
const bytesLimit = 9_900;

/** A longer one goes to one of two places that later ones take over, so that no number of tabs at once has more of them. */
const longBytes = 900;
const longPlaces = ['signin-long-1', 'signin-long-2'];

type Kept = { readonly name: string; readonly value: string };

const bytesOf = ({ name, value }: Kept): number => name.length + value.length + '=; '.length;

const bareName = (state: string): string => `signin-${base64url(sha256(state)).slice(0, 16)}`;

/** Oldest first. */
const underWay = (request: Incoming, server: Server): readonly Kept[] =>
  request.cookieNames
    .filter((name) => name.startsWith(cookieName('signin-', server.config.insecureLoopback)))
    .map((name) => ({ name, value: request.cookie(name) ?? '' }))
    .sort((a, b) => claimedStart(a.value) - claimedStart(b.value));

/** The cookie of a new sign-in, after those of the oldest ones, expired, for which there is no room beside it. */
export const rememberSignIn = (
  { state, sealed }: { readonly state: string; readonly sealed: string },
  request: Incoming,
  server: Server,
): readonly SetCookie[] => {
  const kept = underWay(request, server);
  const bare = sealed.length > longBytes ? longPlace(kept, server) : bareName(state);
  const added = { name: cookieName(bare, server.config.insecureLoopback), value: sealed };
  const others = kept.filter(({ name }) => name !== added.name);
  let bytes = [added, ...others].reduce((sum, one) => sum + bytesOf(one), 0);
  const dropped: SetCookie[] = [];
  for (const one of others) {
    if (bytes <= bytesLimit) break;
    dropped.push(expired(one.name));
    bytes -= bytesOf(one);
  }
  return [...dropped, { ...added, maxAgeSeconds: transactionSeconds }];
};

/** A free one, or the one that was taken first. By chance among free ones, because tabs that come at once see both free. */
const longPlace = (kept: readonly Kept[], server: Server): string => {
  const nameOf = (place: string) => cookieName(place, server.config.insecureLoopback);
  const free = longPlaces.filter((place) => !kept.some(({ name }) => name === nameOf(place)));
  const oldest = kept.flatMap(({ name }) => longPlaces.filter((place) => nameOf(place) === name));
  const candidates = free.length > 0 ? free : oldest.slice(0, 1);
  return candidates[(server.random(1)[0] ?? 0) % candidates.length] ?? 'signin-long-1';
};

/** The sign-in that this browser began with `state`, and the cookie that remembered it. */
export const recallSignIn = async (
  state: string,
  request: Incoming,
  server: Server,
): Promise<{ readonly transaction: Transaction; readonly cookie: string } | undefined> => {
  const { signInCookie: key } = await server.keys();
  for (const bare of [bareName(state), ...longPlaces]) {
    const cookie = cookieName(bare, server.config.insecureLoopback);
    const transaction = openTransaction(request.cookie(cookie) ?? '', { state, now: server.clock(), key });
    if (transaction !== undefined) return { transaction, cookie };
  }
  return undefined;
};
