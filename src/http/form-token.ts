/** Does this form come from our own page, and from this browser? */
import { isFormToken } from '../oauth/authorization/approval.ts';
import type { Session } from '../oauth/authorization/session.ts';
import { OAuthError } from '../oauth/errors.ts';
import type { Parameters } from '../oauth/parameters.ts';
import type { Server } from '../server.ts';
import type { Incoming } from './request.ts';

/**
 * A submission must come from our own page. Browsers say where a request comes from; the ones that do not are caught by
 * the form's token. Throws `foreign_form`.
 */
export const requireSameOrigin = (request: Incoming, server: Server): void => {
  const site = request.header('sec-fetch-site');
  const origin = request.header('origin');
  if ((site !== undefined && site !== 'same-origin') || (origin !== undefined && origin !== server.config.issuer))
    throw new OAuthError('form_foreign', 'the form was not sent from our own page');
};

/** Throws `stale_form` unless the form carries its session's token. */
export const requireFormToken = (form: Parameters, session: Pick<Session, 'formSecret'>): void => {
  if (!isFormToken(form.get('token'), session)) throw new OAuthError('form_stale', 'the form is too old');
};
