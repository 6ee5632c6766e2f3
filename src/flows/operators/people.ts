/** Operators and auditors look for people. That is in the audit log before anything is shown. */
import { type Act, actorOf } from '../../oauth/audit/event.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { canonicalSubject, userKeyOf } from '../../oauth/tokens/locator.ts';
import type { AuditEntry } from '../../storage/audit.ts';
import type { KnownPerson } from '../../storage/people.ts';
import type { Acting } from './acting.ts';

/** `subject` is the stable claim at the sign-in provider (for Entra ID the object id). */
export type Sought = { readonly account: string } | { readonly subject: string };

/** Those who have signed in. 12 transactions at most. Throws `Unavailable`. */
export const findPeople = async (sought: Sought, acting: Acting): Promise<readonly KnownPerson[]> => {
  const { people } = acting.server.store;
  const userKey = 'subject' in sought ? userKeyBySubject(sought.subject, acting) : undefined;
  const about = userKey === undefined ? {} : { person: userKey };
  await recordReading({ action: 'find people', target: 'people', details: sought, ...about }, acting);
  if ('account' in sought) return people.find(sought.account);
  const person = userKey && (await people.read(userKey));
  return person === undefined ? [] : [person];
};

/** Two transactions. Throws `not_found`, `Unavailable`. */
export const readPerson = async (userKey: Buffer, acting: Acting): Promise<KnownPerson> => {
  await recordReading({ action: 'read person', target: userKey.toString('hex'), person: userKey }, acting);
  const person = await acting.server.store.people.read(userKey);
  if (person === undefined) throw new OAuthError('person_unknown', 'nobody of this name has signed in');
  return person;
};

/** The key of whoever the provider names so. */
export const userKeyBySubject = (subject: string, { server: { config } }: Pick<Acting, 'server'>): Buffer =>
  userKeyOf(config.signIn.issuer, canonicalSubject(subject, config.signIn.subjectClaim));

type Reading = Extract<Act, 'find people' | 'read person' | 'read authorizations of client' | 'read authorization'>;

/** Before it is answered. Throws `Unavailable`: then nothing is to be shown. */
export const recordReading = (
  entry: Omit<AuditEntry, 'actor' | 'action'> & { readonly action: Reading },
  { server, principal }: Pick<Acting, 'server' | 'principal'>,
): Promise<void> => server.store.audit.record({ ...entry, actor: actorOf(principal) });
