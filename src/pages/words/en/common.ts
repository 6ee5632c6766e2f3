/** What every page has. */
export const common = {
  skip: 'Skip to the content',
  addressBegins: 'Your browser’s address bar must begin with',
  thisSite: 'This site',
  about: 'About this site',
  manage: 'Manage authorizations',
  signedInAs: 'Signed in as',
  signIn: 'Sign in',
  signOut: 'Sign out',
  startPage: 'Go to the start page',
  tryAgain: 'Try again',
  continue: 'Continue',
  highPrivilege: 'High privilege',
  newTab: ' (opens in a new tab)',
  website: 'Website',
  privacy: 'Privacy',
  terms: 'Terms',
};
