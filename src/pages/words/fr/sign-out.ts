/** La déconnexion, et le retour vers un service. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const signOut: Words['signOut'] = {
  title: 'Se déconnecter',
  heading: 'Se déconnecter ?',
  sentBy: (service, brand) => html`${service} vous a envoyé ici pour vous déconnecter de ${brand} dans ce navigateur.`,
  consequences: (manage) =>
    html`Les services qui vous ont connecté à partir d’ici peuvent aussi vous déconnecter. Ce que vous avez autorisé des services à faire pour vous continue ; pour y mettre fin, révoquez-le sous ${manage}.`,
  stay: 'Rester connecté',
  notSignedInTitle: 'Non connecté',
  notSignedInHeading: 'Vous n’êtes pas connecté',
  notSignedIn: 'Il n’y a aucune session à fermer dans ce navigateur.',
  doneTitle: 'Déconnecté',
  doneHeading: 'Vous êtes déconnecté',
  done: (brand) =>
    html`Vous êtes déconnecté de ${brand} dans ce navigateur. Les services qui vous ont connecté à partir d’ici peuvent aussi vous déconnecter. Ce que vous avez autorisé des services à faire pour vous continue jusqu’à ce que vous le révoquiez.`,
  sharedDevice:
    'Sur un appareil partagé, déconnectez-vous aussi de votre compte Microsoft ou de votre compte professionnel, ou fermez le navigateur : vous y êtes peut-être encore connecté.',
  signInAgain: 'Se reconnecter',
  backTitle: 'Retour au service',
  backTo: (service) => html`Retour à ${service}`,
  onItsWay: 'Votre réponse est en route. S’il ne se passe rien, appuyez sur le bouton.',
};
