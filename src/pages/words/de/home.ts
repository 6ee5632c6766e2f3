/** Die Startseite. */
import type { Words } from '../words.ts';

export const home: Words['home'] = {
  title: 'Sie entscheiden, wer Ihre Daten nutzt',
  lead: 'Manchmal möchte ein anderer Dienst nutzen, was Ihnen gehört: Ihre Arbeitsaufgaben, Ihren Quellcode, Ihre Build-Ergebnisse. Hier muss er Sie zuerst fragen.',
  signInFirst: 'Melden Sie sich an, um zu sehen, was Sie bisher erlaubt haben.',
  howItWorks: 'So funktioniert es',
  steps: [
    ['Ein Dienst fragt.', 'Er schickt Sie hierher, und Sie sehen seinen Namen und alles, was er tun möchte.'],
    [
      'Sie antworten.',
      'Sie stimmen zu, erlauben nur einen Teil oder lehnen ab. Ihr Kennwort bleibt bei Ihnen: Kein Dienst bekommt es je zu sehen.',
    ],
    [
      'Sie können es sich anders überlegen.',
      'Alles, was Sie erlaubt haben, steht hier, und ein Klick nimmt es zurück.',
    ],
  ],
};
