/** Redirect URIs: what may be registered, and what matches a registration. */
import { isLoopbackHost } from '../addresses.ts';
import { type Client, isConfidential } from '../clients/client.ts';
import { formatQuery } from '../parameters.ts';

const lengthLimit = 1_000;

/** http on this very device, taken apart: its host, port and path. */
const loopbackUri = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::(\d{1,5}))?(\/[^#]*)?$/;

/** Parameters of our answers: a registered query that holds one would make them ambiguous. */
const answerParameters = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response'];

type Registrant = Pick<Client, 'redirectUris' | 'authenticationMethod'>;

/**
 * True for a URI that the client registered: simple string comparison (RFC 9700 §2.1), except that a native app learns its
 * loopback port from the operating system when it starts to listen (RFC 8252 §7.3), and that an empty path there is "/"
 * (RFC 9110 §4.2.3).
 *
 * Native apps write `localhost` as often as the literal. RFC 8252 §8.3 recommends against the name, because it may resolve
 * elsewhere or bind another interface; browsers resolve it to this device by themselves (RFC 6761 §6.3), and neither costs a
 * person their access here: PKCE makes an overheard code useless, and no loopback address of a public client is ever
 * answered without asking. A client with a secret is a website under development, which knows its port.
 */
export const isRedirectUriOf = (client: Registrant, presented: string): boolean =>
  client.redirectUris.some(
    (registered) => registered === presented || isSameLoopback(registered, presented, !isConfidential(client)),
  );

const isSameLoopback = (registered: string, presented: string, mayBeNamed: boolean): boolean => {
  const [known, given] = [loopbackUri.exec(registered), loopbackUri.exec(presented)];
  if (known === null || given === null || known[1] !== given[1]) return false;
  if (known[1] === 'localhost' && !mayBeNamed) return false;
  const port = given[2] === undefined ? 80 : Number(given[2]);
  return (known[3] ?? '/') === (given[3] ?? '/') && port > 0 && port < 65_536;
};

/**
 * True for one URI in both spellings of an empty path (RFC 9110 §4.2.3). Libraries take what the token request repeats from the
 * address that the browser came back to, and browsers write the slash.
 */
export const isSameRedirectUri = (one: string, other: string): boolean => withPath(one) === withPath(other);

const withPath = (uri: string): string => (/^https?:\/\/[^/?#]+$/.test(uri) ? `${uri}/` : uri);

/** Why a URI cannot be registered, in words for the one who tried; undefined if it can. */
export const problemOfRedirectUri = (text: string): string | undefined => {
  if (text.length > lengthLimit) return `is longer than ${lengthLimit} characters`;
  if (!/^[\x21-\x7e]+$/.test(text) || /[\\"<>^`{|}]/.test(text)) return 'holds characters that a URI cannot hold';
  if (text.includes('#')) return 'must not have a fragment';
  if (!URL.canParse(text)) return 'must be an absolute URI';
  const url = new URL(text);
  if (answerParameters.some((name) => url.searchParams.has(name))) return 'must not hold parameters of our answer';
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  return url.protocol === 'https:' || url.protocol === 'http:'
    ? problemOfWebUri(url, text)
    : problemOfAppUri(url, text);
};

const problemOfWebUri = (url: URL, text: string): string | undefined => {
  // Another spelling of the same address would never match a request, which is compared as a string.
  if (url.href !== text && url.href !== `${text}/`) return 'must be written in its normal form';
  // It would match nothing, and whoever registers it expects otherwise.
  if (url.hostname.includes('*')) return 'must not hold a wildcard';
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return 'must be https, or http on a loopback address';
  return undefined;
};

/** RFC 8252 §7.1: a reversed domain name, which at least can be somebody's. It also shuts out javascript:, data: and kin. */
const problemOfAppUri = (url: URL, text: string): string | undefined =>
  /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol) && text.startsWith(url.protocol)
    ? undefined
    : 'must have the scheme https, or for an app a scheme with a period, such as com.example.app:';

/** True if only a proven web address can receive the answer: what makes it safe to answer without asking. */
export const provesIdentity = (redirectUri: string): boolean =>
  redirectUri.startsWith('https:') && !isLoopbackHost(new URL(redirectUri).hostname);

export const isLoopbackUri = (redirectUri: string): boolean =>
  redirectUri.startsWith('http:') && isLoopbackHost(new URL(redirectUri).hostname);

/** Where the answer goes, for a person to read: a host, or the scheme of an app. */
export const destinationOf = (redirectUri: string): string => {
  const url = new URL(redirectUri);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.host : url.protocol.slice(0, -1);
};

/** Appends our answer's parameters and leaves every byte of the registered URI as it is (RFC 6749 §3.1.2). */
export const withParameters = (
  redirectUri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string => {
  const query = formatQuery(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`;
};
