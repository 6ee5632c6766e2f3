/** Cerrar sesión, y el regreso a un servicio. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const signOut: Words['signOut'] = {
  title: 'Cerrar sesión',
  heading: '¿Cerrar sesión?',
  sentBy: (service, brand) => html`${service} lo ha enviado aquí para cerrar su sesión de ${brand} en este navegador.`,
  consequences: (manage) =>
    html`Los servicios en los que inició sesión desde aquí también pueden cerrarla. Lo que usted autorizó a hacer a los servicios continúa; para detenerlo, revóquelo en ${manage}.`,
  stay: 'Mantener la sesión',
  notSignedInTitle: 'Sesión no iniciada',
  notSignedInHeading: 'No ha iniciado sesión',
  notSignedIn: 'En este navegador no hay ninguna sesión que cerrar.',
  doneTitle: 'Sesión cerrada',
  doneHeading: 'Ha cerrado la sesión',
  done: (brand) =>
    html`Ha cerrado la sesión de ${brand} en este navegador. Los servicios en los que inició sesión desde aquí también pueden cerrarla. Lo que usted autorizó a hacer a los servicios continúa hasta que lo revoque.`,
  sharedDevice:
    'En un dispositivo compartido, cierre también la sesión de su cuenta Microsoft o de su cuenta profesional, o cierre el navegador: allí puede seguir abierta.',
  signInAgain: 'Iniciar sesión de nuevo',
  backTitle: 'Volver al servicio',
  backTo: (service) => html`Volver a ${service}`,
  onItsWay: 'Su respuesta está en camino. Si no ocurre nada, pulse el botón.',
};
