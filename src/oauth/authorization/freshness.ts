/**
 * Whether a browser's session is what a request asks for: fresh enough, at the level that is needed, and the right person's
 * (OpenID Connect Core §3.1.2.1, §5.5.1, RFC 9470 §4).
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
  | 'refused upstream'
  /** The same of a level of authentication that cannot be done without (OpenID Connect Core §5.5.1.1). */
  | 'level not met'
  /** The same of a person whom the service named. */
  | 'another person';

type Needs = Pick<AuthorizationRequest, 'digest' | 'prompts' | 'maxAgeSeconds'> & {
  /** Whether the tokens have to say when the person signed in. */
  readonly needsAuthTime?: boolean;
  /** One of these contexts; empty or undefined for any. */
  readonly requiredAcr?: readonly string[];
  /** One of these as well, because operators rule so; empty or undefined for any. */
  readonly ruledAcr?: readonly string[];
  /** One of these if the provider tells levels apart (OpenID Connect Core §3.1.2.1, `acr_values`); undefined for any. */
  readonly wantedAcr?: readonly string[];
  /** False if the session is of somebody else than the service named. */
  readonly isExpected?: boolean;
};

/** The provider's clock may be behind ours by this much. */
const skewSeconds = 5;

/** A sign-in counts as made for a request while the browser is on its way back from it, not for the same request tomorrow. */
const roundTripSeconds = 300;

export const freshnessOf = (session: Session | undefined, request: Needs, now: number): Freshness => {
  if (session === undefined) return 'sign in';
  const isMadeForThis = session.requestDigest === request.digest && now - session.createdAt <= roundTripSeconds;
  const isProvenAnew = isMadeForThis && (session.authTime ?? 0) >= session.startedAt - skewSeconds;
  const again: Freshness = isMadeForThis && !isProvenAnew ? 'refused upstream' : 'sign in';

  if (request.prompts.includes('login') && !isProvenAnew) return again;
  if (request.prompts.includes('select_account') && !isMadeForThis) return 'sign in';
  const isYoungEnough = (seconds: number): boolean => now - (session.authTime ?? 0) <= seconds;
  if (request.maxAgeSeconds !== undefined && !isProvenAnew && !isYoungEnough(request.maxAgeSeconds)) return again;
  if (request.needsAuthTime === true && session.authTime === undefined) return again;
  return personAndLevel(session, request, isMadeForThis);
};

const isOneOf = (all: readonly string[], acr: string | undefined): boolean =>
  all.length === 0 || (acr !== undefined && all.includes(acr));

const personAndLevel = (session: Session, request: Needs, isMadeForThis: boolean): Freshness => {
  const { requiredAcr = [], ruledAcr = [], wantedAcr = [], isExpected = true } = request;
  if (!isExpected) return isMadeForThis ? 'another person' : 'sign in';
  const { acr } = session;
  if (![requiredAcr, ruledAcr].every((all) => isOneOf(all, acr))) return isMadeForThis ? 'level not met' : 'sign in';
  const isBelow = wantedAcr.length > 0 && acr !== undefined && !wantedAcr.includes(acr);
  // Voluntary: worth one attempt where somebody may be asked.
  return isBelow && !isMadeForThis && !request.prompts.includes('none') ? 'sign in' : 'fresh';
};
