/** A person's own sessions and data, and reporting a service. */
import { type Html, html } from '../../html.ts';

export const account = {
  sessions: {
    title: 'Your sessions',
    lead: 'These are the browsers in which you are signed in here. End any that you do not recognise.',
    browser: (browser: string, system: string) => `${browser} on ${system}`,
    unknown: 'A browser',
    thisOne: 'This one',
    seen: (when: Html) => html`Last seen ${when}`,
    signedIn: (when: Html) => html`signed in ${when}`,
    from: (place: string) => `from ${place}`,
    end: 'End',
    everywhere: 'Sign out everywhere',
    everywhereExplained:
      'All your sessions end, this one too, and services that signed you in from them are told to do the same. What you authorized services to do for you goes on.',
    ended: 'The session has ended.',
    gone: 'That session had ended already.',
    notAll: 'Not all sessions could be ended in time. Please do it once more.',
    more: 'There are more sessions than can be listed. Signing out everywhere ends all of them.',
  },
  data: {
    title: 'My data',
    lead: 'Everything that is stored about you here, and how to have it deleted.',
    download: 'Download my data',
    downloadExplained:
      'One JSON file with what you allowed and to whom, every connection, your history, your browser sessions and your name as your sign-in provider gave it. Only secrets are left out: digests of keys that would help nobody but a thief.',
    parts: 'If it is too long for one file, the end of the file names the address of the next one.',
    elsewhere: 'Kept elsewhere',
    elsewhereExplained:
      'The organisation keeps an audit log of who authorized, changed and revoked what, for as long as its rules demand. It is not a part of the file, and erasing does not change it.',
    erase: 'Erase me',
    eraseLink: 'Erase everything about me…',
  },
  erase: {
    title: 'Erase me',
    lead: 'Everything that is stored about you here is deleted. It cannot be undone.',
    consequences: [
      'Every service loses what you authorized, at once.',
      'All your sessions end, and services that signed you in are told.',
      'Your history and your name are deleted.',
      'Services that you registered go on without you, because other people may use them. Delete those first that should not.',
    ],
    stays: 'What stays',
    stayingList: [
      'The audit log of the organisation: that an account authorized, changed or revoked something, and that it was erased.',
      'For about a day, a note that your connections have ended, without which APIs could not refuse their keys; and, as long as a service cannot be reached, that it still has to be told of your sign-out.',
      'What services themselves have stored. Ask them.',
    ],
    again: 'When you sign in again, you begin anew.',
    confirm: 'I want everything about me to be deleted',
    now: 'Erase me',
    notConfirmed: 'Nothing was deleted. Tick the box if you mean it.',
    doneTitle: 'You are erased',
    done: 'Everything about you is deleted, every service has lost its access, and you are signed out.',
    begun:
      'Your sessions have ended, and everything else is being deleted. That takes some more minutes and needs nothing from you.',
    receipt:
      'This is your receipt, signed by this server. Keep it if you want to prove it later: it is shown only once.',
  },
  report: {
    title: (name: Html) => html`Report ${name}`,
    lead: 'The people who run this site are told, and look at it. They see what you write, who you are, and which service it is.',
    why: 'What is wrong?',
    reasons: {
      unknown: 'I did not authorize it, or do not recognise it',
      pretends: 'It pretends to be somebody else',
      misuse: 'It does something with my data that it should not',
      other: 'Something else',
    },
    more: 'What happened? (not required)',
    send: 'Send report',
    sent: 'Thank you. Your report has been sent. To stop the service at once, revoke it.',
    tooMany: 'You have reported this service today already.',
    back: 'Back to the service',
  },
};
