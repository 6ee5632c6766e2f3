/** What needs an operator’s approval first, and what became of asking for it. */
import { type Html, html } from '../../html.ts';

export const operatorApproval = {
  title: 'Das müssen zuerst die Betreiber genehmigen',
  lead: (service: Html) =>
    html`${service} bittet um etwas, das Sie erst erlauben können, wenn die Betreiber dieser Website es genehmigt haben.`,
  list: 'Was genehmigt werden muss',
  ask: 'Um Genehmigung bitten',
  again: 'Noch einmal bitten',
  without: 'Ohne dies fortfahren',
  deny: 'Ablehnen',
  waiting: (when: Html) =>
    html`Sie haben ${when} um Genehmigung gebeten. Noch hat niemand entschieden. Sobald es genehmigt ist, beginnen Sie beim Dienst von vorn.`,
  refused: (when: Html) => html`Es wurde nicht genehmigt, ${when}.`,
  reason: 'Die Begründung:',
};
