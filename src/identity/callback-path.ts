/** Where the sign-in provider sends the browser back to, below our issuer. */
export const callbackPath = '/sign-in/callback';
