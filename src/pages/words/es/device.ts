/** El código de un dispositivo, y lo que sigue a la respuesta. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const device: Words['device'] = {
  title: 'Conectar un dispositivo',
  lead: 'Un dispositivo o una aplicación sin navegador le muestra un código. Introdúzcalo aquí y verá quién pide qué antes de que ocurra nada.',
  code: 'Código del dispositivo',
  onlyYourOwn:
    'Introduzca solo un código que vea en un dispositivo suyo. Nadie que le ayude necesita que introduzca el de otra persona.',
  unknown: 'Este código no se conoce, o ya no. Compárelo con el del dispositivo o empiece allí de nuevo.',
  tooMany: 'Han sido demasiados códigos. Espere un momento y vuelva a intentarlo.',
  signIn: 'Los responsables de este sitio desean que usted inicie sesión de otra manera antes de conectar un servicio.',
  connectedTitle: 'Dispositivo conectado',
  connectedHeading: 'Vuelva a su dispositivo',
  connected: (service) => html`${service} está conectado. El dispositivo lo notará por sí solo en unos segundos.`,
  refusedTitle: 'Sin conectar',
  refusedHeading: 'El dispositivo no recibe nada',
  refused: (service) => html`Usted ha rechazado lo que pedía ${service}. El código ya no sirve.`,
};
