/** La page où l’on décide de ce qu’un service peut faire. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const approval: Words['approval'] = {
  title: (service) => `Autoriser ${service} ?`,
  question: (service) => html`Autoriser ${service} à agir pour vous ?`,
  signInTitle: (service) => `Se connecter à ${service} ?`,
  signInQuestion: (service) => html`Se connecter à ${service} ?`,
  verifiedBy: (organization) => html`Vérifié par ${organization}`,
  notVerifiedBy: (organization) => html`Non vérifié par ${organization}`,
  unverified: (organization) =>
    html`<b>Ce service n’est pas vérifié.</b> Personne chez ${organization} n’a contrôlé qui l’exploite.`,
  publishedBy: (publisher) => html`Par ${publisher}`,
  aboutService: 'À propos de ce service',
  describedAt: (host) => html`Décrit à l’adresse ${host}`,
  answersGoTo: 'Votre réponse est envoyée à',
  uses: 'La demande concerne',
  anApp: 'une application sur cet appareil',
  theDevice: 'l’appareil qui affiche le code',
  onThisDevice: (host) => html`${host} sur cet appareil`,
  caution: {
    website: 'Ne continuez que si vous venez d’un service auquel vous faites confiance.',
    'local website': 'N’approuvez que si vous exploitez vous-même ce site.',
    app: 'N’approuvez que si vous venez de lancer cette application vous-même.',
    device: 'N’approuvez que si cet appareil est le vôtre.',
  },
  device: (code) =>
    html`<b>Un appareil attend : il doit afficher le code ${code}.</b> Ne continuez que si vous l’avez voulu vous-même et que l’appareil est devant vous. Si quelqu’un vous a envoyé ce code ou un lien, c’est lui qui aurait l’accès.`,
  deviceFrom: 'Il demande depuis',
  deviceAgent: 'Il se nomme',
  account: 'Votre compte',
  otherAccount: 'Utiliser un autre compte',

  asks: 'Le service souhaite',
  asksNothing: 'Il ne demande aucune autorisation, si ce n’est de savoir que vous avez approuvé.',
  asksAt: (resources) => html`Auprès de ${resources}`,
  needsAll: 'Le service a besoin de tout cela.',
  untickAll: 'Tout décocher',
  tickAll: 'Tout cocher',
  permissions: counted('fr', { one: '# autorisation', other: '# autorisations' }),
  highPrivileges: counted('fr', { one: '# étendue', other: '# étendues' }),
  more: (title) => html`En savoir plus sur « ${title} »`,
  isNew: 'Nouveau',
  always: 'Fait toujours partie de cette approbation.',
  allowedBefore: 'Vous l’avez déjà autorisé.',
  allowedOnce: 'Vous l’avez autorisé une fois.',
  includes: (names) => html`Comprend : ${names}`,
  included: 'Compris ci-dessus',
  comesWith: (names) => html`Accompagne ${names}, coché ou non : pour l’exclure, décochez aussi cette autorisation.`,
  allowedAlready: counted('fr', {
    one: 'Vous avez déjà accordé # autorisation',
    other: 'Vous avez déjà accordé # autorisations',
  }),
  details: 'Ce qu’il demande exactement',
  allOrNothing: 'Vous autorisez tout cela, ou rien.',
  may: 'Il peut',

  lasting: 'Pour combien de temps ?',
  lastings: {
    once: 'Cette fois seulement',
    '30 days': '30 jours',
    'until revoked': 'Jusqu’à ce que je la révoque',
  },
  lastsOnce: (span) => html`Il peut travailler pendant ${span}, puis redemande la prochaine fois.`,
  lastsDays: 'Ensuite, il doit vous redemander.',
  lastsUntilRevoked: (idle, longest) =>
    html`L’autorisation prend fin d’elle-même après ${idle} sans utilisation, et dans tous les cas après ${longest}.`,
  lastsRuled: (organization, longest) =>
    html`Chez ${organization}, toute autorisation prend fin au plus tard après ${longest}.`,

  next: 'Et ensuite',
  ifApproved: (service) => html`Si vous approuvez, ${service} peut faire en votre nom ce qui est coché.`,
  ifSignedIn: (service) => html`Si vous approuvez, ${service} apprend ce qui est coché.`,
  ifDetails: (service) =>
    html`Si vous approuvez, ${service} peut faire exactement ce qui est décrit ici. Pour toute autre chose de ce genre, il doit vous redemander.`,
  ifDenied: 'Si vous refusez, il apprend que vous avez refusé, et rien d’autre.',
  password: html`<b>Il ne voit jamais votre mot de passe</b> et n’en a pas besoin.`,
  learns: (facts) => html`Il apprend ${facts}.`,
  facts: { name: 'votre nom', account: 'votre nom de compte', roles: 'vos rôles' },
  revocable: (page) => html`Vous pouvez revenir sur votre décision à tout moment sous ${page}.`,

  answerAs: (account, destination) => html`Votre réponse en tant que ${account} est envoyée à ${destination}`,
  approve: 'Approuver',
  deny: 'Refuser',

  changed: 'Ce qui a changé depuis votre autorisation',
  changedName: (before) => html`Son nom était ${before}`,
  changedPublisher: (before) => html`Son éditeur, selon ses propres dires, était ${before}`,
  noPublisher: 'Il n’indiquait aucun éditeur',
  changedWebsite: (before) => html`Son site était ${before}`,
  noWebsite: 'Il n’indiquait aucun site',
  changedHost: (before, now) => html`Votre réponse était envoyée à ${before} ; elle l’est maintenant à ${now}`,
  changedDocument: 'Le document qui le décrit a changé',
  changedWords: 'Ce qu’il dit de lui-même, ou le sens de ses autorisations, a changé',
  expected: 'N’approuvez que si vous vous y attendiez.',

  outdated:
    'Rien n’a encore été approuvé : cette page était trop ancienne, ou le service a changé. Veuillez la relire. Vos choix sont tels que vous les avez laissés.',
  nothingTicked:
    'Rien n’est coché, il n’y a donc rien à approuver. Cochez au moins une autorisation et approuvez, ou refusez.',
  decidedMeanwhile:
    'Rien n’a encore été approuvé : ce que vous autorisez à ce service a changé entre-temps. Veuillez relire cette page. Vos choix sont tels que vous les avez laissés.',
};
