/** The shell of every page: brand, the address to check, main, footer. No script but one page’s own (`form-post.ts`), no other request. */
import { sha256 } from '../oauth/crypto.ts';
import { brandStyles } from './brand-colours.ts';
import { type Html, html, withStyles } from './html.ts';
import { styles } from './styles.ts';
import { tileColours } from './styles-tiles.ts';
import { cleanText, displayText, initial } from './text.ts';
import type { Words } from './words/words.ts';

/** Who runs this server, the origin (`https://host`) under which it is reached, and the language of who reads the page. */
export type Site = {
  readonly brandName: string;
  readonly issuer: string;
  readonly words: Words;
  /** The organisation's colour (`#rrggbb`), and the id of its picture; without them they are Assent's own. */
  readonly accent?: string | undefined;
  readonly logo?: string | undefined;
  /** What these pages have beside the styles of all. */
  readonly styles?: readonly Html[];
};

/** The person who is signed in. */
export type Account = { readonly name: string; readonly accountName: string };

/** A ring that a tick breaks out of. */
const mark = html`<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"><path d="M26.6 12.4A12 12 0 1 1 19.4 4.6" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"/><path d="M10.4 15.4l5.4 5.6L28.4 5.6" fill="none" stroke="currentColor" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** The mark on the band's colour, in the page itself: a picture of its own would be one more request at every visit. */
const iconOn = (band: string): Html =>
  html`data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%23${band}'/%3E%3Cg fill='none' stroke='%23fff' stroke-width='3.4' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='M24.4 13.4A9 9 0 1 1 18.9 7.6'/%3E%3Cpath d='M11.4 15.6l4.3 4.6L25.6 8.2'/%3E%3C/g%3E%3C/svg%3E`;

const logoPath = (id: string): string => `/logos/${id}`;

const brandMark = ({ logo }: Site): Html =>
  logo === undefined ? mark : html`<img class="brand-picture" src="${logoPath(logo)}" alt="" height="40">`;

const iconOf = ({ logo, accent = '#0b3d31' }: Site): Html | string =>
  logo === undefined ? iconOn(accent.slice(1)) : logoPath(logo);

/** A whole document. `title` is the page's name without the brand. */
export const layout = (site: Site, title: string, main: Html): Html => {
  const all = [styles, ...(site.styles ?? []), ...(site.accent === undefined ? [] : [brandStyles(site.accent)])];
  return withStyles(documentOf(site, { title, main, styles: all }), all);
};

type Content = { readonly title: string; readonly main: Html; readonly styles: readonly Html[] };

const documentOf = (site: Site, { title, main, styles }: Content): Html => html`<!doctype html>
<html lang="${site.words.language}" dir="${site.words.direction}">
<head>
<meta charset="utf-8">
<title>${cleanText(title)} · ${cleanText(site.brandName)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${iconOf(site)}">
${styles.map(
  (style) => html`<style>${style}</style>
`,
)}</head>
<body>
<a class="skip" href="#main">${site.words.common.skip}</a>
<header class="top">
<div class="column">
<p class="brand">${brandMark(site)}<span>${displayText(site.brandName)}</span></p>
<p class="origin"><span>${site.words.common.addressBegins}</span> <b>${site.issuer}</b></p>
</div>
</header>
<main id="main" class="column" tabindex="-1">
${main}
</main>
<footer class="column">
<nav aria-label="${site.words.common.thisSite}"><a href="/">${site.words.common.about}</a><a href="/authorizations">${site.words.common.manage}</a></nav>
</footer>
</body>
</html>
`;

/** What a service looks like: the id of its picture, if it has one, and what gives it a colour of its own, such as its id. */
export type Look = { readonly logo?: string | undefined; readonly seed: string };

const colourOf = (seed: string): number => (sha256(seed)[0] ?? 0) % tileColours.length;

/** The picture of a service beside its name: a square, where a person's is round. Its own, or a letter on a colour of its own. */
export const tile = (name: string, { logo, seed }: Look = { seed: name }): Html =>
  logo === undefined
    ? html`<span class="initial tile tile-${colourOf(seed)}" aria-hidden="true">${initial(name)}</span>`
    : html`<img class="initial tile picture" src="${logoPath(logo)}" alt="" width="44" height="44">`;

/** Name/value pairs as hidden inputs, in their order. */
export const hiddenInputs = (pairs: readonly (readonly [string, string])[]): readonly Html[] =>
  pairs.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);

/** Who is signed in, with what they can do about it (a form, or nothing). */
export const accountRow = (account: Account, { common }: Words, action?: Html): Html => html`<div class="account">
<span class="initial" aria-hidden="true">${initial(account.name)}</span>
<p><span class="quiet">${common.signedInAs}</span><br><b>${displayText(account.name)}</b><br><span class="quiet">${displayText(account.accountName)}</span></p>
${action}
</div>`;

export const signOutForm = (formToken: string, { common }: Words): Html => html`<form method="post" action="/sign-out">
<input type="hidden" name="token" value="${formToken}">
<button class="plain">${common.signOut}</button>
</form>`;

/** Says in words, not by colour alone, that a permission reaches far. */
export const highPrivilegeFlag = ({ common }: Words): Html => html`<span class="flag">${common.highPrivilege}</span>`;
