/** La page d’accueil. */
import type { Words } from '../words.ts';

export const home: Words['home'] = {
  title: 'C’est vous qui décidez qui utilise vos données',
  lead: 'Il arrive qu’un autre service veuille utiliser ce qui est à vous : vos tâches, votre code source, vos résultats de build. C’est ici qu’il doit d’abord vous le demander.',
  signInFirst: 'Connectez-vous pour voir ce que vous avez autorisé jusqu’à présent.',
  howItWorks: 'Comment ça marche',
  steps: [
    ['Un service demande.', 'Il vous envoie ici, et vous voyez son nom et chaque chose qu’il veut faire.'],
    [
      'Vous répondez.',
      'Vous acceptez, vous n’autorisez qu’une partie, ou vous refusez. Votre mot de passe reste chez vous : aucun service ne le voit jamais.',
    ],
    [
      'Vous pouvez changer d’avis.',
      'Tout ce que vous avez autorisé figure ici, et un seul bouton suffit pour le retirer.',
    ],
  ],
};
