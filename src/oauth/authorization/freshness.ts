/**
 * Whether a browser's session is fresh enough for a request (OpenID Connect Core §3.1.2.1, RFC 9470 §4).
 *
 * `prompt=login` asks for a sign-in made for this very request: the session must have been caused by it, and the upstream
 * provider must say that the person proved who they are after that sign-in began. `max_age` goes by the provider's
 * `auth_time` alone. A provider that answers from its own old session is found out by that.
 */
import type { AuthorizationRequest } from './authorization-request.ts';
import type { Session } from './session.ts';

export type Freshness =
  | 'fresh'
  /** Signing in (again) can help. */
  | 'sign in'
  /** The person was sent upstream for this request and came back without a new proof: asking again would be a loop. */
  | 'refused upstream';

/** The provider's clock may be behind ours by this much. */
const skewSeconds = 5;

/** A sign-in counts as made for a request while the browser is on its way back from it, not for the same request tomorrow. */
const roundTripSeconds = 300;

export const freshnessOf = (
  session: Session | undefined,
  request: Pick<AuthorizationRequest, 'digest' | 'prompts' | 'maxAgeSeconds'>,
  now: number,
): Freshness => {
  if (session === undefined) return 'sign in';
  const isMadeForThis = session.requestDigest === request.digest && now - session.createdAt <= roundTripSeconds;
  const isProvenAnew = isMadeForThis && (session.authTime ?? 0) >= session.startedAt - skewSeconds;
  const again: Freshness = isMadeForThis && !isProvenAnew ? 'refused upstream' : 'sign in';

  if (request.prompts.includes('login') && !isProvenAnew) return again;
  if (request.prompts.includes('select_account') && !isMadeForThis) return 'sign in';
  const isYoungEnough = (seconds: number): boolean => now - (session.authTime ?? 0) <= seconds;
  if (request.maxAgeSeconds !== undefined && !isProvenAnew && !isYoungEnough(request.maxAgeSeconds)) return again;
  return 'fresh';
};
