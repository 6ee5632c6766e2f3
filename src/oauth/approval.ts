/**
 * The approval form's token. It is keyed by the form secret of the browser's session, so it cannot be forged, moved to another
 * browser or outlive a change of account; it carries what the person was shown and what the decision is based on, so that
 * approving reads nothing twice.
 */
import { base64url, equalBytes, fromBase64url, hmacSha256 } from './crypto.ts';
import { familyIdLength } from './locator.ts';
import type { Session } from './session.ts';
import { secretLength } from './token-strings.ts';

export type Approval = {
  /** Digest of the authorization request. */
  readonly request: string;
  /** Digest of what the page showed. */
  readonly shown: string;
  /** The person's grant for this client as it was when the page was made; undefined if there was none. */
  readonly grant:
    | {
        readonly etag: string;
        readonly permissions: readonly string[];
        readonly familyCount: number;
      }
    | undefined;
  /** Random, one per page. */
  readonly nonce: string;
  readonly issuedAt: number;
};

const keyOf = (session: Session): Buffer => hmacSha256(session.formSecret, 'assent approval');

export const sealApproval = (approval: Approval, session: Session): string => {
  const payload = base64url(Buffer.from(JSON.stringify({ ...approval, user: base64url(session.userKey) })));
  return `${payload}.${base64url(hmacSha256(keyOf(session), payload))}`;
};

/** The approval, however old, if a page of this person in this browser made it; else undefined. */
export const openApproval = (token: string, session: Session): Approval | undefined => {
  const [payload = '', mac = '', ...rest] = token.split('.');
  const presented = fromBase64url(mac);
  if (rest.length > 0 || presented === undefined) return undefined;
  if (!equalBytes(presented, hmacSha256(keyOf(session), payload))) return undefined;
  const { user, ...approval } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Approval & { user: string };
  return user === base64url(session.userKey) ? approval : undefined;
};

/**
 * The family id and the code's secret of a decision made on a page. They derive from the page and the decision, so that
 * the same form submitted twice names the same family and the same code instead of making another.
 */
export const derivedCode = (
  approval: Approval,
  scopes: readonly string[],
  session: Session,
): { readonly familyId: Buffer; readonly secret: Buffer } => {
  const decision = JSON.stringify([approval.nonce, scopes]);
  const derive = (purpose: string): Buffer => hmacSha256(session.formSecret, `assent ${purpose} ${decision}`);
  return { familyId: derive('family').subarray(0, familyIdLength), secret: derive('code').subarray(0, secretLength) };
};

/** The token of the simple forms of a session (revoke, sign out): they cannot be sent from elsewhere. */
export const formTokenOf = (session: Pick<Session, 'formSecret'>): string =>
  base64url(hmacSha256(session.formSecret, 'assent form'));

export const isFormToken = (token: string | undefined, session: Pick<Session, 'formSecret'>): boolean => {
  const presented = fromBase64url(token ?? '');
  return presented !== undefined && equalBytes(presented, hmacSha256(session.formSecret, 'assent form'));
};
