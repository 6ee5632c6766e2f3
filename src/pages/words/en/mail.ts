/** The mail about a new authorization. Whoever is named in it is text, not markup. */
export const mail = {
  title: (service: string) => `${service} may now act for you`,
  allowed: (account: string, when: string) => `${account} allowed this on ${when}.`,
  forEveryone: (when: string) =>
    `The people who run this site have approved it for everyone. It began to act for you on ${when}.`,
  may: 'It may:',
  notYou: 'If this was not you, or you do not want it any more, take it back on this page:',
  why: 'You get a mail at each new authorization, at most ten a day. Nobody reads answers to it.',
};
