/** Ce qui s’est passé avec les services. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const history: Words['history'] = {
  title: 'Historique récent',
  warning: 'Attention',
  times: counted('fr', { one: '# fois, la dernière', other: '# fois, la dernière' }),
  andMore: (count) => `et ${count} de plus`,
  sentences: {
    authorized: (name) => html`Vous avez autorisé ${name}`,
    widened: (name) => html`Vous avez permis davantage à ${name}`,
    narrowed: (name) => html`Vous avez permis moins à ${name}`,
    refused: (name) => html`Vous avez refusé ${name}`,
    'connected again': (name) => html`${name} s’est reconnecté, avec ce que vous aviez permis auparavant`,
    'revoked by user': (name) => html`Vous avez révoqué ${name}`,
    'ended by user': (name) => html`Vous avez terminé une connexion de ${name}`,
    'revoked by service': (name) => html`${name} a rendu son accès`,
    'code replayed': (name) =>
      html`Un code de ${name} a été utilisé deux fois. Nous avons terminé cette connexion, car quelqu’un l’a peut-être copié`,
    'refresh token replayed': (name) =>
      html`Une ancienne clé de ${name} a été réutilisée. Nous avons terminé cette connexion, car quelqu’un l’a peut-être copiée`,
    'removed by operator': (name) =>
      html`Un administrateur a supprimé ${name} et mis fin à ce que vous lui aviez permis`,
    'voided by operator': (name) => html`Un administrateur a mis fin à ce que vous aviez permis à ${name}`,
    'ended by operator': (name) => html`Un administrateur a mis fin à ce que vous aviez permis à ${name}`,
    'everything voided by operator': () =>
      html`Un administrateur a mis fin à tout ce que vous aviez permis, et vous a déconnecté`,
    'approved for everyone': (name) => html`${name} a obtenu un accès que les administrateurs ont approuvé pour tous`,
    'approved by operator': (name) => html`Un administrateur a approuvé ce que vous vouliez permettre à ${name}`,
    'refused by operator': (name) => html`Un administrateur n’a pas approuvé ce que vous vouliez permettre à ${name}`,
    evicted: (name) => html`La plus ancienne connexion de ${name} a été terminée pour faire place à une nouvelle`,
  },
  lists: {
    authorized: (names) => html`Peut utiliser : ${names}`,
    widened: (names) => html`Nouveau : ${names}`,
    narrowed: (names) => html`Retiré : ${names}`,
    refused: (names) => html`Avait demandé : ${names}`,
    'connected again': (names) => html`Peut utiliser : ${names}`,
    'approved for everyone': (names) => html`Peut utiliser : ${names}`,
    'approved by operator': (names) => html`Approuvé : ${names}`,
    'refused by operator': (names) => html`Non approuvé : ${names}`,
  },
};
