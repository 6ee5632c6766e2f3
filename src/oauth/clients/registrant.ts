/** Who brought a client here, and what that is worth. */
import type { Client } from './client.ts';

export type Owner = {
  /** Hex of the user key. */
  readonly userKey: string;
  /** As they were called when they became one. */
  readonly name: string;
  readonly accountName: string;
  /** Epoch seconds. */
  readonly since: number;
};

/** A link by which one person becomes an owner. */
export type Invitation = {
  readonly id: string;
  /** Base64url of the SHA-256 of what the link holds. */
  readonly hash: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
};

export type Registrant =
  /** An operator, or the deployment. */
  | { readonly by: 'operator' }
  /** A person, on the page of their services; all of these look after it: nobody, once the last has erased themselves. */
  | { readonly by: 'person'; readonly owners: readonly Owner[]; readonly invitations: readonly Invitation[] }
  /** It registered itself (RFC 7591). `tokenHash` is that of its registration access token, base64url of SHA-256. */
  | { readonly by: 'itself'; readonly tokenHash: string }
  /** Nobody: a document at its id describes it. `digest` is that of what makes it the same client as before. */
  | { readonly by: 'document'; readonly digest: string };

/**
 * True if somebody here knows who runs the client: an operator registered it, or has checked it. All others can say of
 * themselves what they like, and a secret that anybody is given proves nothing.
 */
export const isVouchedFor = ({ registrant, verified }: Pick<Client, 'registrant' | 'verified'>): boolean =>
  registrant.by === 'operator' || verified !== undefined;
