/** One service: what it has registered, who looks after it, its secrets, its errors, and what operators do with it. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { accountText, counted, ofServiceHref } from './authorization-parts.ts';
import { type ConsoleSite, code, consoleLayout, dateOf, fact, forOperators, problemNotice } from './frame.ts';
import { actionsPart, addSecretPart, removeSecretPart, usesSecrets } from './service-forms.ts';
import { ruleWords, serviceRuleHref } from './service-rule.ts';
import { type ServiceView, stateBadges } from './services.ts';
import { listTable } from './table.ts';

export type OneView = ConsoleSite & {
  readonly one: ServiceView;
  /** Of RFC 7591 §2, and our own: name -> value. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly etag: string;
  readonly rule: string;
  /** It was changed just now. */
  readonly changed: boolean;
  readonly problem?: string | undefined;
};

const registrants = {
  operator: 'an operator',
  person: 'a person, on the pages for that',
  itself: 'itself',
  document: 'its metadata document',
} as const;

export const servicePage = (view: OneView): Html =>
  consoleLayout(view, {
    area: 'services',
    title: cleanText(view.one.client_name, 100),
    main: html`${problemNotice(view.problem)}${view.changed && view.problem === undefined && html`<p class="notice" role="status">Saved.</p>`}
<section class="card" aria-labelledby="what"><h2 id="what">Service ${stateBadges(view.one)}</h2>${factsPart(view)}
${view.one.warnings.map((text) => html`<p class="warning">${cleanText(text, 300)}</p>`)}</section>
${view.one.owners.length > 0 && ownersPart(view)}
<section class="card" aria-labelledby="secrets"><h2 id="secrets">Secrets</h2>${secretsPart(view)}${usesSecrets(view) && forOperators(view, addSecretPart(view))}</section>
<section class="card" aria-labelledby="errors"><h2 id="errors">Errors of the last 30 days</h2>${errorsPart(view.one)}</section>
<section class="card" aria-labelledby="registered"><h2 id="registered">What it has registered</h2>${metadataPart(view)}
${forOperators(view, html`<p class="ways"><a class="button" href="/console/services/edit?${String(new URLSearchParams({ client_id: view.one.client_id }))}">Edit it</a></p>`)}</section>
${forOperators(view, actionsPart(view))}`,
  });

const factsPart = ({ one, now, rule }: OneView): Html => html`<dl class="facts">
${fact('Client ID', code(one.client_id))}
${fact('Registered', html`${coarsely(one.registered_at, now, 'en')} by ${registrants[one.registered_by]}`)}
${fact('Rule of its own', html`<a href="${serviceRuleHref(one.client_id)}">${ruleWords[rule] ?? rule}</a>`)}
${fact('Authorizations', html`<a href="${ofServiceHref(one.client_id)}">${counted(one.authorizations, 'person', 'people')}</a>`)}
${fact('Last used', one.last_used_at === undefined ? 'never' : coarsely(one.last_used_at, now, 'en'))}</dl>`;

const ownersPart = ({
  one,
  now,
}: OneView): Html => html`<section class="card" aria-labelledby="owners"><h2 id="owners">Owners</h2>
${listTable({
  caption: 'Who looks after this service',
  heads: ['Person', 'Since'],
  rows: one.owners.map(({ name, account, since }) => [accountText(name, account), coarsely(since, now, 'en')]),
})}</section>`;

const secretsPart = (view: OneView): Html => {
  const { one, now } = view;
  if (one.secrets.length === 0) return html`<p>It has none.</p>`;
  return listTable({
    caption: 'Secrets of this service',
    heads: ['Secret', 'Made', 'Ends', ...(view.role === 'operator' ? ['Change'] : [])],
    rows: one.secrets.map((secret) => [
      html`${code(secret.id)}${secret.name !== undefined && html` ${displayText(secret.name, 100)}`}${secret.ends_soon && html` <span class="flag">Ends soon</span>`}`,
      coarsely(secret.created_at, now, 'en'),
      dateOf(secret.expires_at),
      ...(view.role === 'operator' ? [removeSecretPart(view, secret.id)] : []),
    ]),
  });
};

const errorsPart = ({ errors }: ServiceView): Html =>
  errors.length === 0
    ? html`<p>None.</p>`
    : listTable({
        caption: 'Requests that named this service and were refused',
        heads: ['Day', 'Refused requests'],
        rows: errors.map(({ day, counts }) => [
          day,
          html`${Object.entries(counts).map(([reason, count]) => html`${code(reason)} ${count.toLocaleString('en-GB')} `)}`,
        ]),
      });

const metadataPart = ({ metadata }: OneView): Html =>
  html`<dl class="facts members">${Object.entries(metadata)
    .filter(([name, value]) => value !== undefined && name !== 'assent_secrets' && name !== 'assent_warnings')
    .map(([name, value]) => fact(cleanText(name, 100), valueText(name, value)))}</dl>`;

/** What is longer than a line is folded, and there is all of it. */
const longText = 300;

const valueText = (name: string, value: unknown): Html => {
  if (typeof value === 'object' && value !== null && JSON.stringify(value).length > longText)
    return html`<details><summary>Show all</summary><pre class="wide" tabindex="0" dir="ltr">${JSON.stringify(value, undefined, 2)}</pre></details>`;
  if (typeof value === 'number' && name.endsWith('_at')) return dateOf(value);
  if (!Array.isArray(value)) return code(typeof value === 'string' ? value : JSON.stringify(value));
  return value.length === 0
    ? html`<span class="quiet">none</span>`
    : html`${value.map((item) => html`<div>${code(typeof item === 'string' ? item : JSON.stringify(item))}</div>`)}`;
};
