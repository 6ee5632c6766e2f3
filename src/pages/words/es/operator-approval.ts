/** What needs an operator’s approval first, and what became of asking for it. */
import { type Html, html } from '../../html.ts';

export const operatorApproval = {
  title: 'Primero debe aprobarlo un responsable',
  lead: (service: Html) =>
    html`${service} solicita algo que usted solo podrá permitir cuando los responsables de este sitio lo hayan aprobado.`,
  list: 'Lo que necesita su aprobación',
  ask: 'Solicitar la aprobación',
  again: 'Solicitar de nuevo',
  without: 'Continuar sin ello',
  deny: 'Rechazar',
  waiting: (when: Html) =>
    html`Usted solicitó la aprobación ${when}. Nadie ha decidido todavía. Cuando se apruebe, empiece de nuevo en el servicio.`,
  refused: (when: Html) => html`No se aprobó, ${when}.`,
  reason: 'El motivo indicado:',
};
