/** Lo que ha pasado con los servicios. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const history: Words['history'] = {
  title: 'Historial reciente',
  warning: 'Atención',
  times: counted('es', { one: '# vez, la última', other: '# veces, la última' }),
  andMore: (count) => `y ${count} más`,
  sentences: {
    authorized: (name) => html`Usted autorizó ${name}`,
    widened: (name) => html`Usted permitió más a ${name}`,
    narrowed: (name) => html`Usted permitió menos a ${name}`,
    refused: (name) => html`Usted rechazó ${name}`,
    'connected again': (name) => html`${name} volvió a conectarse, con lo que usted ya había permitido`,
    'revoked by user': (name) => html`Usted revocó ${name}`,
    'ended by user': (name) => html`Usted terminó una conexión de ${name}`,
    'revoked by service': (name) => html`${name} devolvió su acceso`,
    'code replayed': (name) =>
      html`Un código de ${name} se usó dos veces. Hemos terminado esa conexión, porque alguien puede haberlo copiado`,
    'refresh token replayed': (name) =>
      html`Una clave antigua de ${name} se volvió a usar. Hemos terminado esa conexión, porque alguien puede haberla copiado`,
    'removed by operator': (name) =>
      html`Un administrador eliminó ${name} y puso fin a lo que usted le había permitido`,
    'voided by operator': (name) => html`Un administrador puso fin a lo que usted había permitido a ${name}`,
    'ended by operator': (name) => html`Un administrador puso fin a lo que usted había permitido a ${name}`,
    'everything voided by operator': () =>
      html`Un administrador puso fin a todo lo que usted había permitido y cerró su sesión`,
    'approved for everyone': (name) => html`${name} obtuvo un acceso que los administradores han aprobado para todos`,
    'approved by operator': (name) => html`Un administrador aprobó lo que usted quería permitir a ${name}`,
    'refused by operator': (name) => html`Un administrador no aprobó lo que usted quería permitir a ${name}`,
    evicted: (name) => html`La conexión más antigua de ${name} se terminó para hacer sitio a una nueva`,
  },
  lists: {
    authorized: (names) => html`Puede usar: ${names}`,
    widened: (names) => html`Nuevo: ${names}`,
    narrowed: (names) => html`Quitado: ${names}`,
    refused: (names) => html`Había pedido: ${names}`,
    'connected again': (names) => html`Puede usar: ${names}`,
    'approved for everyone': (names) => html`Puede usar: ${names}`,
    'approved by operator': (names) => html`Aprobado: ${names}`,
    'refused by operator': (names) => html`No aprobado: ${names}`,
  },
};
