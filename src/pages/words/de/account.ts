/** Die eigenen Sitzungen und Daten, und wie man einen Dienst meldet. */
import { html } from '../../html.ts';
import type { Words } from '../words.ts';

export const account: Words['account'] = {
  sessions: {
    title: 'Ihre Sitzungen',
    lead: 'In diesen Browsern sind Sie hier angemeldet. Beenden Sie jede Sitzung, die Sie nicht kennen.',
    browser: (browser, system) => `${browser} unter ${system}`,
    unknown: 'Ein Browser',
    thisOne: 'Diese hier',
    seen: (when) => html`Zuletzt gesehen ${when}`,
    signedIn: (when) => html`angemeldet ${when}`,
    from: (place) => `aus ${place}`,
    end: 'Beenden',
    everywhere: 'Überall abmelden',
    everywhereExplained:
      'Alle Ihre Sitzungen enden, auch diese, und Dienste, bei denen Sie daraus angemeldet wurden, erfahren es. Was Sie Diensten erlaubt haben, gilt weiter.',
    ended: 'Die Sitzung ist beendet.',
    gone: 'Diese Sitzung war schon beendet.',
    notAll: 'Nicht alle Sitzungen konnten rechtzeitig beendet werden. Bitte tun Sie es noch einmal.',
    more: 'Es gibt mehr Sitzungen, als hier stehen. Wenn Sie sich überall abmelden, enden sie alle.',
  },
  data: {
    title: 'Meine Daten',
    lead: 'Alles, was hier über Sie gespeichert ist, und wie Sie es löschen lassen.',
    download: 'Meine Daten herunterladen',
    downloadExplained:
      'Eine JSON-Datei mit allem, was Sie wem erlaubt haben, jeder Verbindung, Ihrem Verlauf, Ihren Browsersitzungen und Ihrem Namen, wie ihn Ihre Anmeldung nennt. Nur Geheimnisse fehlen: Prüfsummen von Schlüsseln, die niemandem helfen als einem Dieb.',
    parts: 'Ist es zu viel für eine Datei, so nennt ihr Ende die Adresse der nächsten.',
    elsewhere: 'Was anderswo bleibt',
    elsewhereExplained:
      'Die Organisation führt ein Protokoll, wer was erlaubt, geändert und widerrufen hat, so lange, wie ihre Regeln es verlangen. Es ist nicht Teil der Datei, und das Löschen ändert es nicht.',
    erase: 'Mich löschen',
    eraseLink: 'Alles über mich löschen…',
  },
  erase: {
    title: 'Mich löschen',
    lead: 'Alles, was hier über Sie gespeichert ist, wird gelöscht. Das lässt sich nicht rückgängig machen.',
    consequences: [
      'Jeder Dienst verliert sofort, was Sie ihm erlaubt haben.',
      'Alle Ihre Sitzungen enden, und Dienste, bei denen Sie angemeldet wurden, erfahren es.',
      'Ihr Verlauf und Ihr Name werden gelöscht.',
      'Dienste, die Sie registriert haben, bleiben ohne Sie bestehen, weil andere sie vielleicht nutzen. Löschen Sie vorher, was nicht bleiben soll.',
    ],
    stays: 'Was bleibt',
    stayingList: [
      'Das Protokoll der Organisation: dass ein Konto etwas erlaubt, geändert oder widerrufen hat, und dass es gelöscht wurde.',
      'Etwa einen Tag lang ein Vermerk, dass Ihre Verbindungen beendet sind, ohne den APIs deren Schlüssel nicht abweisen könnten; und, solange ein Dienst nicht zu erreichen ist, dass er noch von Ihrer Abmeldung erfahren muss.',
      'Was Dienste selbst gespeichert haben. Fragen Sie sie danach.',
    ],
    again: 'Wenn Sie sich wieder anmelden, fangen Sie von vorn an.',
    confirm: 'Ich möchte, dass alles über mich gelöscht wird',
    now: 'Mich löschen',
    notConfirmed: 'Es wurde nichts gelöscht. Kreuzen Sie das Kästchen an, wenn Sie es so meinen.',
    doneTitle: 'Sie sind gelöscht',
    done: 'Alles über Sie ist gelöscht, jeder Dienst hat seinen Zugriff verloren, und Sie sind abgemeldet.',
    begun:
      'Ihre Sitzungen sind beendet, und alles Übrige wird gerade gelöscht. Das dauert noch einige Minuten, und Sie müssen nichts mehr dazu tun.',
    receipt:
      'Das ist Ihr Beleg, unterschrieben von diesem Server. Bewahren Sie ihn auf, wenn Sie es später nachweisen wollen: Er wird nur einmal gezeigt.',
  },
  report: {
    title: (name) => html`${name} melden`,
    lead: 'Die Leute, die diese Website betreiben, erfahren davon und sehen es sich an. Sie sehen, was Sie schreiben, wer Sie sind und um welchen Dienst es geht.',
    why: 'Was stimmt nicht?',
    reasons: {
      unknown: 'Ich habe ihm nicht zugestimmt oder kenne ihn nicht',
      pretends: 'Er gibt sich für jemand anderen aus',
      misuse: 'Er tut mit meinen Daten etwas, das er nicht sollte',
      other: 'Etwas anderes',
    },
    more: 'Was ist geschehen? (nicht nötig)',
    send: 'Meldung absenden',
    sent: 'Danke. Ihre Meldung ist abgeschickt. Um den Dienst sofort zu stoppen, widerrufen Sie ihn.',
    tooMany: 'Sie haben diesen Dienst heute schon gemeldet.',
    back: 'Zurück zum Dienst',
  },
};
