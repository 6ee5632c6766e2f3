/** Which web addresses can be trusted to lead where they say: the one rule for configuration, registration and pages. */

/** This very machine, by whatever name a browser knows it. */
export const isLoopbackHost = (hostname: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** https, or http to this very machine, where nobody sits in between. */
export const isTrustworthy = (address: string): boolean => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
};
