/** E-Mails an Personen. */
import type { Words } from '../words.ts';

export const mail: Words['mail'] = {
  title: (service: string) => `${service} darf jetzt für Sie handeln`,
  allowed: (account: string, when: string) => `${account} hat das am ${when} erlaubt.`,
  forEveryone: (when: string) =>
    `Die Betreiber dieser Website haben den Dienst für alle genehmigt. Seit dem ${when} handelt er für Sie.`,
  may: 'Der Dienst darf:',
  notYou: 'Wenn Sie das nicht waren oder es nicht mehr möchten, widerrufen Sie es auf dieser Seite:',
  why: 'Sie erhalten bei jeder neuen Autorisierung eine E-Mail, höchstens zehn am Tag. Antworten liest niemand.',
};
