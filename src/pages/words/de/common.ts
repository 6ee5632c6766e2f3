/** Was auf jeder Seite steht. */
import type { Words } from '../words.ts';

export const common: Words['common'] = {
  skip: 'Zum Inhalt springen',
  addressBegins: 'Die Adresszeile Ihres Browsers muss beginnen mit',
  thisSite: 'Diese Website',
  about: 'Über diese Website',
  manage: 'Berechtigungen verwalten',
  signedInAs: 'Angemeldet als',
  signIn: 'Anmelden',
  signOut: 'Abmelden',
  startPage: 'Zur Startseite',
  tryAgain: 'Noch einmal versuchen',
  continue: 'Weiter',
  highPrivilege: 'Weitreichend',
  newTab: ' (öffnet in neuem Tab)',
  website: 'Website',
  privacy: 'Datenschutz',
  terms: 'Nutzungsbedingungen',
};
