/** The frame of the console: where one is, who one is, and what stands in all of its areas. English alone. */
import { day, instant, numberText } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { type Account, layout, type Site } from '../layout.ts';
import { cleanText, displayText } from '../text.ts';
import { consoleStyles } from './styles.ts';

export type ConsoleSite = Site & {
  readonly account: Account;
  readonly role: 'operator' | 'auditor';
  readonly formToken: string;
  /** Names this showing of the page: what its forms make they make once. */
  readonly once: string;
  /** Epoch seconds. */
  readonly now: number;
};

/** Every area, in the order of its navigation. */
const areas = {
  '': 'Overview',
  requests: 'Requests',
  services: 'Services',
  authorizations: 'Authorizations',
  policy: 'Policy',
  catalogue: 'Catalogue',
  audit: 'Audit log',
  incidents: 'Incidents',
} as const;

export type Area = keyof typeof areas;

export type ConsolePage = {
  /** Undefined for what belongs to none. */
  readonly area: Area | undefined;
  readonly title: string;
  readonly main: Html;
};

/** A whole page of the console. */
export const consoleLayout = (site: ConsoleSite, { area, title, main }: ConsolePage): Html =>
  layout(
    { ...site, styles: [consoleStyles] },
    `${title} · Console`,
    html`<nav class="areas" aria-label="Console">${(Object.keys(areas) as Area[]).map((one) => areaLink(one, area))}</nav>
<h1>${title}</h1>
${main}
<p class="quiet signed">Signed in as ${displayText(site.account.accountName, 100)}, ${site.role === 'operator' ? 'an operator' : 'an auditor: you see everything and change nothing'}. <a href="/sign-out">Sign out</a></p>`,
  );

const areaLink = (one: Area, here: Area | undefined): Html => {
  const href = one === '' ? '/console' : `/console/${one}`;
  return one === here
    ? html`<a href="${href}" aria-current="page">${areas[one]}</a>`
    : html`<a href="${href}">${areas[one]}</a>`;
};

/** For what only operators may do: auditors see nothing of it. */
export const forOperators = ({ role }: ConsoleSite, part: Html): Html | false => role === 'operator' && part;

export const formToken = ({ formToken: token, once }: ConsoleSite): Html =>
  html`<input type="hidden" name="token" value="${token}"><input type="hidden" name="once" value="${once}">`;

/** Why a form was refused. */
export const problemNotice = (problem: string | undefined): Html | false =>
  problem !== undefined &&
  html`<p class="warning" role="alert"><b>Nothing was changed.</b> ${cleanText(problem, 500)}</p>`;

export const fact = (label: string, value: Html | string): Html => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

export const code = (text: string): Html => html`<code dir="ltr">${cleanText(text, 300)}</code>`;

export const dateOf = (at: number): Html => instant(at, 'en');

/** As exact as a list needs it. */
export const dayOf = (at: number): Html => day(at, 'en');

/** As the API answers it. */
export type EffectView = {
  readonly rule: string;
  readonly who: string;
  readonly what: string;
  readonly counts?: {
    readonly services: readonly {
      readonly client_id: string;
      readonly service: string;
      readonly people: number;
      readonly more: boolean;
    }[];
    readonly complete: boolean;
  };
};

const servicesShown = 10;

const countsPart = ({ services, complete }: NonNullable<EffectView['counts']>): Html => {
  const rest = services.length - servicesShown;
  const lines = services.slice(0, servicesShown).map(({ service, people, more }) => {
    const many = `${more ? 'more than ' : ''}${numberText(people, 'en')} ${people === 1 && !more ? 'person’s authorization' : 'people’s authorizations'}`;
    return html`<li>${displayText(service, 100)}: ${many}</li>`;
  });
  return html`<dd><ul class="plain-list">${services.length === 0 ? html`<li>Nobody’s authorization now.</li>` : lines}
${rest > 0 && html`<li>And of ${rest} more services.</li>`}${!complete && html`<li>There are more services than were counted here.</li>`}</ul></dd>`;
};

/** What a change will do, rule by rule, before it is made. */
export const effectsList = (effects: readonly EffectView[]): Html =>
  effects.length === 0
    ? html`<p>Nothing changes for anybody.</p>`
    : html`<dl class="effects">${effects.map(({ who, what, counts }) => html`<div><dt>${cleanText(who, 300)}</dt><dd>${cleanText(what, 500)}</dd>${counts !== undefined && countsPart(counts)}</div>`)}</dl>`;

/** The way to the next page of a list, if there is one. */
export const nextPart = (
  path: string,
  query: Readonly<Record<string, string>>,
  next: string | undefined,
): Html | false =>
  next !== undefined &&
  html`<p class="way"><a class="button" rel="next" href="${path}?${String(new URLSearchParams({ ...query, after: next }))}">Next page</a></p>`;

/** What is asked once more: a fold, so that the first click does nothing. */
export const askedOnce = (summary: string, meaning: string, form: Html): Html => html`<details class="once">
<summary>${summary}</summary>
<p class="quiet">${meaning}</p>
${form}
</details>`;

/** A permission of the catalogue; `value` is its resource and its scope, a space between them. */
export type OfferedPermission = {
  readonly value: string;
  readonly scope: string;
  readonly name: string;
  /** Name of its resource. */
  readonly of: string;
};

/** Boxes named `permission`, those in `chosen` ticked. What is chosen and no longer offered stays to be unticked. */
export const permissionChoices = (offered: readonly OfferedPermission[], chosen: ReadonlySet<string>): Html => {
  const known = new Set(offered.map(({ value }) => value));
  const gone = [...chosen].filter((value) => !known.has(value));
  const all = [...gone.map((value) => ({ value, scope: value, name: 'No longer there', of: '' })), ...offered];
  return html`${all.map(
    ({ value, scope, name, of }, at) =>
      html`<div class="choice"><input id="permission-${at}" type="checkbox" name="permission" value="${value}"${chosen.has(value) && html` checked`}><div><label for="permission-${at}">${cleanText(name, 200)}</label><p class="quiet">${code(scope)} ${cleanText(of, 100)}</p></div></div>`,
  )}`;
};
