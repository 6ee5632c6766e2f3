/** Signing out, and going back to a service. */
import { type Html, html } from '../../html.ts';

export const signOut = {
  title: 'Sign out',
  heading: 'Sign out?',
  sentBy: (service: Html, brand: Html) => html`${service} has sent you here to sign out of ${brand} in this browser.`,
  consequences: (manage: Html) =>
    html`Services that signed you in from here may sign you out, too. What you authorized services to do for you goes on; to stop one, revoke it under ${manage}.`,
  stay: 'Stay signed in',
  notSignedInTitle: 'Not signed in',
  notSignedInHeading: 'You are not signed in',
  notSignedIn: 'There is nothing to sign out of in this browser.',
  doneTitle: 'Signed out',
  doneHeading: 'You are signed out',
  done: (brand: Html) =>
    html`You are signed out of ${brand} in this browser. Services that signed you in from here may sign you out, too. What you authorized services to do for you goes on until you revoke it.`,
  sharedDevice:
    'On a shared device, sign out of your Microsoft account or work account as well, or close the browser: it may still be signed in there.',
  signInAgain: 'Sign in again',
  backTitle: 'Back to the service',
  backTo: (service: Html) => html`Back to ${service}`,
  onItsWay: 'Your answer is on its way. If nothing happens, press the button.',
};
