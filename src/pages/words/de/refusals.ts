/** Was zu lesen ist, wenn etwas abgelehnt wird oder misslingt. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const refusals: Words['refusals'] = {
  reference: (reference, brand) =>
    html`Nennen Sie ${reference}, wenn Sie um Hilfe bitten: Damit finden die Leute, die ${brand} betreiben, was geschehen ist.`,
  unanswerable: {
    title: 'Diese Anfrage lässt sich nicht beantworten',
    message:
      'Was Sie hierher gebracht hat, ist unvollständig oder beschädigt. Bitte gehen Sie dorthin zurück, woher Sie kamen, und beginnen Sie neu.',
  },
  unavailable: {
    title: 'Im Moment nicht erreichbar',
    message:
      'Etwas, das diese Website braucht, antwortet nicht. Nichts wurde geändert. Bitte versuchen Sie es gleich noch einmal.',
  },
  failed: {
    title: 'Etwas ist schiefgegangen',
    message: 'Der Fehler liegt bei uns und wurde festgehalten. Bitte versuchen Sie es später noch einmal.',
  },
  byCode: {
    unknown_client: {
      title: 'Wir kennen diesen Dienst nicht',
      message:
        'Der Dienst, der Sie hierher geschickt hat, ist nicht oder nicht mehr registriert. Er hat nichts erhalten. Wenn Sie etwas anderes erwartet haben, sagen Sie den Betreibern des Dienstes, dass er hier registriert sein muss.',
    },
    client_unavailable: {
      title: 'Wir erreichen diesen Dienst nicht',
      message:
        'Der Dienst, der Sie hierher geschickt hat, stellt sich unter einer eigenen Adresse vor, die nicht antwortet. Er hat nichts erhalten. Bitte versuchen Sie es gleich noch einmal; hilft das nicht, sagen Sie es den Betreibern des Dienstes.',
    },
    unproven_redirect: {
      title: 'Dieser Dienst ist nicht richtig eingerichtet',
      message:
        'Er möchte unsere Antwort an einer Adresse, die nicht zu seiner Registrierung gehört, sodass die Antwort jemand anderen erreichen könnte. Wir haben angehalten, und nichts wurde weitergegeben. Bitte sagen Sie den Betreibern des Dienstes: Seine Registrierung hier muss die Adresse nennen, an der er Antworten entgegennimmt.',
    },
    invalid_request_uri: {
      title: 'Diese Anfrage wurde schon benutzt oder ist zu alt',
      message:
        'Der Dienst hat eine Anfrage für Sie vorbereitet, die nur einmal und nur kurze Zeit beantwortet werden kann. Bitte gehen Sie zum Dienst zurück und beginnen Sie neu. Nichts wurde weitergegeben.',
    },
    unauthorized_client: {
      title: 'Dieser Dienst wurde gesperrt',
      message:
        'Die Betreiber dieser Website haben ihn gesperrt, er kann also um nichts bitten. Wenn Sie ihn brauchen, fragen Sie nach dem Grund. Auch was ihm vorher erlaubt war, funktioniert nicht, solange er gesperrt ist.',
    },
    unlisted_client: {
      title: 'Dieser Dienst ist hier noch nicht zugelassen',
      message:
        'Die Betreiber dieser Website legen fest, welche Dienste hier anfragen dürfen, und dieser gehört nicht dazu. Er hat nichts erhalten. Wenn Sie ihn brauchen, bitten Sie die Betreiber, ihn zuzulassen.',
    },
    access_off: {
      title: 'Der Zugriff für Dienste ist abgeschaltet',
      message:
        'Die Betreiber dieser Website haben den Zugriff für alle Dienste abgeschaltet. Nichts geht verloren: Was Sie vorher erlaubt haben, funktioniert wieder, sobald sie ihn einschalten.',
    },
    not_a_window: {
      title: 'Bitte öffnen Sie dies in einem eigenen Fenster',
      message:
        'Etwas wollte diese Seite innerhalb einer anderen Seite oder im Hintergrund anzeigen. Sie antwortet nur dort, wo Sie ihre Adresse sehen.',
    },
    access_denied: {
      title: 'Das ist nicht erlaubt',
      message: 'Nichts wurde getan. Bitte gehen Sie dorthin zurück, woher Sie kamen, und beginnen Sie neu.',
    },
    foreign_form: {
      title: 'Das ist nicht erlaubt',
      message:
        'Was gesendet wurde, kam nicht von einer Seite dieser Website, deshalb wurde nichts getan. Wenn Sie nichts senden wollten, schließen Sie die Seite, von der Sie kamen.',
    },
    stale_form: {
      title: 'Diese Seite war zu alt',
      message:
        'Nichts wurde geändert. Bitte gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.',
    },
    not_found: {
      title: 'Hier ist nichts',
      message: 'Vielleicht ist die Adresse falsch geschrieben, oder was hier war, ist umgezogen.',
    },
    request_too_large: {
      title: 'Das ist zu lang',
      message: 'Was gesendet wurde, ist länger als alles, was diese Website annimmt. Nichts wurde getan.',
    },
    too_many_requests: {
      title: 'Zu viele Anfragen',
      message:
        'Aus Ihrem Netz kamen in kurzer Zeit sehr viele Anfragen. Bitte warten Sie einen Moment und versuchen Sie es noch einmal.',
    },
  },
  notOurPage: {
    title: 'Diese Seite gilt nicht mehr',
    message:
      'Sie wurde in einem anderen Browser oder für ein anderes Konto geöffnet, oder Sie haben sich inzwischen abgemeldet.',
    showAgain: 'Noch einmal anzeigen',
    enterAgain: 'Code noch einmal eingeben',
  },
  answered: {
    title: 'Das haben Sie schon beantwortet',
    message:
      'Ihre Zustimmung hat den Dienst erreicht. Ansehen oder zurücknehmen können Sie sie unter „Berechtigungen verwalten“.',
  },
  codeNotOpen: {
    title: 'Dieser Code ist nicht mehr offen',
    message: 'Er wurde schon beantwortet oder ist abgelaufen. Wenn das Gerät noch wartet, beginnen Sie dort neu.',
    enterAnother: 'Einen anderen Code eingeben',
  },
  notBegunHere: {
    title: 'Diese Anmeldung wurde nicht hier begonnen',
    message:
      'Sie hat zu lange gedauert, wurde in einem anderen Browser begonnen, war eine von zu vielen zugleich oder ist schon abgeschlossen. Bitte gehen Sie dorthin zurück, woher Sie kamen, und beginnen Sie neu.',
  },
  notSignedIn: {
    title: 'Sie sind nicht angemeldet',
    message:
      'Die Anmeldung wurde abgebrochen oder ist nicht gelungen. Es wurde nichts an irgendjemanden weitergegeben.',
  },
  nobodySignedOut: {
    title: 'Es wurde noch niemand abgemeldet',
    message:
      'Der Dienst, der Sie hierher geschickt hat, hat auf eine Weise darum gebeten, der wir nicht folgen können, oder möchte, dass Sie an einer Adresse weitermachen, die nicht seine ist. Sie können sich hier abmelden.',
  },
  signedOutMeanwhile: {
    title: 'Sie wurden inzwischen abgemeldet',
    message: 'Nichts wurde geändert. Bitte melden Sie sich an und versuchen Sie es noch einmal.',
  },
};
