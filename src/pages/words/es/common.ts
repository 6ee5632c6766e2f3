/** Lo que tiene cada página. */
import type { Words } from '../words.ts';

export const common: Words['common'] = {
  skip: 'Ir al contenido',
  addressBegins: 'La barra de direcciones de su navegador debe empezar por',
  thisSite: 'Este sitio',
  about: 'Acerca de este sitio',
  manage: 'Administrar autorizaciones',
  signedInAs: 'Sesión iniciada como',
  signIn: 'Iniciar sesión',
  signOut: 'Cerrar sesión',
  startPage: 'Ir a la página de inicio',
  tryAgain: 'Volver a intentarlo',
  continue: 'Continuar',
  highPrivilege: 'Acceso amplio',
  newTab: ' (se abre en una pestaña nueva)',
  website: 'Sitio web',
  privacy: 'Privacidad',
  terms: 'Condiciones de uso',
};
