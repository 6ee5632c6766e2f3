/** "Manage authorizations": every service this person authorized, what it may do, and how to take that back. */
import { coarsely, instant, listed } from './dates.ts';
import { historyPart, type ShownEvent } from './history.ts';
import { type Html, html } from './html.ts';
import { type Account, accountRow, layout, type Site, signOutForm } from './layout.ts';
import { type AuthorizationSummary, type RevokeForm, serviceRow } from './service-row.ts';
import { cleanText, displayText } from './text.ts';

export type ShownRequest = {
  readonly clientName: string;
  /** Their names. */
  readonly permissions: readonly string[];
  /** Epoch seconds. */
  readonly askedAt: number;
};

export type AuthorizationsView = Site &
  RevokeForm & {
    readonly account: Account;
    readonly now: number;
    /** Of one page: those in use first, each group by last use. */
    readonly authorizations: readonly AuthorizationSummary[];
    /** Of how many; undefined where there are so many that nobody has counted them. */
    readonly total: number | undefined;
    /** What was searched for. */
    readonly query?: string;
    /** What the address of the next page ends with. */
    readonly after?: string;
    /** What the person has asked of operators, who have not decided. */
    readonly waiting: readonly ShownRequest[];
    readonly events: readonly ShownEvent[];
    /** What has just been done. */
    readonly notice?: Html;
  };

/** The search is of use from so many on. */
const searchedFrom = 6;

/** Lists and offers to revoke: one (POST /authorizations/revoke) or all (POST /authorizations/revoke-all). */
export const authorizationsPage = (view: AuthorizationsView): Html => {
  const { words, notice } = view;
  return layout(
    view,
    words.common.manage,
    html`<h1>${words.common.manage}</h1>
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
<p class="lead">${isEmpty(view) ? words.authorizations.emptyLead : words.authorizations.lead}</p>
<div class="card">${accountRow(view.account, words, signOutForm(view.formToken, words))}
<nav class="links" aria-label="${cleanText(view.account.name)}"><a href="/sessions">${words.account.sessions.title}</a><a href="/my-data">${words.account.data.title}</a></nav></div>
<section aria-labelledby="services">
<h2 id="services">${servicesTitle(view)}</h2>
${view.total === undefined && html`<p class="quiet">${words.authorizations.manyExplained}</p>`}
${isSearchable(view) && searchForm(view)}
${servicesPart(view)}
${nextLink(view)}
${(view.total ?? Number.POSITIVE_INFINITY) > 1 && view.query === undefined && revokeAllPart(view)}
</section>
${view.waiting.length > 0 && waitingPart(view)}
${historyPart(view.events, view)}`,
  );
};

const waitingPart = ({ waiting, words, now }: AuthorizationsView): Html => html`<section aria-labelledby="waiting">
<h2 id="waiting">${words.authorizations.waitingTitle}</h2>
<ul class="card rows">${waiting.map(
  ({ clientName, permissions, askedAt }) => html`<li><div><p><b>${displayText(clientName, 50)}</b></p>
<p>${listed(
    permissions.map((one) => cleanText(one)),
    words.language,
  )}</p>
<p class="quiet">${words.authorizations.askedAt(coarsely(askedAt, now, words.language))}</p></div></li>`,
)}</ul>
</section>`;

const isEmpty = ({ total, query, after, authorizations }: AuthorizationsView): boolean =>
  query === undefined && after === undefined && (total ?? authorizations.length) === 0;

const servicesTitle = ({ total, query, words: { authorizations } }: AuthorizationsView): string => {
  if (total === undefined) return authorizations.manyServices;
  if (query !== undefined) return authorizations.found(total);
  return total === 0 ? authorizations.services : authorizations.count(total);
};

const isSearchable = ({ total, query }: AuthorizationsView): boolean =>
  query !== undefined || total === undefined || total >= searchedFrom;

const searchForm = ({
  query,
  words: { authorizations },
}: AuthorizationsView): Html => html`<search><form class="search" method="get" action="/authorizations">
<label for="q">${authorizations.search}</label>
<input id="q" name="q" type="search" maxlength="100" value="${query ?? ''}">
<button>${authorizations.searchButton}</button>
${query !== undefined && html`<a class="button plain" href="/authorizations">${authorizations.showAll}</a>`}
</form></search>`;

const servicesPart = (view: AuthorizationsView): Html => {
  const { authorizations: texts } = view.words;
  if (isEmpty(view))
    return html`<div class="card"><p><b>${texts.empty}</b></p><p class="quiet">${texts.emptyExplained}</p></div>`;
  if (view.authorizations.length === 0 && view.query !== undefined)
    return html`<p class="card">${view.after === undefined ? texts.nothingFound : texts.nothingFoundYet}</p>`;
  const rows = view.authorizations.map((item, index) => ({ item, row: serviceRow(item, { ...view, index }) }));
  const idle = rows.filter(({ item }) => item.isIdle);
  return html`${rows.filter(({ item }) => !item.isIdle).map(({ row }) => row)}
${
  idle.length > 0 &&
  html`<section aria-labelledby="idle">
<h3 class="group" id="idle">${texts.idle}</h3>
<p class="quiet">${texts.idleExplained}</p>
${idle.map(({ row }) => row)}
</section>`
}`;
};

const nextLink = ({ after, query, words }: AuthorizationsView): Html | undefined => {
  if (after === undefined) return undefined;
  const address = new URLSearchParams({ ...(query === undefined ? {} : { q: query }), after });
  return html`<p class="next"><a class="button" href="/authorizations?${address.toString()}">${words.authorizations.more}</a></p>`;
};

/** The second step is a fold, not a script: nothing is revoked by the first click. */
const revokeAllPart = ({ formToken, lingersUntil, words }: AuthorizationsView): Html => {
  const { authorizations, language } = words;
  return html`<details class="card ask">
<summary>${authorizations.revokeAll}</summary>
<p>${authorizations.revokeAllExplained(instant(lingersUntil, language))}</p>
<form method="post" action="/authorizations/revoke-all">
<input type="hidden" name="token" value="${formToken}">
<button class="danger">${authorizations.revokeAllNow}</button>
</form>
</details>`;
};
