/** The start page. */
export const home = {
  title: 'You decide who uses your data',
  lead: 'Sometimes another service wants to use what is yours: your work items, your source code, your build results. This is where it has to ask you first.',
  signInFirst: 'Sign in to see what you have allowed so far.',
  howItWorks: 'How it works',
  steps: [
    ['A service asks.', 'It sends you here, and you see its name and every single thing that it wants to do.'],
    [
      'You answer.',
      'You approve, allow only a part, or refuse. Your password stays with you: no service ever sees it.',
    ],
    ['You can change your mind.', 'Everything you allowed is listed here, and one button takes it back.'],
  ],
} as const;
