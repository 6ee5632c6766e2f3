/** What the authorization endpoint and the consent page's form share: refusals after the proof go to the client. */
import type { ProvenRedirect } from '../../flows/authorization/proven-redirect.ts';
import type { RequestSource } from '../../flows/authorization/request-source.ts';
import { requireAccessOn } from '../../flows/policy/service.ts';
import { authorizationResponse } from '../../http/authorization-response.ts';
import { authorizeUrl, isTooLong, tooLong } from '../../http/authorize-url.ts';
import { placeOf } from '../../http/place.ts';
import { RefusedWith } from '../../http/refusal.ts';
import type { Reply } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
} from '../../oauth/authorization/authorization-request.ts';
import { isVouchedFor } from '../../oauth/clients/registrant.ts';
import { type ErrorCode, OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import { currentSession } from '../sign-in/browser-session.ts';

/**
 * Nobody is taken to an address that a stranger registered by a click on a link of ours: not before they have signed in, which
 * shows them where they are (RFC 9700 §4.11.2). What answers inside of a frame takes nobody anywhere.
 */
export const mayBeAnswered = async (
  { proven, request }: Pick<Provable, 'proven' | 'request'>,
  server: Server,
): Promise<boolean> =>
  isVouchedFor(proven.client) || placeOf(request) === 'frame' || (await currentSession(request, server)) !== undefined;

type Provable = { readonly proven: ProvenRedirect; readonly source: RequestSource; readonly request: Incoming };

/** Of these nobody is told at an address of the client: the first may pass, and of the second the proof is gone. */
const forPeople: readonly ErrorCode[] = ['too_many_requests', 'unknown_client'];

/**
 * Runs what follows the proof. Its refusals go to the client, with `state` and `iss` (RFC 9207 §2); anything that is not
 * the request's fault goes to the person as a page, because the same request may succeed in a moment.
 */
export const answeringClient = async (
  { proven, source, request }: Provable,
  server: Server,
  handler: (asked: AuthorizationRequest) => Promise<Reply>,
): Promise<Reply> => {
  request.clientId = proven.client.clientId;
  request.uiLocales = source.parameters.get('ui_locales');
  try {
    const { parameters, pushed } = source;
    const { requirePushed } = server.config;
    const arrived = { isPushed: pushed?.byBrowser === false, isSigned: pushed?.isSigned === true };
    const asked = parseAuthorizationRequest(
      parameters,
      { ...proven, pushed, arrived, requirePushed },
      server.resources,
    );
    if (isTooLong(authorizeUrl(asked.parameters), server)) throw tooLong();
    await requireAccessOn('person', server);
    return await handler(asked);
  } catch (error) {
    if (!(error instanceof OAuthError) || forPeople.includes(error.code)) throw error;
    if (!(await mayBeAnswered({ proven, request }, server))) throw error;
    const answer = { error: error.onTheWire, error_description: error.description };
    throw new RefusedWith(await authorizationResponse(proven, answer, { request, server }), error);
  }
};
