/** Where mails to a person go: to the address that the sign-in provider has verified, in the language of their browser. */
import type { Incoming } from '../../http/request.ts';
import type { Person } from '../../oauth/access/person.ts';
import { languageFor } from '../../pages/words/languages.ts';
import type { Server } from '../../server.ts';

/** What is none of these might be several addresses to whoever sends it. */
const oneAddress = /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+$/;

/** Both are empty where no mail is sent: what was kept before is forgotten. */
export const mailboxOf = ({ email = '', emailVerified }: Person, request: Incoming, { config }: Server) => {
  const isUsed = config.mail !== undefined && emailVerified === true && oneAddress.test(email);
  if (!isUsed) return { address: '', language: '' };
  return { address: email, language: languageFor({ acceptLanguage: request.header('accept-language') }) };
};
