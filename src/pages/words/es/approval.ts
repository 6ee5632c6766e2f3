/** La página en la que se decide qué puede hacer un servicio. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const approval: Words['approval'] = {
  title: (service) => `¿Permitir a ${service}?`,
  question: (service) => html`¿Permitir que ${service} actúe por usted?`,
  signInTitle: (service) => `¿Iniciar sesión en ${service}?`,
  signInQuestion: (service) => html`¿Iniciar sesión en ${service}?`,
  verifiedBy: (organization) => html`Verificado por ${organization}`,
  notVerifiedBy: (organization) => html`No verificado por ${organization}`,
  unverified: (organization) =>
    html`<b>Este servicio no está verificado.</b> Nadie en ${organization} ha comprobado quién lo gestiona.`,
  publishedBy: (publisher) => html`De ${publisher}`,
  aboutService: 'Acerca de este servicio',
  describedAt: (host) => html`Descrito en ${host}`,
  answersGoTo: 'Su respuesta se envía a',
  uses: 'La solicitud se refiere a',
  anApp: 'una aplicación de este dispositivo',
  theDevice: 'el dispositivo que muestra el código',
  onThisDevice: (host) => html`${host} en este dispositivo`,
  caution: {
    website: 'Continúe solo si ha llegado aquí desde un servicio en el que confía.',
    'local website': 'Apruebe solo si usted mismo gestiona ese sitio web.',
    app: 'Apruebe solo si usted mismo acaba de abrir esa aplicación.',
    device: 'Apruebe solo si ese dispositivo es suyo.',
  },
  device: (code) =>
    html`<b>Un dispositivo está esperando: debe mostrar el código ${code}.</b> Continúe solo si usted mismo ha empezado esto y tiene el dispositivo delante. Si alguien le ha enviado este código o un enlace, sería esa persona quien obtendría el acceso.`,
  deviceFrom: 'Lo pide desde',
  deviceAgent: 'Se presenta como',
  account: 'Su cuenta',
  otherAccount: 'Usar otra cuenta',

  asks: 'El servicio quiere',
  asksNothing: 'No pide ningún permiso, salvo saber que usted ha aprobado.',
  asksAt: (resources) => html`En ${resources}`,
  needsAll: 'El servicio necesita todo esto.',
  untickAll: 'Desmarcar todo',
  tickAll: 'Marcar todo',
  permissions: counted('es', { one: '# permiso', other: '# permisos' }),
  highPrivileges: counted('es', { other: '# de gran alcance' }),
  more: (title) => html`Más sobre «${title}»`,
  isNew: 'Nuevo',
  always: 'Siempre forma parte de esta aprobación.',
  allowedBefore: 'Ya lo ha permitido antes.',
  allowedOnce: 'Lo permitió una vez.',
  includes: (names) => html`Incluye: ${names}`,
  included: 'Incluido arriba',
  comesWith: (names) => html`Viene con ${names}, marcado o no: para excluirlo, desmarque también ese permiso.`,
  allowedAlready: counted('es', {
    one: 'Ya ha concedido # permiso',
    other: 'Ya ha concedido # permisos',
  }),
  details: 'Qué pide exactamente',
  allOrNothing: 'Usted permite todo esto, o nada.',
  may: 'Puede',

  lasting: '¿Durante cuánto tiempo?',
  lastings: {
    once: 'Solo esta vez',
    '30 days': '30 días',
    'until revoked': 'Hasta que lo revoque',
  },
  lastsOnce: (span) => html`Puede trabajar durante ${span} y la próxima vez vuelve a preguntar.`,
  lastsDays: 'Después tiene que volver a preguntarle.',
  lastsUntilRevoked: (idle, longest) =>
    html`Termina por sí solo tras ${idle} sin uso y, en cualquier caso, tras ${longest}.`,
  lastsRuled: (organization, longest) =>
    html`En ${organization}, toda autorización termina como máximo tras ${longest}.`,

  next: 'Qué pasa después',
  ifApproved: (service) => html`Si aprueba, ${service} puede hacer en su nombre lo que está marcado.`,
  ifSignedIn: (service) => html`Si aprueba, ${service} conoce lo que está marcado.`,
  ifDetails: (service) =>
    html`Si aprueba, ${service} puede hacer exactamente lo que se describe aquí. Para cualquier otra cosa parecida tiene que volver a preguntarle.`,
  ifDenied: 'Si deniega, sabrá que usted se ha negado, y nada más.',
  password: html`<b>Nunca ve su contraseña</b> y no la necesita.`,
  learns: (facts) => html`Conoce ${facts}.`,
  facts: { name: 'su nombre', account: 'el nombre de su cuenta', roles: 'sus funciones' },
  revocable: (page) => html`Puede retirarlo en cualquier momento en ${page}.`,

  answerAs: (account, destination) => html`Su respuesta como ${account} se envía a ${destination}`,
  approve: 'Aprobar',
  deny: 'Denegar',

  changed: 'Qué ha cambiado desde que lo permitió',
  changedName: (before) => html`Su nombre era ${before}`,
  changedPublisher: (before) => html`Su editor, según decía, era ${before}`,
  noPublisher: 'No indicaba ningún editor',
  changedWebsite: (before) => html`Su sitio web era ${before}`,
  noWebsite: 'No indicaba ningún sitio web',
  changedHost: (before, now) => html`Su respuesta se enviaba a ${before}; ahora se envía a ${now}`,
  changedDocument: 'El documento que lo describe ha cambiado',
  changedWords: 'Lo que dice de sí mismo, o lo que significan sus permisos, ha cambiado',
  expected: 'Apruebe solo si lo esperaba.',

  outdated:
    'Todavía no se ha aprobado nada: esta página era demasiado antigua o el servicio ha cambiado. Mírela otra vez. Lo marcado está como usted lo dejó.',
  nothingTicked:
    'No hay nada marcado, así que no hay nada que aprobar. Marque al menos un permiso y apruebe, o deniegue.',
  decidedMeanwhile:
    'Todavía no se ha aprobado nada: lo que permite a este servicio ha cambiado entretanto. Mire esta página otra vez. Lo marcado está como usted lo dejó.',
};
