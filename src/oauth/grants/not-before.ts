/**
 * Instants up to which everything is void: of everyone, of one person, of one client. A thing is judged by what it rests
 * on, never by its own age: an instance that does not know an instant yet would else mint what outlives it.
 */

/** Epoch seconds; 0 where nothing was ever voided. */
export type Instants = { readonly everyone: number; readonly person: number; readonly client: number };

/** What a code, a refresh token or a remembered consent rests on; epoch seconds. */
export type Basis = {
  /** When the browser session was made in which the person approved, or the one that answered for them, if older. */
  readonly sessionAt: number;
  /** When the approval page was made. */
  readonly consentAt: number;
};

/** True if an instant voids what rests on this session and this approval. */
export const isVoid = ({ sessionAt, consentAt }: Basis, { everyone, person, client }: Instants): boolean =>
  Math.min(sessionAt, consentAt) <= Math.max(everyone, person) || consentAt <= client;

/** A browser session, and a page of it, are nobody's but the person's. */
export const isVoidForPerson = (at: number, { everyone, person }: Instants): boolean =>
  at <= Math.max(everyone, person);

/** When something of the person's that is made now counts as made: after what was voided, be that in this very second. */
export const madeAt = (now: number, { everyone, person }: Instants): number => Math.max(now, everyone + 1, person + 1);

/** What rests on this approval in this session rests on the older of both sessions. */
export const basisIn = (session: { readonly createdAt: number }, { sessionAt, consentAt }: Basis): Basis => ({
  sessionAt: Math.min(session.createdAt, sessionAt),
  consentAt,
});
