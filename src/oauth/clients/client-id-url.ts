/** Which ids of clients are addresses of Client ID Metadata Documents (`client-document.ts`). */
import { isLoopbackHost } from '../addresses.ts';

/** As long as any id of a client may be. */
const lengthLimit = 256;

/**
 * True for what can be such an address: https with a path, in its normal form and without anything that a reader could
 * overlook (§3). http only to this machine, in local runs.
 */
export const isClientIdUrl = (
  clientId: string,
  { insecureLoopback }: { readonly insecureLoopback: boolean },
): boolean => {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(clientId) || clientId.length > lengthLimit || !URL.canParse(clientId))
    return false;
  const { href, protocol, hostname, pathname, username, password } = new URL(clientId);
  // Dot segments, default ports and upper case in a host are gone from href, and so is no longer the same.
  const isPlain = href === clientId && !clientId.includes('#') && username === '' && password === '';
  const isSafe = protocol === 'https:' || (insecureLoopback && isLoopbackHost(hostname));
  return isPlain && isSafe && pathname !== '/';
};
