/** Mails to people about new authorizations: what they say, and when they are made and sent. */
import { sendDue } from '../../flows/mail/due.ts';
import { noteNews } from '../../flows/mail/note.ts';
import { findPermission } from '../../oauth/access/target.ts';
import type { StoredEvent } from '../../oauth/audit/event.ts';
import { authorizationMail } from '../../pages/mail.ts';
import { permissionIn } from '../../pages/permission-words.ts';
import { languageFor } from '../../pages/words/languages.ts';
import { wordsIn } from '../../pages/words/words.ts';
import type { Server } from '../../server.ts';

/** Takes what the courier brings. Sending goes on by itself: nothing that comes after waits for it. Throws `Unavailable`. */
export const mailNews = async (events: readonly StoredEvent[], server: Server): Promise<void> => {
  await noteNews(events, server);
  void sendDueMails(server).catch((error: unknown) =>
    server.log({ level: 'warning', event: 'mails_not_sent', reason: String(error) }),
  );
};

/** Sends those whose time has come; nothing where there is no mail. Throws `Unavailable`. */
export const sendDueMails = async (server: Server): Promise<void> => {
  const { mail, config } = server;
  if (mail === undefined) return;
  await sendDue({
    mail,
    server,
    compose: async ({ kind, at, clientName, permissions }, { language, accountName }) => {
      const words = await wordsIn(languageFor({ uiLocales: language }));
      const { brandName, issuer, brandAccent, brandLogo } = config;
      const names = permissions.map((one) => {
        const found = findPermission(one, server.resources);
        return found === undefined ? one : permissionIn(found.permission, words).name;
      });
      return authorizationMail({
        ...{ brandName, issuer, words, accent: brandAccent, logo: brandLogo?.id },
        ...{ at, accountName, service: clientName, permissions: [...new Set(names)] },
        isForEveryone: kind === 'approved for everyone',
      });
    },
  });
};
