/** What happened with services. */
import { counted } from '../../dates.ts';
import { type Html, html } from '../../html.ts';

export const history = {
  title: 'Recent history',
  warning: 'Warning',
  times: counted('en', { one: '# time, the last', other: '# times, the last' }),
  andMore: (count: string) => `and ${count} more`,
  sentences: {
    authorized: (name: Html) => html`You authorized ${name}`,
    widened: (name: Html) => html`You allowed more to ${name}`,
    narrowed: (name: Html) => html`You allowed less to ${name}`,
    refused: (name: Html) => html`You refused ${name}`,
    'connected again': (name: Html) => html`${name} connected again, with what you had allowed before`,
    'revoked by user': (name: Html) => html`You revoked ${name}`,
    'ended by user': (name: Html) => html`You ended one connection of ${name}`,
    'revoked by service': (name: Html) => html`${name} gave its access back`,
    'code replayed': (name: Html) =>
      html`A code of ${name} was used twice. We ended that connection, because somebody may have copied it`,
    'refresh token replayed': (name: Html) =>
      html`An old key of ${name} was used again. We ended that connection, because somebody may have copied it`,
    'removed by operator': (name: Html) => html`An operator removed ${name}, and ended what you had allowed it`,
    'voided by operator': (name: Html) => html`An operator ended what you had allowed ${name}`,
    'ended by operator': (name: Html) => html`An operator ended what you had allowed ${name}`,
    'everything voided by operator': () => html`An operator ended everything that you had allowed, and signed you out`,
    'approved for everyone': (name: Html) => html`${name} got access that operators have approved for everyone`,
    'approved by operator': (name: Html) => html`An operator approved what you wanted to allow ${name}`,
    'refused by operator': (name: Html) => html`An operator did not approve what you wanted to allow ${name}`,
    evicted: (name: Html) => html`The oldest connection of ${name} was ended to make room for a new one`,
  },
  lists: {
    authorized: (names: Html) => html`It may use: ${names}`,
    widened: (names: Html) => html`New: ${names}`,
    narrowed: (names: Html) => html`Left out: ${names}`,
    refused: (names: Html) => html`It had asked for: ${names}`,
    'connected again': (names: Html) => html`It may use: ${names}`,
    'approved for everyone': (names: Html) => html`It may use: ${names}`,
    'approved by operator': (names: Html) => html`Approved: ${names}`,
    'refused by operator': (names: Html) => html`Not approved: ${names}`,
  },
};
