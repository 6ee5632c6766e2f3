/** What is read when something is refused or fails. The descriptions on the wire are for services. */
import { type Html, html } from '../../html.ts';

export const refusals = {
  reference: (reference: Html, brand: Html) =>
    html`Give the reference ${reference} if you ask for help: it lets the people who run ${brand} find what happened.`,
  unanswerable: {
    title: 'This request cannot be answered',
    message: 'What brought you here is incomplete or damaged. Please go back to where you came from and start again.',
  },
  unavailable: {
    title: 'Not available for a moment',
    message: 'Something that this site needs does not answer. Nothing was changed. Please try again in a moment.',
  },
  failed: {
    title: 'Something went wrong',
    message: 'The fault is on our side, and it has been noted. Please try again later.',
  },
  /** By our code for it (`oauth/errors.ts`). */
  byCode: {
    unknown_client: {
      title: 'We do not know this service',
      message:
        'The service that sent you here is not registered, or no longer. It has received nothing. If you expected this to work, tell the people who run the service that it must be registered here.',
    },
    client_unavailable: {
      title: 'We cannot reach this service',
      message:
        'The service that sent you here says who it is at an address of its own, which does not answer. It has received nothing. Please try again in a moment; if that does not help, tell the people who run the service.',
    },
    unproven_redirect: {
      title: 'This service is not set up correctly',
      message:
        'It wants our answer at an address that does not belong to its registration, so the answer could reach somebody else. We have stopped, and nothing has been shared. Please tell the people who run the service: its registration here must list the address where it takes answers.',
    },
    invalid_request_uri: {
      title: 'This request was used already, or is too old',
      message:
        'The service prepared a request for you, and it can be answered once and for a short time. Please go back to the service and start again. Nothing has been shared.',
    },
    unauthorized_client: {
      title: 'This service has been blocked',
      message:
        'The people who run this site have blocked it, so it can ask for nothing. If you need it, ask them why. What it was allowed before does not work either while it is blocked.',
    },
    unlisted_client: {
      title: 'This service is not allowed here yet',
      message:
        'The people who run this site say which services may ask here, and this one is not among them. It has received nothing. If you need it, ask them to allow it.',
    },
    access_off: {
      title: 'Access for services is switched off',
      message:
        'The people who run this site have switched off access for all services. Nothing is lost: what you allowed before works again when they switch it on.',
    },
    not_a_window: {
      title: 'Please open this in a window of its own',
      message:
        'Something asked for this page inside of another page, or in the background. It only answers where you can see its address.',
    },
    access_denied: {
      title: 'This is not allowed',
      message: 'Nothing was done. Please go back to where you came from and start again.',
    },
    foreign_form: {
      title: 'This is not allowed',
      message:
        'What was sent did not come from a page of this site, so nothing was done. If you did not mean to send anything, close the page that you came from.',
    },
    stale_form: {
      title: 'That page was too old',
      message: 'Nothing was changed. Please go back, reload the page and try again.',
    },
    not_found: {
      title: 'There is nothing here',
      message: 'The address may be mistyped, or what was here has moved.',
    },
    request_too_large: {
      title: 'This is too long',
      message: 'What was sent is longer than anything that this site takes. Nothing was done.',
    },
    too_many_requests: {
      title: 'Too many requests',
      message: 'A lot was asked from your network in a short time. Please wait a moment and try again.',
    },
  },
  notOurPage: {
    title: 'This page is no longer valid',
    message: 'It was opened in another browser, or for another account, or you have signed out since.',
    showAgain: 'Show it again',
    enterAgain: 'Enter the code again',
  },
  answered: {
    title: 'You have answered this already',
    message: 'Your approval reached the service. To see it or take it back, go to Manage authorizations.',
  },
  codeNotOpen: {
    title: 'This code is no longer open',
    message: 'It has been answered already, or it has expired. If the device is still waiting, start again there.',
    enterAnother: 'Enter another code',
  },
  notBegunHere: {
    title: 'This sign-in was not begun here',
    message:
      'It took too long, was begun in another browser, was one of too many at once, or has been completed already. Please go back to where you came from and start again.',
  },
  notSignedIn: {
    title: 'You are not signed in',
    message: 'The sign-in was cancelled or did not succeed. Nothing has been shared with anyone.',
  },
  nobodySignedOut: {
    title: 'Nobody has been signed out yet',
    message:
      'The service that sent you here asked for it in a way that we cannot follow, or wants you to go on at an address that is not its own. You can sign out here.',
  },
  signedOutMeanwhile: {
    title: 'You have been signed out meanwhile',
    message: 'Nothing was changed. Please sign in and try again.',
  },
};
