/** For incidents: voids everything issued up to now to one client, to one person, or to everyone, without looking for it. */
import { actorOf } from '../../oauth/audit/event.ts';
import { canonicalSubject, clientKeyOf, userKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import type { NotBeforeSubject } from '../../storage/deployment.ts';
import type { Acting } from './acting.ts';

/** `subject` is the person's stable claim at the sign-in provider (for Entra ID the object id). */
export type Voided = { readonly everyone: true } | { readonly client_id: string } | { readonly subject: string };

/**
 * Voids codes, refresh tokens, sessions, and access tokens wherever they are introspected. Clients are told of a person's sessions
 * that end so (OpenID Connect Back-Channel Logout); of everyone's, they are not.
 */
export const voidIssued = async (
  named: Voided,
  { server, principal }: Acting,
): Promise<{ readonly instant: number; readonly found: boolean }> => {
  const { store } = server;
  const instant = server.clock();
  const subject = subjectOf(named, server);
  const [target = ''] = Object.keys(named);
  const person = 'userKey' in subject ? { person: subject.userKey } : {};
  await store.audit.record({ action: 'set not-before', target, actor: actorOf(principal), details: named, ...person });
  // Before it, so that whoever hears of the instant will hear of the end of the sessions that it voids.
  if ('userKey' in subject) {
    await store.signOuts.announce({ ...subject, at: instant });
    await store.grants.announceEnd(subject.userKey);
  }
  await store.deployment.notBefore.set(subject, instant);
  // Not whom: the audit says that, the log is read by more people.
  server.log({ event: 'not_before_set', kind: Object.keys(named)[0], actor: principal.id });
  return { instant, found: await isFound(named, subject, server) };
};

const subjectOf = (named: Voided, { config: { signIn } }: Server): NotBeforeSubject => {
  if ('everyone' in named) return { everyone: true };
  if ('client_id' in named) return { clientKey: clientKeyOf(named.client_id) };
  return { userKey: userKeyOf(signIn.issuer, canonicalSubject(named.subject, signIn.subjectClaim)) };
};

/**
 * Whether there is such a client, or the person has ever signed in. The instant is set in any case: a client that was deleted
 * may have left things behind, and a person may come; but whoever mistyped a name must not believe that it helped.
 */
const isFound = async (named: Voided, subject: NotBeforeSubject, { store }: Server): Promise<boolean> => {
  if ('client_id' in named) return (await store.clients.read(named.client_id)) !== undefined;
  return 'userKey' in subject ? store.sessions.isKnown(subject.userKey) : true;
};
