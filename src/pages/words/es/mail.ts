/** Correos a las personas. */
import type { Words } from '../words.ts';

export const mail: Words['mail'] = {
  title: (service: string) => `${service} ya puede actuar en su nombre`,
  allowed: (account: string, when: string) => `${account} lo permitió el ${when}.`,
  forEveryone: (when: string) =>
    `Los responsables de este sitio han aprobado este servicio para todos. Actúa en su nombre desde el ${when}.`,
  may: 'El servicio puede:',
  notYou: 'Si no fue usted, o si ya no lo desea, revóquelo en esta página:',
  why: 'Recibe un correo con cada autorización nueva, diez al día como máximo. Nadie lee las respuestas.',
};
