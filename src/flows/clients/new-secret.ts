/** Client secrets as they are made: shown once, kept as a hash. */
import { type ClientSecret, hashSecret } from '../../oauth/clients/client.ts';
import type { Random } from '../../oauth/crypto.ts';
import { base64url } from '../../oauth/crypto.ts';
import type { Server } from '../../server.ts';

export const defaultSecretSeconds = 365 * 86_400;

export type IssuedSecret = { readonly secret: string; readonly stored: ClientSecret };

type Made = { readonly server: Pick<Server, 'clock'>; readonly random: Random };

export const newSecret = (lifetimeSeconds: number, { server, random }: Made): IssuedSecret => {
  const secret = `assent_cs_${base64url(random(32))}`;
  const createdAt = server.clock();
  const id = base64url(random(6));
  return { secret, stored: { id, hash: hashSecret(secret), createdAt, expiresAt: createdAt + lifetimeSeconds } };
};

/** As the one answer names it that shows it (RFC 7591 §3.2.1). */
export const secretOnce = (issued: IssuedSecret | undefined) =>
  issued === undefined ? {} : { client_secret: issued.secret, client_secret_expires_at: issued.stored.expiresAt };
