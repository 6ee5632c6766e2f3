/** What needs an operator’s approval first, and what became of asking for it. */
import { type Html, html } from '../../html.ts';

export const operatorApproval = {
  title: 'An operator must approve this first',
  lead: (service: Html) =>
    html`${service} asks for something that you can allow only once the people who run this site have approved it.`,
  list: 'What needs their approval',
  ask: 'Ask for approval',
  again: 'Ask once more',
  without: 'Go on without it',
  deny: 'Deny',
  waiting: (when: Html) =>
    html`You asked for approval ${when}. Nobody has decided yet. Once it is approved, start again at the service.`,
  refused: (when: Html) => html`It was not approved, ${when}.`,
  reason: 'The reason given:',
};
