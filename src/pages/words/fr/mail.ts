/** Courriels aux personnes. */
import type { Words } from '../words.ts';

export const mail: Words['mail'] = {
  title: (service: string) => `${service} peut désormais agir en votre nom`,
  allowed: (account: string, when: string) => `${account} l’a autorisé le ${when}.`,
  forEveryone: (when: string) =>
    `Les responsables de ce site ont approuvé ce service pour tout le monde. Il agit en votre nom depuis le ${when}.`,
  may: 'Ce service peut :',
  notYou: 'Si ce n’était pas vous, ou si vous ne le souhaitez plus, révoquez cette autorisation sur cette page :',
  why: 'Vous recevez un courriel à chaque nouvelle autorisation, dix par jour au plus. Personne ne lit les réponses.',
};
