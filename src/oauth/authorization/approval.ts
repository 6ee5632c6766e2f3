/**
 * The approval form's token. It is keyed by the form secret of the browser's session, so it cannot be forged, moved to another
 * browser or outlive a change of account; it carries what the person was shown and what the decision is based on, so that
 * approving reads nothing twice.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { base64url, equalBytes, fromBase64url, hmacSha256 } from '../crypto.ts';
import type { StoredGrant } from '../grants/grant.ts';
import type { Lasting } from '../grants/lasting.ts';
import { familyIdLength } from '../tokens/locator.ts';
import { secretLength } from '../tokens/token-strings.ts';
import type { Session } from './session.ts';

export type Approval = {
  /** Digest of the authorization request. */
  readonly request: string;
  /** Digest of what the page showed. */
  readonly shown: string;
  /** The person's grant for this client as it was when the page was made, whatever it was worth; undefined if there was none. */
  readonly grant: GrantSnapshot | undefined;
  /** Random, one per page. */
  readonly nonce: string;
  readonly issuedAt: number;
};

/** What the next write of the grant goes by. */
export type GrantSnapshot = Omit<StoredGrant, 'clientId' | 'revoked'>;

/** What a person answers who approves. */
export type Answer = {
  /** Those that they allow. */
  readonly scopes: readonly string[];
  readonly lasting: Lasting;
};

/** The bytes of a code (`tokens/token-strings.ts`). */
export type CodeMaterial = { readonly familyId: Buffer; readonly secret: Buffer };

/** Far above what `requireStorable` lets a grant hold. */
const inflatedLimit = 200_000;

const keyOf = (session: Session): Buffer => hmacSha256(session.formSecret, 'assent approval');

export const sealApproval = (approval: Approval, session: Session): string => {
  const { grant } = approval;
  const content = {
    ...approval,
    grant: grant && { ...grant, families: grant.families.map(base64url) },
    user: base64url(session.userKey),
  };
  const payload = payloadOf(JSON.stringify(content));
  return `${payload}.${base64url(hmacSha256(keyOf(session), payload))}`;
};

/** A grant can hold hundreds of permissions, whose names have much in common; most grants hold a few, and packing takes time. */
const longest = 2_000;
/** Before a text that is not packed: no character of base64url. */
const plainMark = '~';

const payloadOf = (text: string): string =>
  text.length > longest ? base64url(deflateRawSync(text)) : `${plainMark}${base64url(Buffer.from(text))}`;

/** Its inverse. */
const textIn = (payload: string): string => {
  if (payload.startsWith(plainMark)) return Buffer.from(payload.slice(1), 'base64url').toString();
  return inflateRawSync(Buffer.from(payload, 'base64url'), { maxOutputLength: inflatedLimit }).toString();
};

/** The approval, however old, if a page of this person in this browser made it; else undefined. */
export const openApproval = (token: string, session: Session): Approval | undefined => {
  const [payload = '', mac = '', ...rest] = token.split('.');
  const presented = fromBase64url(mac);
  if (rest.length > 0 || presented === undefined) return undefined;
  if (!equalBytes(presented, hmacSha256(keyOf(session), payload))) return undefined;
  const { user, ...approval } = contentOf(payload);
  return user === base64url(session.userKey) ? approval : undefined;
};

type Sealed = Omit<Approval, 'grant'> & {
  readonly user: string;
  readonly grant?: Omit<GrantSnapshot, 'families'> & { readonly families: readonly string[] };
};

/** Only what carries a right MAC is read. */
const contentOf = (payload: string): Approval & { readonly user: string } => {
  const { grant, ...sealed } = JSON.parse(textIn(payload)) as Sealed;
  const families = (grant?.families ?? []).map((id) => Buffer.from(id, 'base64url'));
  return { ...sealed, grant: grant && { ...grant, families } };
};

/**
 * The family id and the code's secret of a decision made on a page. They derive from the page and the decision, so that
 * the same form submitted twice names the same family and the same code instead of making another.
 */
export const derivedCode = (approval: Approval, { scopes, lasting }: Answer, session: Session): CodeMaterial =>
  codeDerivedFrom(JSON.stringify([approval.nonce, scopes, lasting]), session);

/** The same for the silent answer to a pushed request: the browser that asks again, having heard nothing, gets that answer. */
export const derivedSilentCode = (requestId: Buffer, session: Session): CodeMaterial =>
  codeDerivedFrom(`silent ${base64url(requestId)}`, session);

const codeDerivedFrom = (decision: string, session: Session): CodeMaterial => {
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
