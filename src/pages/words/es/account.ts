/** Las sesiones y los datos propios, y la denuncia de un servicio. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const account: Words['account'] = {
  sessions: {
    title: 'Sus sesiones',
    lead: 'Estos son los navegadores en los que tiene la sesión iniciada aquí. Termine las que no reconozca.',
    browser: (browser, system) => `${browser} en ${system}`,
    unknown: 'Un navegador',
    thisOne: 'Esta',
    seen: (when) => html`Vista ${when}`,
    signedIn: (when) => html`iniciada ${when}`,
    from: (place) => `desde ${place}`,
    end: 'Terminar',
    everywhere: 'Cerrar sesión en todas partes',
    everywhereExplained:
      'Se cierran todas sus sesiones, también esta, y se avisa a los servicios en los que inició sesión desde ellas. Lo que usted autorizó a hacer a los servicios continúa.',
    ended: 'La sesión ha terminado.',
    gone: 'Esa sesión ya había terminado.',
    notAll: 'No se han podido terminar todas las sesiones a tiempo. Vuelva a hacerlo, por favor.',
    more: 'Hay más sesiones de las que caben en la lista. Al cerrar sesión en todas partes terminan todas.',
  },
  data: {
    title: 'Mis datos',
    lead: 'Todo lo que aquí se guarda sobre usted, y cómo hacer que se borre.',
    download: 'Descargar mis datos',
    downloadExplained:
      'Un archivo JSON con lo que permitió y a quién, cada conexión, su historial, sus sesiones de navegador y su nombre tal como lo dio su proveedor de inicio de sesión. Solo faltan los secretos: resúmenes de claves que no servirían más que a un ladrón.',
    parts: 'Si es demasiado largo para un archivo, el final del archivo indica la dirección del siguiente.',
    elsewhere: 'Lo que se guarda en otra parte',
    elsewhereExplained:
      'La organización lleva un registro de auditoría de quién autorizó, cambió y revocó qué, durante el tiempo que exijan sus normas. No forma parte del archivo, y el borrado no lo cambia.',
    erase: 'Borrarme',
    eraseLink: 'Borrar todo lo que hay sobre mí…',
  },
  erase: {
    title: 'Borrarme',
    lead: 'Se borra todo lo que aquí se guarda sobre usted. No se puede deshacer.',
    consequences: [
      'Cada servicio pierde de inmediato lo que usted le autorizó.',
      'Terminan todas sus sesiones, y se avisa a los servicios en los que inició sesión.',
      'Se borran su historial y su nombre.',
      'Los servicios que usted registró siguen sin usted, porque quizá los usen otras personas. Elimine antes los que no deban quedar.',
    ],
    stays: 'Lo que queda',
    stayingList: [
      'El registro de auditoría de la organización: que una cuenta autorizó, cambió o revocó algo, y que fue borrada.',
      'Durante un día, más o menos, una nota de que sus conexiones han terminado, sin la cual las API no podrían rechazar sus claves; y, mientras no se pueda contactar con un servicio, que falta avisarle de su cierre de sesión.',
      'Lo que los propios servicios hayan guardado. Pregúnteles a ellos.',
    ],
    again: 'Si vuelve a iniciar sesión, empieza de cero.',
    confirm: 'Quiero que se borre todo lo que hay sobre mí',
    now: 'Borrarme',
    notConfirmed: 'No se ha borrado nada. Marque la casilla si es lo que quiere.',
    doneTitle: 'Ha sido borrado',
    done: 'Todo lo que había sobre usted está borrado, cada servicio ha perdido su acceso y su sesión está cerrada.',
    begun:
      'Sus sesiones han terminado y todo lo demás se está borrando. Tarda unos minutos más y no necesita nada de usted.',
    receipt:
      'Este es su comprobante, firmado por este servidor. Guárdelo si quiere poder demostrarlo: solo se muestra una vez.',
  },
  report: {
    title: (name) => html`Denunciar ${name}`,
    lead: 'Se avisa a quienes administran este sitio, y lo examinan. Ven lo que usted escribe, quién es usted y de qué servicio se trata.',
    why: '¿Qué ocurre?',
    reasons: {
      unknown: 'No lo autoricé, o no lo reconozco',
      pretends: 'Se hace pasar por otro',
      misuse: 'Hace con mis datos algo que no debería',
      other: 'Otra cosa',
    },
    more: '¿Qué pasó? (opcional)',
    send: 'Enviar la denuncia',
    sent: 'Gracias. Su denuncia se ha enviado. Para detener el servicio de inmediato, revóquelo.',
    tooMany: 'Ya ha denunciado este servicio hoy.',
    back: 'Volver al servicio',
  },
};
