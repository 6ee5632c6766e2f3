/** New authorizations of which people are to hear by mail. The courier brings each at least once; one mail is made of it. */
import type { StoredEvent } from '../../oauth/audit/event.ts';
import { Unavailable } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';

const daySeconds = 86_400;

/** To one person in a day: a service that makes a person authorize it again and again must not fill their mailbox. */
const mailsPerDay = 10;

/** A mail lists no more; the page that it leads to has all of them. */
const permissionsPerMail = 30;

const attempts = 10;

type News = StoredEvent & { readonly clientName: string };

const newsKinds: readonly StoredEvent['kind'][] = ['authorized', 'widened', 'approved for everyone'];

const isNews = (event: StoredEvent): event is News => newsKinds.includes(event.kind) && event.clientName !== undefined;

/** Writes down what is to be sent. Throws `Unavailable`: then it must be given the events again. */
export const noteNews = async (events: readonly StoredEvent[], server: Server): Promise<void> => {
  for (const event of events.filter(isNews)) if (server.clock() < event.at + daySeconds) await note(event, server);
};

/** First what is to be sent, then that it is: whoever dies between the two does both again, and the same mail twice is one. */
const note = async (event: News, { store: { mails }, log }: Server): Promise<void> => {
  const { userKey, id, kind, at, clientName, permissions = [] } = event;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const mailbox = await mails.mailbox(userKey);
    const recent = mailbox?.mailed.filter(([, before]) => at < before + daySeconds) ?? [];
    if (mailbox === undefined || recent.some(([known]) => known === id)) return;
    if (recent.length >= mailsPerDay) return log({ event: 'mail_left_out', reason: 'enough for a day' });
    await mails.add({ userKey, id, kind, at, clientName, permissions: permissions.slice(0, permissionsPerMail) });
    if (await mails.remember(userKey, mailbox, [...recent, [id, at]])) return;
  }
  throw new Unavailable('storage');
};
