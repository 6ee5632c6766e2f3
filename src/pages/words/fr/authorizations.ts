/** Gérer les autorisations : la liste, et la page de chaque service. */
import { counted } from '../../dates.ts';
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const authorizations: Words['authorizations'] = {
  lead: 'Vous avez autorisé ces services à utiliser vos données en votre nom. Aucun ne connaît votre mot de passe. Révoquez ceux que vous n’utilisez pas ou ne reconnaissez pas.',
  emptyLead:
    'C’est ici que vous voyez chaque service qui peut utiliser vos données en votre nom, et que vous le révoquez.',
  services: 'Vos services',
  count: counted('fr', { one: '# service autorisé', other: '# services autorisés' }),
  manyServices: 'Vos services',
  manyExplained:
    'Il y en a beaucoup. Ils sont affichés page par page, chacune triée par dernière utilisation ; la recherche les parcourt tous.',
  empty: 'Aucun service ne peut utiliser vos données.',
  emptyExplained:
    'Quand vous approuvez un service, il apparaît ici, avec ce qu’il peut faire et un bouton pour le lui retirer.',
  search: 'Chercher un service, une adresse ou une permission',
  searchButton: 'Chercher',
  found: counted('fr', { one: '# service trouvé', other: '# services trouvés' }),
  nothingFound: 'Aucun de vos services ne porte ce nom.',
  nothingFoundYet: 'Aucun pour l’instant. Il en reste à parcourir.',
  showAll: 'Tout afficher',
  more: 'Afficher la suite',
  idle: 'Non utilisés depuis 90 jours',
  idleExplained:
    'Vous pouvez les révoquer sans que rien ne vous manque. Si vous en avez de nouveau besoin, le service redemandera.',
  device: 'L’un de vos appareils',
  mayUse: (place) => html`Peut utiliser, chez ${place} :`,
  mayThenUse: (place) => html`Pourra alors utiliser, chez ${place} :`,
  hadAllowed: (place) => html`Vous lui aviez permis, chez ${place} :`,
  silent: 'Non connecté pour le moment. Il peut se reconnecter sans vous le demander.',
  mustAsk: 'Non connecté pour le moment. Il doit vous demander avant de se reconnecter.',
  blocked: 'Bloqué par un administrateur. Il ne peut rien faire tant que le blocage n’est pas levé.',
  off: 'Les administrateurs ont coupé l’accès de tous les services. Il ne peut rien faire tant qu’ils ne l’ont pas rétabli.',
  unlisted: 'Un administrateur doit autoriser ce service avant qu’il puisse de nouveau faire quoi que ce soit.',
  signInAgain:
    'Il ne peut rien faire tant que vous ne vous êtes pas reconnecté : il vous le demandera quand vous l’utiliserez.',
  withheld: (names) => `Les administrateurs ne le laissent pas utiliser ceci pour le moment : ${names}`,
  waiting: (names) => `Vous l’avez demandé aux administrateurs, qui n’ont pas encore décidé : ${names}`,
  forEveryone: (names) =>
    `Les administrateurs ont approuvé ceci pour tout le monde, personne ne vous l’a donc demandé : ${names}`,
  waitingTitle: 'En attente d’un administrateur',
  askedAt: (when) => html`Demandé ${when}`,
  nothingOffered: 'Rien de ce que vous avez permis ne lui est plus proposé.',
  exactly: 'Peut faire exactement ceci :',
  detail: (title, place) => html`${title} chez ${place}`,
  andMore: (count) => `et ${count} de plus`,
  granted: 'Autorisé',
  lastUsed: 'Dernière utilisation',
  connections: 'Connexions',
  notUsedYet: 'Pas encore utilisé',
  notLately: 'Pas récemment',
  none: 'Aucune pour le moment',
  active: counted('fr', { one: '# active', other: '# actives' }),
  by: {
    server: 'par un serveur',
    browser: 'par un navigateur',
    phone: 'par un téléphone ou une tablette',
    program: 'par un programme',
  },
  from: (place) => `depuis ${place}`,
  coarse:
    'Ce qui l’a utilisé est ce qu’il dit de lui-même. De son adresse, seul le réseau est conservé, que beaucoup d’autres partagent : il peut être loin de vous.',
  revoke: 'Révoquer…',
  revokeNow: (name) => html`Révoquer ${name}`,
  revokeExplained: (until) =>
    html`Il perd son accès aussitôt et ne peut pas le renouveler. Une clé qu’il détient déjà peut encore ouvrir quelque chose jusqu’au ${until}. Pour l’utiliser à nouveau, vous l’approuverez à nouveau.`,
  revokeAll: 'Tout révoquer…',
  revokeAllExplained: (until) =>
    html`Tous les services perdent leur accès aussitôt. Les clés qu’ils détiennent déjà peuvent encore ouvrir quelque chose jusqu’au ${until}. Pour en utiliser un à nouveau, vous l’approuverez à nouveau.`,
  revokeAllNow: 'Oui, tout révoquer',
  revoked: (name, until) =>
    html`${name} a perdu son accès et ne peut pas le renouveler. Une clé que le service détient encore n’ouvrira plus rien au plus tard le ${until}.`,
  allRevoked: (until) =>
    html`Tous les services ont perdu leur accès et ne peuvent pas le renouveler. Les clés qu’ils détiennent encore n’ouvriront plus rien au plus tard le ${until}. Chaque ligne de l’historique ci-dessous a son reçu.`,
  narrowed: (until) =>
    html`La permission est retirée. Dès sa prochaine clé, le service pourra moins ; celle qu’il détient encore garde sa portée jusqu’au ${until} au plus tard.`,
  ended: (until) => html`La connexion est terminée. Une de ses clés n’ouvrira plus rien au plus tard le ${until}.`,
  receipt: 'Reçu',
  all: 'Toutes les autorisations',
  permissions: 'Ce qu’il peut faire',
  remove: 'Retirer',
  removes: (others) => `La retirer retire aussi ${others}.`,
  last: 'C’est la dernière : la retirer révoque le service.',
  openConnections: 'Où il est connecté',
  began: (when) => html`Connecté ${when}`,
  used: (when) => html`dernière utilisation ${when}`,
  unredeemed: 'Sur le point de se connecter',
  end: 'Terminer',
  endExplained: 'En terminer une déconnecte le service à cet endroit ; ce que vous lui avez permis reste.',
  contact: 'Joindre le service',
  contactExplained: (name) => html`Comment joindre les responsables de ${name}, selon le service lui-même :`,
  noContact: (name) => html`${name} ne dit pas comment joindre ses responsables.`,
  report: 'Signaler ce service',
};
