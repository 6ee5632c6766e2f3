/** What the pages of a person's services have in common. */
import { instant } from './dates.ts';
import { type Html, html } from './html.ts';
import { type Account, type Site, tile } from './layout.ts';
import { cleanText, displayText } from './text.ts';

export type AppsSite = Site & {
  readonly account: Account;
  readonly formToken: string;
  /** Epoch seconds. */
  readonly now: number;
};

export type ShownSecret = {
  readonly id: string;
  readonly name?: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
};

export type ShownApp = {
  readonly clientId: string;
  readonly name: string;
  readonly logo?: string;
  readonly publisher?: string;
  readonly proof: 'secret' | 'keys' | 'public';
  readonly blocked: boolean;
  readonly verified: boolean;
  readonly createdAt: number;
  readonly secrets: readonly ShownSecret[];
};

/** Address of a page of the service. */
export const appPath = ({ clientId }: Pick<ShownApp, 'clientId'>, part = ''): string =>
  `/apps/${encodeURIComponent(clientId)}${part === '' ? '' : `/${part}`}`;

/** Picture, name and publisher. */
export const appHead = (app: ShownApp, heading: Html): Html => html`<div class="who">
${tile(app.name, { ...(app.logo === undefined ? {} : { logo: app.logo }), seed: app.clientId })}
<div>${heading}${app.publisher !== undefined && html`<p class="quiet">${displayText(app.publisher, 100)}</p>`}</div>
</div>`;

/** States in words. */
export const appBadges = (app: ShownApp, { words: { apps } }: Site): Html =>
  html`${app.blocked && html` <span class="flag">${apps.blocked}</span> `}<span class="badge${!app.verified && ' doubt'}">${app.verified ? apps.verified : apps.notVerified}</span>`;

export const fact = (label: string, value: Html | string): Html => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

export const idCode = (id: string): Html => html`<code dir="ltr">${cleanText(id, 300)}</code>`;

export const dateIn = ({ words }: Site, at: number): Html => instant(at, words.language);

export const token = ({ formToken }: AppsSite): Html => html`<input type="hidden" name="token" value="${formToken}">`;

/** The way back, at the end of a page. */
export const wayTo = (href: string, label: string): Html => html`<p class="way"><a href="${href}">${label}</a></p>`;

/** What is asked once more: a fold, not a script, so that the first click does nothing. */
export const askedOnce = (summary: string, meaning: string, form: Html): Html => html`<details class="once">
<summary>${summary}</summary>
<p class="quiet">${meaning}</p>
${form}
</details>`;

/** Something that is never shown again. */
export const shownOnce = (label: string, value: string): Html => html`<div class="notice" role="status">
<p>${label}</p>
<p><code class="copy" dir="ltr">${cleanText(value, 1_000)}</code></p>
</div>`;
