/** Was mit Diensten geschehen ist. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const history: Words['history'] = {
  title: 'Verlauf',
  warning: 'Warnung',
  times: counted('de', { one: '#-mal, zuletzt', other: '#-mal, zuletzt' }),
  andMore: (count) => `und ${count} weitere`,
  sentences: {
    authorized: (name) => html`Sie haben ${name} zugestimmt`,
    widened: (name) => html`Sie haben ${name} mehr erlaubt`,
    narrowed: (name) => html`Sie haben ${name} weniger erlaubt`,
    refused: (name) => html`Sie haben ${name} abgelehnt`,
    'connected again': (name) => html`${name} hat sich wieder verbunden, mit dem, was Sie schon erlaubt hatten`,
    'revoked by user': (name) => html`Sie haben ${name} widerrufen`,
    'ended by user': (name) => html`Sie haben eine Verbindung von ${name} beendet`,
    'revoked by service': (name) => html`${name} hat den Zugriff zurückgegeben`,
    'code replayed': (name) =>
      html`Ein Code von ${name} wurde zweimal verwendet. Wir haben diese Verbindung beendet, weil ihn jemand kopiert haben könnte`,
    'refresh token replayed': (name) =>
      html`Ein alter Schlüssel von ${name} wurde noch einmal verwendet. Wir haben diese Verbindung beendet, weil ihn jemand kopiert haben könnte`,
    'removed by operator': (name) =>
      html`Die Administration hat ${name} entfernt und beendet, was Sie dem Dienst erlaubt hatten`,
    'voided by operator': (name) => html`Die Administration hat beendet, was Sie ${name} erlaubt hatten`,
    'ended by operator': (name) => html`Die Administration hat beendet, was Sie ${name} erlaubt hatten`,
    'everything voided by operator': () =>
      html`Die Administration hat alles beendet, was Sie erlaubt hatten, und Sie abgemeldet`,
    'approved for everyone': (name) =>
      html`${name} hat Zugriff bekommen, den die Administration für alle genehmigt hat`,
    'approved by operator': (name) => html`Die Administration hat genehmigt, was Sie ${name} erlauben wollten`,
    'refused by operator': (name) => html`Die Administration hat nicht genehmigt, was Sie ${name} erlauben wollten`,
    evicted: (name) => html`Die älteste Verbindung von ${name} wurde beendet, um Platz für eine neue zu machen`,
  },
  lists: {
    authorized: (names) => html`Darf nutzen: ${names}`,
    widened: (names) => html`Neu: ${names}`,
    narrowed: (names) => html`Nicht mehr: ${names}`,
    refused: (names) => html`Hatte gebeten um: ${names}`,
    'connected again': (names) => html`Darf nutzen: ${names}`,
    'approved for everyone': (names) => html`Darf nutzen: ${names}`,
    'approved by operator': (names) => html`Genehmigt: ${names}`,
    'refused by operator': (names) => html`Nicht genehmigt: ${names}`,
  },
};
