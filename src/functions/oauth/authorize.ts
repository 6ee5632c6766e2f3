/**
 * GET, POST /authorize (OAuth 2.1 §4.1.1): a service asks, a person decides.
 *
 * Nothing is stored for a request that waits: it travels through sign-in and approval as its own parameters and is parsed
 * again at each step.
 */

import { isExpectedPerson } from '../../flows/authorization/expected-person.ts';
import { codeForEveryone } from '../../flows/authorization/for-everyone.ts';
import { isSpent, silentCode } from '../../flows/authorization/issue-code.ts';
import { provenRedirect } from '../../flows/authorization/proven-redirect.ts';
import { isRemembered } from '../../flows/authorization/remembered.ts';
import { keepSignedRequest } from '../../flows/authorization/request-object.ts';
import { requestSource, unusable } from '../../flows/authorization/request-source.ts';
import { type SeenGrant, seenGrant } from '../../flows/authorization/seen-grant.ts';
import { ruledAsking } from '../../flows/policy/asking.ts';
import { refusedBy } from '../../flows/policy/held.ts';
import { authorizationResponse } from '../../http/authorization-response.ts';
import { authorizeUrl, isTooLong, tooLong } from '../../http/authorize-url.ts';
import type { Story } from '../../http/endpoint.ts';
import { notAWindow, placeOf } from '../../http/place.ts';
import { RefusedWith } from '../../http/refusal.ts';
import { refusedPage } from '../../http/refused-page.ts';
import { type Reply, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { wordsFor } from '../../http/words.ts';
import type { SignInRequest } from '../../identity/sign-in.ts';
import { type AuthorizationRequest, requireReadable } from '../../oauth/authorization/authorization-request.ts';
import { type Freshness, freshnessOf } from '../../oauth/authorization/freshness.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { requireStorable } from '../../oauth/grants/grant.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import { ruledNeeds } from '../../oauth/policy/sign-in.ts';
import type { Server } from '../../server.ts';
import { beginSignIn } from '../sign-in/begin.ts';
import { currentSession } from '../sign-in/browser-session.ts';
import { answeringClient, mayBeAnswered } from './answering-client.ts';
import { askForApproval, byRedirect } from './approval-page.ts';
import { showMissing } from './operator-approval.ts';

export const authorize: Story = async (request, server) => {
  if (request.method === 'POST') return repeatAsGet(request, server);
  const place = placeOf(request);
  const parameters = parseParameters(request.query);
  request.uiLocales = parameters.get('ui_locales');
  if (place === 'background' || (place === 'frame' && !mayBeFramed(parameters))) throw notAWindow();
  if (parameters.get('request') !== undefined) return keepAsPushed(parameters, server);
  const source = await requestSource(parameters, server);
  const proven = await provenRedirect(source.parameters, server, ({ clientId }) => {
    request.clientId = clientId;
  });
  return answeringClient({ proven, source, request }, server, (asked) =>
    place === 'frame' ? refuseFrame() : decide(asked, request, server),
  );
};

/** A request object by value (RFC 9101 §5.1). */
const keepAsPushed = async (parameters: Parameters, server: Server): Promise<Reply> =>
  redirect(authorizeUrl(await keepSignedRequest(parameters, server)));

/** A pushed request is looked at before it is known what it asks. */
const mayBeFramed = (parameters: Parameters): boolean =>
  parameters.get('prompt') === 'none' || ['request_uri', 'request'].some((name) => parameters.get(name) !== undefined);

/**
 * Browsers keep Lax cookies out of other sites' frames, so nobody is signed in there, and frames of the same site are told
 * the same (OpenID Connect Core §3.1.2.1): nothing of the person's session or consent shows, and no code is given.
 */
const refuseFrame = async (): Promise<Reply> => {
  throw new OAuthError('login_required_in_frame', 'nobody is signed in inside of a frame');
};

const decide = async (asked: AuthorizationRequest, request: Incoming, server: Server): Promise<Reply> => {
  const session = await currentSession(request, server);
  if (isSpent(asked, session)) throw await spent(request, server);
  requireArrivedInTime(asked, session, server);
  const isExpected = await isExpectedPerson(asked, session, server);
  const needs = { ...asked, ...ruledNeeds(needsOf(asked), (await server.policy()).signIn) };
  const freshness = freshnessOf(session, { ...needs, isExpected }, server.clock());
  const mayAsk = !asked.prompts.includes('none');
  if (session === undefined || freshness === 'sign in') {
    if (!mayAsk) throw new OAuthError('login_required_without_session', 'the person must sign in');
    return beginSignIn(request, server, signInFor(needs, { isExpected, uiLocales: request.uiLocales }));
  }
  if (freshness !== 'fresh') throw unmet(freshness);

  const seen = await seenGrant(session, asked.client.clientId, server);
  const ruled = await ruledAsking(asked, session, server);
  const isMissing = ruled.missing.length > 0;
  const code = isMissing ? undefined : await codeInSilence(ruled.asked, { session, seen }, server);
  if (code !== undefined) return authorizationResponse(asked, { code }, { request, server });
  if (!mayAsk && isMissing) throw refusedBy('policy_needs_operator');
  if (!mayAsk) throw new OAuthError('consent_required_without_prompt', 'the person must approve');
  if (isMissing) return showMissing(ruled, { request, session, action: '/consent' }, server);
  requireStorable(seen.inForce, asked.permissions);
  return askForApproval(ruled.asked, { request, session, seen, way: byRedirect(asked) }, server);
};

/** By what the person allowed before, or what operators approved for everyone; undefined where the person must be asked. */
const codeInSilence = async (
  asked: AuthorizationRequest,
  { session, seen }: { readonly session: Session; readonly seen: SeenGrant },
  server: Server,
): Promise<string | undefined> => {
  if (asked.prompts.includes('consent')) return undefined;
  const { standing } = seen;
  const code =
    standing !== undefined && isRemembered(standing, asked, server)
      ? await silentCode(asked, { session, grant: standing }, server)
      : undefined;
  return code ?? codeForEveryone(asked, { session, seen }, server);
};

/** To the person: whoever waited for the answer has it. */
const spent = async (request: Incoming, server: Server): Promise<RefusedWith> => {
  const refusal = unusable('request_uri_spent');
  return new RefusedWith(await refusedPage(request, server, (words) => wordsFor(refusal, words)), refusal);
};

/** What signing in has not brought, although the request cannot do without. */
const unmet = (freshness: Exclude<Freshness, 'fresh' | 'sign in'>): OAuthError => {
  const { reason, description } = unmetNeeds[freshness];
  return new OAuthError(reason, description);
};

const unmetNeeds = {
  'refused upstream': {
    reason: 'login_required_not_fresh',
    description: 'the sign-in provider did not ask the person to sign in again',
  },
  'another person': {
    reason: 'login_required_other_person',
    description: 'another person signed in than the one who was named',
  },
  'level not met': {
    reason: 'acr_not_met',
    description: 'the sign-in provider did not authenticate the person as required',
  },
} as const;

const needsOf = ({ client, openid, acrValues, maxAgeSeconds }: AuthorizationRequest) => ({
  maxAgeSeconds,
  needsAuthTime: client.requiresAuthTime,
  requiredAcr: openid?.claims.requiredAcr ?? [],
  wantedAcr: acrValues?.split(' ') ?? [],
});

/**
 * A pushed request is used before it expires, or by whom it sent away to sign in before it did (RFC 9126 §2.2). Throws
 * `invalid_request_uri`, at the client.
 */
const requireArrivedInTime = (
  { pushed, digest }: AuthorizationRequest,
  session: Session | undefined,
  server: Server,
): void => {
  if (pushed === undefined || server.clock() < pushed.expiresAt) return;
  const sentAway = session?.requestDigest === digest && session.startedAt < pushed.expiresAt;
  if (!sentAway) throw unusable('request_uri_expired');
};

type Hints = { readonly isExpected: boolean; readonly uiLocales: string | undefined };

type Needed = AuthorizationRequest & { readonly ruledAcr: readonly string[] };

const signInFor = (asked: Needed, { isExpected, uiLocales }: Hints): SignInRequest => ({
  destination: { request: asked.parameters, digest: asked.digest },
  prompt: upstreamPromptOf(asked, isExpected),
  maxAgeSeconds: asked.maxAgeSeconds,
  loginHint: asked.loginHint,
  uiLocales,
  acrValues: asked.openid?.claims.requiredAcr.join(' ') || asked.ruledAcr.join(' ') || asked.acrValues,
});

/** Whoever is not the person that the service named is let choose. */
const upstreamPromptOf = ({ prompts }: AuthorizationRequest, isExpected: boolean): SignInRequest['prompt'] => {
  if (prompts.includes('login')) return 'login';
  return prompts.includes('select_account') || !isExpected ? 'select_account' : undefined;
};

/**
 * Lax cookies do not come with another site's POST, so its request is repeated as the GET that it could have been. One too
 * long for that is refused at the client, if its redirect URI can be proven.
 */
const repeatAsGet = async (request: Incoming, server: Server): Promise<Reply> => {
  const form = await request.form();
  requireReadable(form);
  if (form.get('request') !== undefined) return keepAsPushed(form, server);
  const location = authorizeUrl(form.readable().filter(([, value]) => value !== ''));
  if (!isTooLong(location, server)) return redirect(location);
  const { onTheWire, description } = tooLong();
  const { parameters } = await requestSource(form, server);
  const proven = await provenRedirect(parameters, server);
  if (!(await mayBeAnswered({ proven, request }, server))) throw tooLong();
  return authorizationResponse(proven, { error: onTheWire, error_description: description }, { request, server });
};
