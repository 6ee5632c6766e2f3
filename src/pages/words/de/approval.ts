/** Die Seite, auf der entschieden wird, was ein Dienst darf. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const approval: Words['approval'] = {
  title: (service) => `${service} zulassen?`,
  question: (service) => html`Darf ${service} für Sie handeln?`,
  signInTitle: (service) => `Bei ${service} anmelden?`,
  signInQuestion: (service) => html`Bei ${service} anmelden?`,
  verifiedBy: (organization) => html`Geprüft von ${organization}`,
  notVerifiedBy: (organization) => html`Nicht geprüft von ${organization}`,
  unverified: (organization) =>
    html`<b>Dieser Dienst ist nicht geprüft.</b> Niemand bei ${organization} hat festgestellt, wer ihn betreibt.`,
  publishedBy: (publisher) => html`Von ${publisher}`,
  aboutService: 'Über diesen Dienst',
  describedAt: (host) => html`Beschrieben unter ${host}`,
  answersGoTo: 'Ihre Antwort geht an',
  uses: 'Er fragt bei',
  anApp: 'eine App auf diesem Gerät',
  theDevice: 'das Gerät, das den Code anzeigt',
  onThisDevice: (host) => html`${host} auf diesem Gerät`,
  caution: {
    website: 'Fahren Sie nur fort, wenn Sie von einem Dienst hierher gekommen sind, dem Sie vertrauen.',
    'local website': 'Stimmen Sie nur zu, wenn Sie diese Website selbst betreiben.',
    app: 'Stimmen Sie nur zu, wenn Sie diese App gerade eben selbst gestartet haben.',
    device: 'Stimmen Sie nur zu, wenn dieses Gerät Ihnen gehört.',
  },
  device: (code) =>
    html`<b>Ein Gerät wartet: Es muss den Code ${code} anzeigen.</b> Fahren Sie nur fort, wenn Sie dies selbst begonnen haben und das Gerät vor Ihnen steht. Hat Ihnen jemand diesen Code oder einen Link geschickt, erhielte diese Person Zugang.`,
  deviceFrom: 'Es fragt von',
  deviceAgent: 'Es nennt sich',
  account: 'Ihr Konto',
  otherAccount: 'Anderes Konto verwenden',

  asks: 'Der Dienst möchte',
  asksNothing: 'Er bittet um keine Erlaubnis außer zu wissen, dass Sie zugestimmt haben.',
  asksAt: (resources) => html`Bei ${resources}`,
  needsAll: 'Der Dienst braucht alles davon.',
  untickAll: 'Alle abwählen',
  tickAll: 'Alle auswählen',
  permissions: counted('de', { one: '# Erlaubnis', other: '# Erlaubnisse' }),
  highPrivileges: counted('de', { other: '# weitreichend' }),
  more: (title) => html`Mehr zu „${title}“`,
  isNew: 'Neu',
  always: 'Gehört immer zu dieser Zustimmung.',
  allowedBefore: 'Das haben Sie schon erlaubt.',
  allowedOnce: 'Das haben Sie einmal erlaubt.',
  includes: (names) => html`Enthält: ${names}`,
  included: 'Oben enthalten',
  comesWith: (names) => html`Kommt mit ${names}, ausgewählt oder nicht: Um es auszuschließen, wählen Sie auch das ab.`,
  allowedAlready: counted('de', {
    one: '# Erlaubnis haben Sie schon erteilt',
    other: '# Erlaubnisse haben Sie schon erteilt',
  }),
  details: 'Worum genau er bittet',
  allOrNothing: 'Sie erlauben all das oder nichts davon.',
  may: 'Er darf',

  lasting: 'Für wie lange?',
  lastings: {
    once: 'Nur dieses Mal',
    '30 days': '30 Tage',
    'until revoked': 'Bis ich es widerrufe',
  },
  lastsOnce: (span) => html`Er kann ${span} lang arbeiten und fragt beim nächsten Mal wieder.`,
  lastsDays: 'Danach muss er Sie wieder fragen.',
  lastsUntilRevoked: (idle, longest) =>
    html`Es endet von selbst, wenn es ${idle} nicht genutzt wird, und in jedem Fall nach ${longest}.`,
  lastsRuled: (organization, longest) => html`Bei ${organization} endet jede Zustimmung spätestens nach ${longest}.`,

  next: 'Wie es weitergeht',
  ifApproved: (service) => html`Wenn Sie zustimmen, kann ${service} in Ihrem Namen tun, was ausgewählt ist.`,
  ifSignedIn: (service) => html`Wenn Sie zustimmen, erfährt ${service}, was ausgewählt ist.`,
  ifDetails: (service) =>
    html`Wenn Sie zustimmen, kann ${service} genau das tun, was hier beschrieben ist. Für alles andere dieser Art muss er Sie wieder fragen.`,
  ifDenied: 'Wenn Sie ablehnen, erfährt er nur, dass Sie abgelehnt haben.',
  password: html`<b>Er sieht Ihr Passwort nie</b> und braucht es nicht.`,
  learns: (facts) => html`Er erfährt ${facts}.`,
  facts: { name: 'Ihren Namen', account: 'Ihren Kontonamen', roles: 'Ihre Rollen' },
  revocable: (page) => html`Sie können es jederzeit unter ${page} zurücknehmen.`,

  answerAs: (account, destination) => html`Ihre Antwort als ${account} geht an ${destination}`,
  approve: 'Zustimmen',
  deny: 'Ablehnen',

  changed: 'Geändert, seit Sie es erlaubt haben',
  changedName: (before) => html`Der Name war ${before}`,
  changedPublisher: (before) => html`Der Herausgeber war nach eigenen Angaben ${before}`,
  noPublisher: 'Es war kein Herausgeber genannt',
  changedWebsite: (before) => html`Die Website war ${before}`,
  noWebsite: 'Es war keine Website genannt',
  changedHost: (before, now) => html`Ihre Antwort ging an ${before}; jetzt geht sie an ${now}`,
  changedDocument: 'Das Dokument, das ihn beschreibt, hat sich geändert',
  changedWords: 'Was er über sich sagt oder was seine Erlaubnisse bedeuten, hat sich geändert',
  expected: 'Stimmen Sie nur zu, wenn Sie das erwartet haben.',

  outdated:
    'Es ist noch nichts erlaubt: Diese Seite war zu alt, oder der Dienst hat sich geändert. Bitte sehen Sie sie noch einmal an. Ihre Auswahl ist, wie Sie sie getroffen haben.',
  nothingTicked:
    'Es ist nichts ausgewählt, also gibt es nichts zuzustimmen. Wählen Sie mindestens eine Erlaubnis aus und stimmen Sie zu, oder lehnen Sie ab.',
  decidedMeanwhile:
    'Es ist noch nichts erlaubt: Was Sie diesem Dienst erlauben, hat sich inzwischen geändert. Bitte sehen Sie diese Seite noch einmal an. Ihre Auswahl ist, wie Sie sie getroffen haben.',
};
