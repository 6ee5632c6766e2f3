/** From what kind of program, and roughly where, something was last used: as coarse as a person needs to recognize it. */

/** By the caller's own word, which proves nothing. */
export type ProgramKind = 'server' | 'browser' | 'phone' | 'program';

export type Use = {
  readonly by: ProgramKind;
  /** A network (`192.0.2.0/24`, `2001:db8:1::/48`) or a country (ISO 3166-1 alpha-2); undefined where nothing is known. */
  readonly from: string | undefined;
};

/** The first that fits counts: browsers on phones say that they are browsers, too. */
const kinds: readonly (readonly [ProgramKind, RegExp])[] = [
  ['phone', /\b(Mobile|Android|iPhone|iPad|Dalvik|okhttp|CFNetwork)\b/i],
  ['browser', /^Mozilla\//],
  [
    'server',
    /^$|^(node|undici|openid-client|oauth4webapi|axios|got|python|aiohttp|Go-http-client|Java|Apache-HttpClient|ruby|PHP|\.NET)\b|Guzzle/i,
  ],
];

/** What a User-Agent (RFC 9110 §10.1.5) says of the program; without one it is a server's library. */
export const programKindOf = (userAgent: string | undefined): ProgramKind =>
  kinds.find(([, pattern]) => pattern.test(userAgent ?? ''))?.[0] ?? 'program';

/** Browsers claim to be each other: the one that is named last in the chain of imitation comes first here. */
const browsers: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b((Headless)?Chrome|Chromium|CriOS)\//],
  ['Safari', /\bSafari\//],
];

const systems: readonly (readonly [string, RegExp])[] = [
  ['iOS', /\b(iPhone|iPad|iPod)\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b|\bMacintosh\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

/** A browser and what it runs on, by names of ours alone; undefined for what we do not know. */
export type BrowserNames = { readonly browser: string | undefined; readonly system: string | undefined };

/** What a User-Agent says of a person's browser. */
export const browserNamesOf = (userAgent: string | undefined): BrowserNames => {
  const nameIn = (names: readonly (readonly [string, RegExp])[]): string | undefined =>
    names.find(([, pattern]) => pattern.test(userAgent ?? ''))?.[0];
  return { browser: nameIn(browsers), system: nameIn(systems) };
};

/** The network of an address as limits know it (`http/source.ts`): /24 of IPv4, /48 of IPv6, which is what a site has (RFC 6177). */
export const networkOf = (source: string | undefined): string | undefined => {
  const ipv4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(source ?? '');
  if (ipv4 !== null) return `${ipv4[1]}.0/24`;
  const ipv6 = /^([\da-f]+:[\da-f]+:[\da-f]+):[\da-f]+::\/64$/.exec(source ?? '');
  return ipv6 === null ? undefined : `${ipv6[1]}::/48`;
};

/** The country that a trusted proxy names; undefined for anything but two letters. */
export const countryIn = (header: string | undefined): string | undefined =>
  header !== undefined && /^[a-z]{2}$/i.test(header) ? header.toUpperCase() : undefined;
