/** Berechtigungen verwalten: die Liste, und die Seite jedes Dienstes. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const authorizations: Words['authorizations'] = {
  lead: 'Diesen Diensten haben Sie erlaubt, Ihre Daten in Ihrem Namen zu nutzen. Keiner kennt Ihr Kennwort. Widerrufen Sie jeden, den Sie nicht nutzen oder nicht kennen.',
  emptyLead: 'Hier sehen Sie jeden Dienst, der Ihre Daten in Ihrem Namen nutzen darf, und hier widerrufen Sie ihn.',
  services: 'Dienste',
  count: counted('de', { one: '# berechtigter Dienst', other: '# berechtigte Dienste' }),
  manyServices: 'Ihre Dienste',
  manyExplained:
    'Es sind sehr viele. Sie werden seitenweise gezeigt, jede Seite nach der letzten Nutzung geordnet; die Suche geht alle durch.',
  empty: 'Kein Dienst kann Ihre Daten nutzen.',
  emptyExplained:
    'Wenn Sie einem Dienst zustimmen, erscheint er hier, mit allem, was er darf, und einem Knopf, der es zurücknimmt.',
  search: 'Nach Dienst, Adresse oder Berechtigung suchen',
  searchButton: 'Suchen',
  found: counted('de', { one: '# Dienst gefunden', other: '# Dienste gefunden' }),
  nothingFound: 'Keiner Ihrer Dienste heißt so.',
  nothingFoundYet: 'Bisher keiner. Es sind noch mehr durchzusehen.',
  showAll: 'Alle zeigen',
  more: 'Mehr zeigen',
  idle: 'Seit 90 Tagen nicht genutzt',
  idleExplained:
    'Sie können sie widerrufen, ohne etwas zu vermissen. Wenn Sie einen wieder brauchen, fragt er Sie wieder.',
  device: 'Eines Ihrer Geräte',
  mayUse: (place) => html`Darf bei ${place} nutzen:`,
  mayThenUse: (place) => html`Darf dann bei ${place} nutzen:`,
  hadAllowed: (place) => html`Sie hatten ihm bei ${place} erlaubt:`,
  silent: 'Zurzeit nicht verbunden. Er kann sich wieder verbinden, ohne Sie zu fragen.',
  mustAsk: 'Zurzeit nicht verbunden. Er muss Sie fragen, bevor er sich wieder verbindet.',
  blocked: 'Von der Administration gesperrt. Solange die Sperre gilt, kann er nichts tun.',
  nothingOffered: 'Nichts von dem, was Sie erlaubt haben, wird ihm noch angeboten.',
  exactly: 'Darf genau dies:',
  detail: (title, place) => html`${title} bei ${place}`,
  andMore: (count) => `und ${count} weitere`,
  granted: 'Erlaubt',
  lastUsed: 'Zuletzt genutzt',
  connections: 'Verbindungen',
  notUsedYet: 'Noch nicht genutzt',
  notLately: 'Länger nicht',
  none: 'Zurzeit keine',
  active: counted('de', { one: '# aktive', other: '# aktive' }),
  by: {
    server: 'von einem Server',
    browser: 'von einem Browser',
    phone: 'von einem Telefon oder Tablet',
    program: 'von einem Programm',
  },
  from: (place) => `aus ${place}`,
  coarse:
    'Womit er genutzt wurde, ist seine eigene Angabe. Von der Adresse wird nur das Netz behalten, das sich viele teilen: Es kann weit weg von Ihnen sein.',
  revoke: 'Widerrufen…',
  revokeNow: (name) => html`${name} widerrufen`,
  revokeExplained: (until) =>
    html`Er verliert seinen Zugriff sofort und kann ihn nicht erneuern. Ein Schlüssel, den er schon hat, öffnet vielleicht noch etwas bis ${until}. Um den Dienst wieder zu nutzen, stimmen Sie ihm neu zu.`,
  revokeAll: 'Alle widerrufen…',
  revokeAllExplained: (until) =>
    html`Alle Dienste verlieren ihren Zugriff sofort. Schlüssel, die sie schon haben, öffnen vielleicht noch etwas bis ${until}. Um einen wieder zu nutzen, stimmen Sie ihm neu zu.`,
  revokeAllNow: 'Ja, alle widerrufen',
  revoked: (name, until) =>
    html`${name} hat den Zugriff verloren und kann ihn nicht erneuern. Ein Schlüssel, den der Dienst noch hat, öffnet spätestens ab ${until} nichts mehr.`,
  allRevoked: (until) =>
    html`Alle Dienste haben den Zugriff verloren und können ihn nicht erneuern. Schlüssel, die sie noch haben, öffnen spätestens ab ${until} nichts mehr. Zu jeder Zeile im Verlauf unten gibt es einen Beleg.`,
  narrowed: (until) =>
    html`Die Berechtigung ist entfernt. Ab dem nächsten Schlüssel kann der Dienst weniger; einer, den er noch hat, gilt unverändert bis spätestens ${until}.`,
  ended: (until) => html`Die Verbindung ist beendet. Ein Schlüssel von ihr öffnet spätestens ab ${until} nichts mehr.`,
  receipt: 'Beleg',
  all: 'Alle Berechtigungen',
  permissions: 'Was er darf',
  remove: 'Entfernen',
  removes: (others) => `Damit entfernen Sie auch ${others}.`,
  last: 'Es ist die letzte: Wenn Sie sie entfernen, widerrufen Sie den Dienst.',
  openConnections: 'Wo er verbunden ist',
  began: (when) => html`Verbunden ${when}`,
  used: (when) => html`zuletzt genutzt ${when}`,
  unredeemed: 'Wird gerade verbunden',
  end: 'Beenden',
  endExplained: 'Wenn Sie eine beenden, wird der Dienst dort abgemeldet; was Sie ihm erlaubt haben, bleibt.',
  contact: 'Kontakt',
  contactExplained: (name) => html`So erreichen Sie nach eigenen Angaben die Betreiber von ${name}:`,
  noContact: (name) => html`${name} sagt nicht, wie man die Betreiber erreicht.`,
  report: 'Diesen Dienst melden',
};
