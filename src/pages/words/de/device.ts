/** Der Code eines Geräts, und was nach der Antwort kommt. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const device: Words['device'] = {
  title: 'Gerät verbinden',
  lead: 'Ein Gerät oder eine App ohne Browser zeigt Ihnen einen Code. Geben Sie ihn hier ein; bevor etwas geschieht, sehen Sie, wer wonach fragt.',
  code: 'Code auf dem Gerät',
  onlyYourOwn:
    'Geben Sie nur einen Code ein, den Sie auf einem eigenen Gerät sehen. Niemand, der Ihnen hilft, braucht dafür seinen Code von Ihnen.',
  unknown:
    'Dieser Code ist nicht oder nicht mehr bekannt. Vergleichen Sie ihn mit dem Gerät, oder beginnen Sie dort neu.',
  tooMany: 'Das waren zu viele Codes. Bitte warten Sie einen Moment und versuchen Sie es noch einmal.',
  signIn:
    'Die Betreiber dieser Website möchten, dass Sie sich auf andere Weise anmelden, bevor Sie einen Dienst verbinden.',
  connectedTitle: 'Gerät verbunden',
  connectedHeading: 'Gehen Sie zurück zu Ihrem Gerät',
  connected: (service) => html`${service} ist verbunden. In wenigen Sekunden merkt es das Gerät von selbst.`,
  refusedTitle: 'Nicht verbunden',
  refusedHeading: 'Das Gerät bekommt nichts',
  refused: (service) => html`Sie haben abgelehnt, worum ${service} gebeten hat. Der Code ist nicht mehr zu gebrauchen.`,
};
