/**
 * POST /api/admin/not-before: for incidents. Voids everything issued up to now to one client, to one person, or to
 * everyone, without looking for it: codes, refresh tokens, sessions, and access tokens wherever they are introspected. Clients
 * are told of a person's sessions that end so (OpenID Connect Back-Channel Logout); of everyone's, they are not.
 */
import * as z from 'zod';
import { json } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { canonicalSubject, clientKeyOf, userKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import type { NotBeforeSubject } from '../../storage/deployment.ts';
import { adminStory } from './endpoint.ts';

/** No client_id of ours and no subject (OpenID Connect Core §2) is longer; the audit keeps it in one column. */
const nameLimit = 256;

/** Exactly one of the three. `subject` is the person's stable claim at the sign-in provider (for Entra ID the object id). */
const body = z.union([
  z.strictObject({ everyone: z.literal(true) }),
  z.strictObject({ client_id: z.string().min(1).max(nameLimit) }),
  z.strictObject({ subject: z.string().min(1).max(nameLimit) }),
]);

export const notBefore = adminStory({
  POST: async (request, server, operator) => {
    const parsed = body.safeParse(await request.json());
    if (!parsed.success) throw new OAuthError('not_before_malformed', 'name one of everyone, client_id or subject');
    const instant = server.clock();
    const subject = subjectOf(parsed.data, server);
    const target = JSON.stringify(parsed.data);
    await server.store.audit.record({ action: 'set not-before', target, actor: operator.clientId });
    // Before it, so that whoever hears of the instant will hear of the end of the sessions that it voids.
    if ('userKey' in subject) {
      await server.store.signOuts.announce({ ...subject, at: instant });
      await server.store.grants.announceEnd(subject.userKey);
    }
    await server.store.deployment.notBefore.set(subject, instant);
    // Not whom: the audit says that, the log is read by more people.
    server.log({ event: 'not_before_set', kind: Object.keys(parsed.data)[0], actor: operator.clientId });
    return json({ not_before: instant, found: await isFound(parsed.data, subject, server) });
  },
});

type Named = z.infer<typeof body>;

const subjectOf = (named: Named, { config: { signIn } }: Server): NotBeforeSubject => {
  if ('everyone' in named) return { everyone: true };
  if ('client_id' in named) return { clientKey: clientKeyOf(named.client_id) };
  return { userKey: userKeyOf(signIn.issuer, canonicalSubject(named.subject, signIn.subjectClaim)) };
};

/**
 * Whether there is such a client, or the person has ever signed in. The instant is set in any case: a client that was deleted
 * may have left things behind, and a person may come; but whoever mistyped a name must not believe that it helped.
 */
const isFound = async (named: Named, subject: NotBeforeSubject, { store }: Server): Promise<boolean> => {
  if ('client_id' in named) return (await store.clients.read(named.client_id)) !== undefined;
  return 'userKey' in subject ? store.sessions.isKnown(subject.userKey) : true;
};
