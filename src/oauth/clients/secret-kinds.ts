/**
 * What somebody pasted where a client secret belongs. Told by the text alone, whoever the client is, so that it says nothing
 * that whoever sent it did not know.
 */

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^assent_cs_[\w-]{43}$/, 'a client secret of this server, but none of this client that is still there'],
  [/^assent_cs_/, 'only a part of a client secret, or one with something added'],
  [/^assent_rt_/, 'a refresh token'],
  [/^assent_ac_/, 'an authorization code'],
  [/^assent_dc_/, 'a device code'],
  [/^assent_ra_/, 'a registration access token'],
  [/^assent_it_/, 'an initial access token for registrations'],
  [/^eyJ[\w-]*\.[\w-]+\.[\w-]*$/, 'a JWT, such as an access token; an assertion goes into client_assertion'],
  // Of Microsoft Entra ID: the only other secrets that have a shape of their own and get here.
  [/^[\w~.-]{3}[0-9]Q~[\w~.-]{31,34}$/, 'a client secret of Microsoft Entra ID, which is for its own token endpoint'],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'an identifier, perhaps that of a secret'],
  [/^\s|\s$|^["'].*["']$/, 'something with spaces or quotes around it'],
];

/** In words that follow "it is"; undefined for what could be anything. */
export const kindOfSecret = (text: string, clientId: string): string | undefined =>
  text === clientId ? 'the client_id' : kinds.find(([pattern]) => pattern.test(text))?.[1];
