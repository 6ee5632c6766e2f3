/** Ce que porte chaque page. */
import type { Words } from '../words.ts';

export const common: Words['common'] = {
  skip: 'Aller au contenu',
  addressBegins: 'La barre d’adresse de votre navigateur doit commencer par',
  thisSite: 'Ce site',
  about: 'À propos de ce site',
  manage: 'Gérer les autorisations',
  signedInAs: 'Connecté en tant que',
  signIn: 'Se connecter',
  signOut: 'Se déconnecter',
  startPage: 'Aller à la page d’accueil',
  tryAgain: 'Réessayer',
  continue: 'Continuer',
  highPrivilege: 'Accès étendu',
  newTab: ' (s’ouvre dans un nouvel onglet)',
  website: 'Site web',
  privacy: 'Confidentialité',
  terms: 'Conditions d’utilisation',
};
