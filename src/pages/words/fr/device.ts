/** Le code d’un appareil, et ce qui suit la réponse. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const device: Words['device'] = {
  title: 'Connecter un appareil',
  lead: 'Un appareil ou une application sans navigateur vous montre un code. Saisissez-le ici : vous verrez qui demande quoi avant que quoi que ce soit ne se passe.',
  code: 'Code affiché par l’appareil',
  onlyYourOwn:
    'Ne saisissez qu’un code que vous voyez sur un appareil à vous. Personne qui vous aide n’a besoin que vous saisissiez le sien.',
  unknown:
    'Ce code n’est pas connu, ou ne l’est plus. Comparez-le avec celui de l’appareil, ou recommencez sur l’appareil.',
  tooMany: 'Trop de codes ont été saisis. Veuillez patienter un instant, puis réessayer.',
  signIn:
    'Les responsables de ce site souhaitent que vous vous connectiez d’une autre manière avant de connecter un service.',
  connectedTitle: 'Appareil connecté',
  connectedHeading: 'Retournez à votre appareil',
  connected: (service) => html`${service} est connecté. L’appareil s’en aperçoit tout seul en quelques secondes.`,
  refusedTitle: 'Non connecté',
  refusedHeading: 'L’appareil n’obtient rien',
  refused: (service) => html`Vous avez refusé ce que ${service} demandait. Le code ne sert plus à rien.`,
};
