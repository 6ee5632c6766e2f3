/** Initial access tokens (RFC 7591 §1.2), as operators handle them. */
import { actorOf } from '../../oauth/audit/event.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { RegistrationToken } from '../../storage/registration-tokens.ts';
import { type NewInitialToken, newInitialToken } from '../clients/initial-token.ts';
import type { Acting } from './acting.ts';

/** As stored, whether or not it is worth anything yet. */
export type IssuedToken = Omit<RegistrationToken, 'etag'>;

/** A token that lets its holder register `uses` clients. */
export const issueInitialToken = async (
  { lifetimeSeconds, uses }: { readonly lifetimeSeconds: number; readonly uses: number },
  acting: Acting,
): Promise<NewInitialToken> => {
  const made = newInitialToken({ issuedBy: acting.principal.id, lifetimeSeconds, uses }, acting);
  await record('issue registration token', made.stored, acting);
  await acting.server.store.registrationTokens.insert(made.stored);
  return made;
};

/** Throws `not_found`. */
export const readInitialToken = async (id: string, { server }: Pick<Acting, 'server'>): Promise<RegistrationToken> => {
  const token = /^[0-9a-f]{32}$/.test(id) ? await server.store.registrationTokens.read(id) : undefined;
  if (token === undefined) throw new OAuthError('initial_token_not_found', 'there is no such token');
  return token;
};

/** Throws `not_found`, and `conflict` when somebody registers with it at the same time. */
export const withdrawInitialToken = async (id: string, acting: Acting): Promise<void> => {
  const token = await readInitialToken(id, acting);
  await record('withdraw registration token', token, acting);
  if (!(await acting.server.store.registrationTokens.withdraw(token)))
    throw new OAuthError('initial_token_used_meanwhile', 'the token was used at the same time; try again');
};

/** As operators read it. */
export const describedToken = ({ id, issuedBy, createdAt, expiresAt, usesLeft }: IssuedToken) => ({
  id,
  issued_by: issuedBy,
  created_at: createdAt,
  expires_at: expiresAt,
  uses_left: usesLeft,
});

const record = async (
  action: 'issue registration token' | 'withdraw registration token',
  token: IssuedToken,
  { server, principal }: Acting,
): Promise<void> => {
  await server.store.audit.record({
    action,
    target: token.id,
    actor: actorOf(principal),
    details: describedToken(token),
  });
  server.log({ event: 'registration_token_changed', action, id: token.id, actor: principal.id });
};
