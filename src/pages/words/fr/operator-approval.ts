/** What needs an operator’s approval first, and what became of asking for it. */
import { type Html, html } from '../../html.ts';

export const operatorApproval = {
  title: 'Un responsable doit d’abord approuver',
  lead: (service: Html) =>
    html`${service} demande quelque chose que vous ne pourrez autoriser qu’une fois approuvé par les responsables de ce site.`,
  list: 'Ce qui doit être approuvé',
  ask: 'Demander l’approbation',
  again: 'Demander à nouveau',
  without: 'Continuer sans cela',
  deny: 'Refuser',
  waiting: (when: Html) =>
    html`Vous avez demandé l’approbation ${when}. Personne n’a encore décidé. Une fois l’approbation donnée, recommencez auprès du service.`,
  refused: (when: Html) => html`Cela n’a pas été approuvé, ${when}.`,
  reason: 'La raison donnée :',
};
