/** Ce qu’on lit quand une chose est refusée ou échoue. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const refusals: Words['refusals'] = {
  reference: (reference, brand) =>
    html`Indiquez ${reference} si vous demandez de l’aide : les personnes qui gèrent ${brand} pourront ainsi retrouver ce qui s’est passé.`,
  unanswerable: {
    title: 'Il est impossible de répondre à cette demande',
    message: 'Ce qui vous a amené ici est incomplet ou endommagé. Veuillez revenir d’où vous venez et recommencer.',
  },
  unavailable: {
    title: 'Indisponible pour le moment',
    message:
      'Un élément dont ce site a besoin ne répond pas. Rien n’a été modifié. Veuillez réessayer dans un instant.',
  },
  failed: {
    title: 'Une erreur s’est produite',
    message: 'La faute est de notre côté, et elle a été notée. Veuillez réessayer plus tard.',
  },
  byCode: {
    unknown_client: {
      title: 'Nous ne connaissons pas ce service',
      message:
        'Le service qui vous a envoyé ici n’est pas enregistré, ou ne l’est plus. Il n’a rien reçu. Si cela vous surprend, dites aux responsables du service qu’il doit être enregistré ici.',
    },
    client_unavailable: {
      title: 'Nous n’arrivons pas à joindre ce service',
      message:
        'Le service qui vous a envoyé ici se présente à une adresse qui lui appartient et qui ne répond pas. Il n’a rien reçu. Veuillez réessayer dans un instant ; si cela ne suffit pas, prévenez les responsables du service.',
    },
    unproven_redirect: {
      title: 'Ce service n’est pas configuré correctement',
      message:
        'Il veut recevoir notre réponse à une adresse qui ne fait pas partie de son enregistrement : la réponse pourrait parvenir à quelqu’un d’autre. Nous nous sommes arrêtés et rien n’a été communiqué. Veuillez dire aux responsables du service que son enregistrement ici doit mentionner l’adresse où il reçoit les réponses.',
    },
    invalid_request_uri: {
      title: 'Cette demande a déjà servi, ou est trop ancienne',
      message:
        'Le service a préparé une demande pour vous, à laquelle on ne peut répondre qu’une fois et pendant peu de temps. Veuillez retourner au service et recommencer. Rien n’a été communiqué.',
    },
    unauthorized_client: {
      title: 'Ce service a été bloqué',
      message:
        'Les responsables de ce site l’ont bloqué : il ne peut rien demander. Si vous en avez besoin, demandez-leur pourquoi. Ce qui lui était permis auparavant ne fonctionne pas non plus tant qu’il est bloqué.',
    },
    unlisted_client: {
      title: 'Ce service n’est pas encore autorisé ici',
      message:
        'Les responsables de ce site décident quels services peuvent faire des demandes ici, et celui-ci n’en fait pas partie. Il n’a rien reçu. Si vous en avez besoin, demandez-leur de l’autoriser.',
    },
    access_off: {
      title: 'L’accès des services est désactivé',
      message:
        'Les responsables de ce site ont désactivé l’accès de tous les services. Rien n’est perdu : ce que vous aviez autorisé fonctionnera de nouveau dès qu’ils le réactiveront.',
    },
    not_a_window: {
      title: 'Veuillez ouvrir ceci dans sa propre fenêtre',
      message:
        'Quelque chose a demandé cette page à l’intérieur d’une autre page, ou en arrière-plan. Elle ne répond que là où vous pouvez voir son adresse.',
    },
    access_denied: {
      title: 'Ce n’est pas autorisé',
      message: 'Rien n’a été fait. Veuillez revenir d’où vous venez et recommencer.',
    },
    foreign_form: {
      title: 'Ce n’est pas autorisé',
      message:
        'Ce qui a été envoyé ne vient pas d’une page de ce site : rien n’a donc été fait. Si vous ne vouliez rien envoyer, fermez la page d’où vous venez.',
    },
    stale_form: {
      title: 'Cette page était trop ancienne',
      message: 'Rien n’a été modifié. Veuillez revenir en arrière, recharger la page et réessayer.',
    },
    not_found: {
      title: 'Il n’y a rien ici',
      message: 'L’adresse est peut-être mal saisie, ou ce qui était ici a été déplacé.',
    },
    request_too_large: {
      title: 'C’est trop long',
      message: 'Ce qui a été envoyé dépasse tout ce que ce site accepte. Rien n’a été fait.',
    },
    too_many_requests: {
      title: 'Trop de demandes',
      message:
        'Beaucoup de demandes sont venues de votre réseau en peu de temps. Veuillez patienter un instant, puis réessayer.',
    },
  },
  notOurPage: {
    title: 'Cette page n’est plus valable',
    message:
      'Elle a été ouverte dans un autre navigateur, ou pour un autre compte, ou vous vous êtes déconnecté depuis.',
    showAgain: 'L’afficher de nouveau',
    enterAgain: 'Saisir le code de nouveau',
  },
  answered: {
    title: 'Vous avez déjà répondu',
    message: 'Votre accord est parvenu au service. Pour le voir ou le retirer, allez sous « Gérer les autorisations ».',
  },
  codeNotOpen: {
    title: 'Ce code n’est plus ouvert',
    message: 'Une réponse a déjà été donnée, ou il a expiré. Si l’appareil attend encore, recommencez sur l’appareil.',
    enterAnother: 'Saisir un autre code',
  },
  notBegunHere: {
    title: 'Cette connexion n’a pas commencé ici',
    message:
      'Elle a duré trop longtemps, a commencé dans un autre navigateur, était de trop parmi plusieurs à la fois, ou est déjà terminée. Veuillez revenir d’où vous venez et recommencer.',
  },
  notSignedIn: {
    title: 'Vous n’êtes pas connecté',
    message: 'La connexion a été annulée ou n’a pas abouti. Rien n’a été communiqué à qui que ce soit.',
  },
  nobodySignedOut: {
    title: 'Personne n’a encore été déconnecté',
    message:
      'Le service qui vous a envoyé ici l’a demandé d’une manière que nous ne pouvons pas suivre, ou veut que vous continuiez à une adresse qui n’est pas la sienne. Vous pouvez vous déconnecter ici.',
  },
  signedOutMeanwhile: {
    title: 'Vous avez été déconnecté entre-temps',
    message: 'Rien n’a été modifié. Veuillez vous connecter et réessayer.',
  },
};
