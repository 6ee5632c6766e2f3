/** Initial access tokens (RFC 7591 §1.2): operators hand them out, and whoever has one may register. */

import { takeRateLimit } from '../../limits/rate-limit.ts';
import { base64url, equalBytes, type Random, sha256 } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import type { RegistrationToken } from '../../storage/registration-tokens.ts';

const prefix = 'assent_it_';

export type NewInitialToken = {
  readonly text: string;
  readonly stored: Omit<RegistrationToken, 'etag'>;
};

/** `lifetimeSeconds` and `uses` are the operator's choice. */
export const newInitialToken = (
  { issuedBy, lifetimeSeconds, uses }: { issuedBy: string; lifetimeSeconds: number; uses: number },
  { server, random }: { readonly server: Pick<Server, 'clock'>; readonly random: Random },
): NewInitialToken => {
  const text = prefix + base64url(random(32));
  const createdAt = server.clock();
  const hash = sha256(text);
  const expiresAt = createdAt + lifetimeSeconds;
  return { text, stored: { id: idOf(hash), hash, issuedBy, createdAt, expiresAt, usesLeft: uses } };
};

const idOf = (hash: Buffer): string => hash.toString('hex').slice(0, 32);

/** The token, if it lets its holder register one more client. Throws `invalid_token`. */
const liveInitialToken = async (text: string, server: Server): Promise<RegistrationToken> => {
  const hash = sha256(text);
  const token = text.startsWith(prefix) ? await server.store.registrationTokens.read(idOf(hash)) : undefined;
  const isGood =
    token !== undefined && equalBytes(token.hash, hash) && token.usesLeft > 0 && server.clock() < token.expiresAt;
  if (!isGood) throw new OAuthError('initial_token_unknown', 'the token does not let anybody register here');
  return token;
};

/** Takes one use of it. Throws `invalid_token` when others have taken the last one meanwhile. */
const spendInitialToken = async (token: RegistrationToken, text: string, server: Server): Promise<void> => {
  let current = token;
  while (!(await server.store.registrationTokens.spend(current))) current = await liveInitialToken(text, server);
};

type Asking = {
  /** The caller's address, or its network; undefined where there is none. */
  readonly source: string | undefined;
  /** The token in the request; throws without one. */
  readonly bearer: () => string;
};

/**
 * What uses the permission up, once there is something to register. Throws `not_found` where nobody may, `invalid_token`,
 * `too_many_requests`.
 */
export const permissionToRegister = async (
  { source, bearer }: Asking,
  server: Server,
): Promise<() => Promise<void>> => {
  const { mode } = server.config.registration;
  if (mode === 'off') throw new OAuthError('registration_off', 'clients do not register themselves here');
  takeRateLimit('registrations', source, server);
  if (mode === 'open') return async () => undefined;
  const text = bearer();
  const token = await liveInitialToken(text, server);
  return () => spendInitialToken(token, text, server);
};
