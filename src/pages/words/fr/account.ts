/** Ses propres sessions et données, et le signalement d’un service. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const account: Words['account'] = {
  sessions: {
    title: 'Vos sessions',
    lead: 'Voici les navigateurs dans lesquels vous êtes connecté ici. Terminez toute session que vous ne reconnaissez pas.',
    browser: (browser, system) => `${browser} sous ${system}`,
    unknown: 'Un navigateur',
    thisOne: 'Celle-ci',
    seen: (when) => html`Vue ${when}`,
    signedIn: (when) => html`connexion ${when}`,
    from: (place) => `depuis ${place}`,
    end: 'Terminer',
    everywhere: 'Se déconnecter partout',
    everywhereExplained:
      'Toutes vos sessions se terminent, celle-ci aussi, et les services qui vous ont connecté à partir d’elles en sont informés. Ce que vous avez autorisé des services à faire pour vous continue.',
    ended: 'La session est terminée.',
    gone: 'Cette session était déjà terminée.',
    notAll: 'Toutes les sessions n’ont pas pu être terminées à temps. Veuillez recommencer.',
    more: 'Il y a plus de sessions que cette liste n’en montre. Se déconnecter partout les termine toutes.',
  },
  data: {
    title: 'Mes données',
    lead: 'Tout ce qui est enregistré ici à votre sujet, et comment le faire effacer.',
    download: 'Télécharger mes données',
    downloadExplained:
      'Un fichier JSON avec ce que vous avez permis et à qui, chaque connexion, votre historique, vos sessions de navigateur et votre nom tel que votre fournisseur de connexion l’a donné. Seuls les secrets manquent : des empreintes de clés qui ne serviraient qu’à un voleur.',
    parts: 'Si c’est trop long pour un seul fichier, la fin du fichier indique l’adresse du suivant.',
    elsewhere: 'Conservé ailleurs',
    elsewhereExplained:
      'L’organisation tient un journal d’audit de qui a autorisé, modifié et révoqué quoi, aussi longtemps que ses règles l’exigent. Il ne fait pas partie du fichier, et l’effacement ne le change pas.',
    erase: 'M’effacer',
    eraseLink: 'Effacer tout ce qui me concerne…',
  },
  erase: {
    title: 'M’effacer',
    lead: 'Tout ce qui est enregistré ici à votre sujet sera effacé. C’est irréversible.',
    consequences: [
      'Chaque service perd aussitôt ce que vous lui avez permis.',
      'Toutes vos sessions se terminent, et les services qui vous ont connecté en sont informés.',
      'Votre historique et votre nom sont effacés.',
      'Les services que vous avez enregistrés continuent sans vous, car d’autres personnes les utilisent peut-être. Supprimez d’abord ceux qui ne doivent pas rester.',
    ],
    stays: 'Ce qui reste',
    stayingList: [
      'Le journal d’audit de l’organisation : qu’un compte a autorisé, modifié ou révoqué quelque chose, et qu’il a été effacé.',
      'Pendant environ un jour, une note indiquant que vos connexions sont terminées, sans laquelle les API ne pourraient pas refuser leurs clés ; et, tant qu’un service est injoignable, qu’il reste à l’informer de votre déconnexion.',
      'Ce que les services ont eux-mêmes enregistré. Demandez-le-leur.',
    ],
    again: 'Si vous vous reconnectez, vous repartez de zéro.',
    confirm: 'Je veux que tout ce qui me concerne soit effacé',
    now: 'M’effacer',
    notConfirmed: 'Rien n’a été effacé. Cochez la case si c’est bien ce que vous voulez.',
    doneTitle: 'Vous êtes effacé',
    done: 'Tout ce qui vous concerne est effacé, chaque service a perdu son accès, et vous êtes déconnecté.',
    begun:
      'Vos sessions sont terminées, et tout le reste est en cours d’effacement. Cela prend encore quelques minutes et ne demande rien de votre part.',
    receipt:
      'Voici votre reçu, signé par ce serveur. Gardez-le si vous voulez pouvoir le prouver : il n’est affiché qu’une fois.',
  },
  report: {
    title: (name) => html`Signaler ${name}`,
    lead: 'Les personnes qui gèrent ce site en sont informées et l’examinent. Elles voient ce que vous écrivez, qui vous êtes et de quel service il s’agit.',
    why: 'Qu’est-ce qui ne va pas ?',
    reasons: {
      unknown: 'Je ne l’ai pas autorisé, ou ne le reconnais pas',
      pretends: 'Il se fait passer pour quelqu’un d’autre',
      misuse: 'Il fait de mes données un usage qu’il ne devrait pas',
      other: 'Autre chose',
    },
    more: 'Que s’est-il passé ? (facultatif)',
    send: 'Envoyer le signalement',
    sent: 'Merci. Votre signalement a été envoyé. Pour arrêter le service tout de suite, révoquez-le.',
    tooMany: 'Vous avez déjà signalé ce service aujourd’hui.',
    back: 'Retour au service',
  },
};
