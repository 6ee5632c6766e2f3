/** Abmelden, und der Weg zurück zu einem Dienst. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const signOut: Words['signOut'] = {
  title: 'Abmelden',
  heading: 'Abmelden?',
  sentBy: (service, brand) =>
    html`${service} hat Sie hierher geschickt, damit Sie sich in diesem Browser von ${brand} abmelden.`,
  consequences: (manage) =>
    html`Dienste, bei denen Sie von hier aus angemeldet wurden, melden Sie vielleicht ebenfalls ab. Was Sie Diensten erlaubt haben, gilt weiter; beenden können Sie es unter ${manage}.`,
  stay: 'Angemeldet bleiben',
  notSignedInTitle: 'Nicht angemeldet',
  notSignedInHeading: 'Sie sind nicht angemeldet',
  notSignedIn: 'In diesem Browser gibt es nichts abzumelden.',
  doneTitle: 'Abgemeldet',
  doneHeading: 'Sie sind abgemeldet',
  done: (brand) =>
    html`Sie sind in diesem Browser von ${brand} abgemeldet. Dienste, bei denen Sie von hier aus angemeldet wurden, melden Sie vielleicht ebenfalls ab. Was Sie Diensten erlaubt haben, gilt weiter, bis Sie es widerrufen.`,
  sharedDevice:
    'Auf einem gemeinsam genutzten Gerät melden Sie sich bitte auch von Ihrem Microsoft-Konto oder Arbeitskonto ab, oder schließen Sie den Browser: Dort sind Sie vielleicht noch angemeldet.',
  signInAgain: 'Wieder anmelden',
  backTitle: 'Zurück zum Dienst',
  backTo: (service) => html`Zurück zu ${service}`,
  onItsWay: 'Ihre Antwort ist unterwegs. Wenn nichts geschieht, drücken Sie den Knopf.',
};
