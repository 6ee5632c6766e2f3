/** Lo que se lee cuando algo se rechaza o falla. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const refusals: Words['refusals'] = {
  reference: (reference, brand) =>
    html`Indique ${reference} si pide ayuda: así quienes gestionan ${brand} pueden averiguar qué ocurrió.`,
  unanswerable: {
    title: 'Esta solicitud no se puede responder',
    message: 'Lo que lo trajo aquí está incompleto o dañado. Vuelva al lugar de donde vino y empiece de nuevo.',
  },
  unavailable: {
    title: 'No disponible por el momento',
    message: 'Algo que este sitio necesita no responde. No se ha cambiado nada. Vuelva a intentarlo en un momento.',
  },
  failed: {
    title: 'Algo ha salido mal',
    message: 'El fallo es nuestro y ha quedado anotado. Vuelva a intentarlo más tarde.',
  },
  byCode: {
    unknown_client: {
      title: 'No conocemos este servicio',
      message:
        'El servicio que lo envió aquí no está registrado, o ya no. No ha recibido nada. Si esperaba que funcionara, diga a los responsables del servicio que debe estar registrado aquí.',
    },
    client_unavailable: {
      title: 'No podemos contactar con este servicio',
      message:
        'El servicio que lo envió aquí se identifica en una dirección propia que no responde. No ha recibido nada. Vuelva a intentarlo en un momento; si no sirve, avise a los responsables del servicio.',
    },
    unproven_redirect: {
      title: 'Este servicio no está bien configurado',
      message:
        'Quiere nuestra respuesta en una dirección que no pertenece a su registro, de modo que podría llegar a otra persona. Nos hemos detenido y no se ha compartido nada. Diga a los responsables del servicio que su registro aquí debe incluir la dirección en la que recibe respuestas.',
    },
    invalid_request_uri: {
      title: 'Esta solicitud ya se usó o es demasiado antigua',
      message:
        'El servicio preparó una solicitud para usted que solo se puede responder una vez y durante poco tiempo. Vuelva al servicio y empiece de nuevo. No se ha compartido nada.',
    },
    unauthorized_client: {
      title: 'Este servicio ha sido bloqueado',
      message:
        'Los responsables de este sitio lo han bloqueado, así que no puede pedir nada. Si lo necesita, pregúnteles por qué. Lo que se le permitió antes tampoco funciona mientras esté bloqueado.',
    },
    unlisted_client: {
      title: 'Este servicio aún no está permitido aquí',
      message:
        'Los responsables de este sitio deciden qué servicios pueden hacer solicitudes aquí, y este no es uno de ellos. No ha recibido nada. Si lo necesita, pídales que lo permitan.',
    },
    access_off: {
      title: 'El acceso de los servicios está desactivado',
      message:
        'Los responsables de este sitio han desactivado el acceso de todos los servicios. No se pierde nada: lo que usted había permitido volverá a funcionar cuando lo activen.',
    },
    not_a_window: {
      title: 'Abra esto en una ventana propia',
      message:
        'Algo pidió esta página dentro de otra página o en segundo plano. Solo responde donde usted puede ver su dirección.',
    },
    access_denied: {
      title: 'Esto no está permitido',
      message: 'No se ha hecho nada. Vuelva al lugar de donde vino y empiece de nuevo.',
    },
    foreign_form: {
      title: 'Esto no está permitido',
      message:
        'Lo que se envió no venía de una página de este sitio, así que no se ha hecho nada. Si no quería enviar nada, cierre la página de la que vino.',
    },
    stale_form: {
      title: 'Esa página era demasiado antigua',
      message: 'No se ha cambiado nada. Vuelva atrás, recargue la página e inténtelo de nuevo.',
    },
    not_found: {
      title: 'Aquí no hay nada',
      message: 'Puede que la dirección esté mal escrita o que lo que había aquí se haya movido.',
    },
    request_too_large: {
      title: 'Es demasiado largo',
      message: 'Lo que se envió es más largo que todo lo que acepta este sitio. No se ha hecho nada.',
    },
    too_many_requests: {
      title: 'Demasiadas solicitudes',
      message: 'Se ha pedido mucho desde su red en poco tiempo. Espere un momento y vuelva a intentarlo.',
    },
  },
  notOurPage: {
    title: 'Esta página ya no es válida',
    message: 'Se abrió en otro navegador o para otra cuenta, o usted ha cerrado la sesión desde entonces.',
    showAgain: 'Mostrarla de nuevo',
    enterAgain: 'Introducir el código de nuevo',
  },
  answered: {
    title: 'Ya ha respondido a esto',
    message: 'Su aprobación llegó al servicio. Para verla o retirarla, vaya a «Administrar autorizaciones».',
  },
  codeNotOpen: {
    title: 'Este código ya no está abierto',
    message: 'Ya se respondió o ha caducado. Si el dispositivo sigue esperando, empiece allí de nuevo.',
    enterAnother: 'Introducir otro código',
  },
  notBegunHere: {
    title: 'Este inicio de sesión no empezó aquí',
    message:
      'Tardó demasiado, empezó en otro navegador, era uno de demasiados a la vez o ya se ha completado. Vuelva al lugar de donde vino y empiece de nuevo.',
  },
  notSignedIn: {
    title: 'No ha iniciado sesión',
    message: 'El inicio de sesión se canceló o no tuvo éxito. No se ha compartido nada con nadie.',
  },
  nobodySignedOut: {
    title: 'Todavía no se ha cerrado ninguna sesión',
    message:
      'El servicio que lo envió aquí lo pidió de una manera que no podemos seguir, o quiere que continúe en una dirección que no es suya. Puede cerrar la sesión aquí.',
  },
  signedOutMeanwhile: {
    title: 'Entretanto se ha cerrado su sesión',
    message: 'No se ha cambiado nada. Inicie sesión y vuelva a intentarlo.',
  },
};
