/** People who look after a service that one of them registered. */
import { equalBytes, fromBase64url, sha256 } from '../crypto.ts';
import { OAuthError } from '../errors.ts';
import type { Client } from './client.ts';
import type { Invitation, Owner, Registrant } from './registrant.ts';

export type ByPerson = Extract<Registrant, { readonly by: 'person' }>;

const ownersPerClient = 20;
const invitationsPerClient = 10;

/** How long a link is good by which somebody becomes an owner. */
export const invitationSeconds = 3 * 86_400;

/** True if this person looks after the client. */
export const isOwnedBy = <C extends Pick<Client, 'registrant'>>(
  client: C,
  userKey: Buffer,
): client is C & { readonly registrant: ByPerson } =>
  client.registrant.by === 'person' && client.registrant.owners.some((one) => one.userKey === userKey.toString('hex'));

/** Those that can still be taken. */
export const openInvitations = ({ invitations }: ByPerson, now: number): readonly Invitation[] =>
  invitations.filter(({ expiresAt }) => now < expiresAt);

/** Throws `conflict` when enough people may come already. */
export const withInvitation = (registrant: ByPerson, invitation: Invitation, now: number): ByPerson => {
  const open = openInvitations(registrant, now);
  if (open.length >= invitationsPerClient || registrant.owners.length + open.length >= ownersPerClient)
    throw new OAuthError('invitations_too_many', 'there are enough owners and invitations');
  return { ...registrant, invitations: [...open, invitation] };
};

export const withoutInvitation = (registrant: ByPerson, id: string): ByPerson => ({
  ...registrant,
  invitations: registrant.invitations.filter((one) => one.id !== id),
});

/** The invitation that `secret`, of a link, opens now; undefined for any other. */
export const invitationOpenedBy = (registrant: ByPerson, secret: string, now: number): Invitation | undefined => {
  const presented = sha256(secret);
  return openInvitations(registrant, now).find(({ hash }) => {
    const stored = fromBase64url(hash);
    return stored !== undefined && equalBytes(stored, presented);
  });
};

/** With one owner more, and without the invitation that brought them: it is good once. */
export const withOwner = (registrant: ByPerson, owner: Owner, invitation: Invitation): ByPerson => {
  const rest = withoutInvitation(registrant, invitation.id);
  const isOne = rest.owners.some(({ userKey }) => userKey === owner.userKey);
  return isOne ? rest : { ...rest, owners: [...rest.owners, owner] };
};

/** Throws `conflict` for the last one: nobody but operators could look after the service any more. */
export const withoutOwner = (registrant: ByPerson, userKey: string): ByPerson => {
  const left = withoutErased(registrant, userKey);
  if (left.owners.length === 0) throw new OAuthError('owner_last', 'a service must have an owner');
  return left;
};

/**
 * Whoever has themselves erased goes, be it as the last one. The service goes on, because other people use it: operators look
 * after it then, and unless they do, its secrets end in their time.
 */
export const withoutErased = (registrant: ByPerson, userKey: string): ByPerson => ({
  ...registrant,
  owners: registrant.owners.filter((one) => one.userKey !== userKey),
});
