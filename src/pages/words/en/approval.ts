/** The page on which a person decides what a service may do. */
import { counted } from '../../dates.ts';
import { type Html, html } from '../../html.ts';

export const approval = {
  title: (service: string) => `Allow ${service}?`,
  question: (service: Html) => html`Allow ${service} to act for you?`,
  signInTitle: (service: string) => `Sign in to ${service}?`,
  signInQuestion: (service: Html) => html`Sign in to ${service}?`,
  verifiedBy: (organization: Html) => html`Verified by ${organization}`,
  notVerifiedBy: (organization: Html) => html`Not verified by ${organization}`,
  unverified: (organization: Html) =>
    html`<b>This service is not verified.</b> Nobody at ${organization} has checked who runs it.`,
  publishedBy: (publisher: Html) => html`By ${publisher}`,
  aboutService: 'About this service',
  describedAt: (host: Html) => html`Described at ${host}`,
  answersGoTo: 'Your answer goes to',
  uses: 'It asks at',
  anApp: 'an app on this device',
  theDevice: 'the device that shows the code',
  onThisDevice: (host: Html) => html`${host} on this device`,
  caution: {
    website: 'Go on only if you came here from a service that you trust.',
    'local website': 'Approve only if you run that website yourself.',
    app: 'Approve only if you started that app yourself, just now.',
    device: 'Approve only if that device is yours.',
  },
  device: (code: Html) =>
    html`<b>A device is waiting: it must show the code ${code}.</b> Go on only if you started this yourself and the device is in front of you. If somebody sent you this code or a link, they would get in.`,
  deviceFrom: 'It asks from',
  deviceAgent: 'It calls itself',
  account: 'Your account',
  otherAccount: 'Use another account',

  asks: 'It asks to',
  asksNothing: 'It asks for no permission beyond knowing that you approved.',
  asksAt: (resources: Html) => html`At ${resources}`,
  needsAll: 'The service needs all of them.',
  untickAll: 'Untick all',
  tickAll: 'Tick all',
  permissions: counted('en', { one: '# permission', other: '# permissions' }),
  highPrivileges: counted('en', { other: '# of high privilege' }),
  more: (title: Html) => html`About “${title}”`,
  isNew: 'New',
  always: 'Always part of this approval.',
  allowedBefore: 'You allowed this before.',
  allowedOnce: 'You allowed this once.',
  includes: (names: Html) => html`Includes: ${names}`,
  included: 'Included above',
  comesWith: (names: Html) => html`Comes with ${names}, ticked or not: untick that as well to leave it out.`,
  allowedAlready: counted('en', {
    one: 'You allowed # permission already',
    other: 'You allowed # permissions already',
  }),
  details: 'What exactly it asks for',
  allOrNothing: 'You allow all of this, or none of it.',
  may: 'It may',

  lasting: 'For how long?',
  lastings: {
    once: 'Just this once',
    '30 days': '30 days',
    'until revoked': 'Until I revoke it',
  },
  lastsOnce: (span: Html) => html`It can work for ${span}, and asks again next time.`,
  lastsDays: 'Then it has to ask you again.',
  lastsUntilRevoked: (idle: Html, longest: Html) =>
    html`It ends by itself after ${idle} without use, and in any case after ${longest}.`,
  lastsRuled: (organization: Html, longest: Html) =>
    html`At ${organization}, every authorization ends after ${longest} at the latest.`,

  next: 'What happens next',
  ifApproved: (service: Html) => html`If you approve, ${service} can do what is ticked, as you.`,
  ifSignedIn: (service: Html) => html`If you approve, ${service} learns what is ticked.`,
  ifDetails: (service: Html) =>
    html`If you approve, ${service} can do exactly what is described here. For anything else of the kind it has to ask you again.`,
  ifDenied: 'If you deny, it learns that you refused, and nothing else.',
  password: html`<b>It never sees your password</b>, and does not need it.`,
  learns: (facts: Html) => html`It learns ${facts}.`,
  facts: { name: 'your name', account: 'your account name', roles: 'your roles' },
  revocable: (page: Html) => html`You can take it back at any time under ${page}.`,

  answerAs: (account: Html, destination: Html) => html`Your answer as ${account} goes to ${destination}`,
  approve: 'Approve',
  deny: 'Deny',

  changed: 'Changed since you allowed it',
  changedName: (before: Html) => html`Its name was ${before}`,
  changedPublisher: (before: Html) => html`Its publisher, by its own word, was ${before}`,
  noPublisher: 'It named no publisher',
  changedWebsite: (before: Html) => html`Its website was ${before}`,
  noWebsite: 'It named no website',
  changedHost: (before: Html, now: Html) => html`Your answer went to ${before}; now it goes to ${now}`,
  changedDocument: 'The document that describes it has changed',
  changedWords: 'What it says of itself, or what its permissions mean, has changed',
  expected: 'Approve only if you expected that.',

  outdated:
    'Nothing has been approved yet: this page had become too old, or the service has changed. Please look at it once more. Your ticks are as you left them.',
  nothingTicked:
    'Nothing is ticked, so there is nothing to approve. Tick at least one permission and approve, or deny.',
  decidedMeanwhile:
    'Nothing has been approved yet: what you allow this service has changed meanwhile. Please look at this page once more. Your ticks are as you left them.',
};
