/** "Manage authorizations": every service this person authorized, what it may do, and how to take that back. */
import type { ApprovalDetail } from './approval-details.ts';
import { counted, instant, timeAgo } from './dates.ts';
import { historyPart, type ShownEvent } from './history.ts';
import { type Html, html } from './html.ts';
import { type Account, accountRow, highPrivilegeFlag, layout, type Site, signOutForm, tile } from './layout.ts';
import { displayText, externalLink } from './text.ts';
import type { Words } from './words/words.ts';

export type AuthorizationSummary = {
  readonly id: string;
  readonly clientName: string;
  readonly clientUri?: string;
  readonly redirectHost: string;
  /** What it may do where: resources may mean different things by permissions of the same name. */
  readonly resources: readonly {
    readonly name: string;
    readonly permissions: readonly { readonly name: string; readonly highPrivilege: boolean }[];
  }[];
  /** What it may do in detail (RFC 9396), while it is connected. */
  readonly details?: readonly ApprovalDetail[];
  /** Epoch seconds. */
  readonly grantedAt: number;
  readonly lastUsedAt?: number;
  /** Authorization sessions that are alive. */
  readonly sessions: number;
  /** Whether the service can do anything now, and else what it takes until it can. */
  readonly state: 'connected' | 'connects silently' | 'must ask' | 'blocked';
};

export type AuthorizationsView = Site & {
  readonly account: Account;
  readonly now: number;
  readonly authorizations: readonly AuthorizationSummary[];
  readonly events: readonly ShownEvent[];
  readonly formToken: string;
  /** What has just been done, in a sentence. */
  readonly notice?: string;
};

/** Lists and offers to revoke: one (POST /authorizations/revoke) or all (POST /authorizations/revoke-all). */
export const authorizationsPage = (view: AuthorizationsView): Html =>
  layout(
    view,
    'Manage authorizations',
    html`<h1>Manage authorizations</h1>
${view.notice !== undefined && html`<p class="notice" role="status">${displayText(view.notice, 300)}</p>`}
<p class="lead">${view.authorizations.length === 0 ? emptyLead : lead}</p>
<div class="card">${accountRow(view.account, view.words, signOutForm(view.formToken, view.words))}</div>
<section aria-labelledby="services">
<h2 id="services">${servicesTitle(view.authorizations.length)}</h2>
${view.authorizations.length === 0 ? emptyState : view.authorizations.map((item, index) => authorizationCard(item, view, index))}
${view.authorizations.length > 1 && revokeAllPart(view)}
</section>
${historyPart(view.events, view)}`,
  );

const lead =
  'You authorized these services to use your data in your name. None of them knows your password. Revoke any that you do not use or do not recognise.';

const emptyLead = 'This is where you see every service that may use your data in your name, and where you revoke it.';

const servicesTitle = (count: number): string =>
  count === 0 ? 'Services' : counted('en', { one: '# authorized service', other: '# authorized services' })(count);

const emptyState = html`<div class="card">
<p><b>No service can use your data.</b></p>
<p class="quiet">When you approve a service, it appears here, with what it may do and a button that takes it back.</p>
</div>`;

const authorizationCard = (item: AuthorizationSummary, view: AuthorizationsView, index: number): Html =>
  html`<article class="card" aria-labelledby="service-${index}">
<div class="card-head">
<div class="who">
${tile(item.clientName)}
<div>
<h3 id="service-${index}">${displayText(item.clientName, 50)}</h3>
<p class="quiet">${item.redirectHost === '' ? 'A device of yours' : displayText(item.redirectHost, 253)}${item.clientUri !== undefined && html` · ${externalLink({ uri: item.clientUri, label: view.words.common.website, knownHost: item.redirectHost }, view.words)}`}</p>
</div>
</div>
<form method="post" action="/authorizations/revoke">
<input type="hidden" name="token" value="${view.formToken}">
<input type="hidden" name="authorization" value="${item.id}">
<button class="danger">Revoke<span class="unseen"> ${displayText(item.clientName, 50)}</span></button>
</form>
</div>
${permissionsPart(item, view.words)}
${timesPart(item, view)}
</article>`;

const permissionsPart = ({ state, resources, details = [] }: AuthorizationSummary, words: Words): Html => {
  const { now, list } = states[state];
  return html`${now !== undefined && html`<p class="grants-title"><b>${now}</b></p>`}
${
  resources.length + details.length === 0
    ? html`<p class="grants-title">Nothing of what you allowed is offered to it any more.</p>`
    : resources.map((resource) => resourcePart(resource, list, words))
}
${details.length > 0 && detailsPart(details)}`;
};

const detailsPart = (details: readonly ApprovalDetail[]): Html => html`<p class="grants-title">May do exactly this:</p>
<ul class="grants">${details.map(({ title, at, facts }) => html`<li>${displayText(title)} at <b>${displayText(at)}</b>${facts.map(([label, value]) => html`, ${displayText(label)} <b>${displayText(value, 5_000)}</b>`)}</li>`)}</ul>`;

const resourcePart = (
  { name, permissions }: AuthorizationSummary['resources'][number],
  list: string,
  words: Words,
): Html =>
  html`<p class="grants-title">${list} <b>${displayText(name)}</b>:</p>
<ul class="grants">${permissions.map((permission) => html`<li>${displayText(permission.name)}${permission.highPrivilege && html` ${highPrivilegeFlag(words)}`}</li>`)}</ul>`;

const states: Readonly<Record<AuthorizationSummary['state'], { readonly now?: string; readonly list: string }>> = {
  connected: { list: 'May use' },
  'connects silently': {
    now: 'Not connected at the moment. It can connect again without asking you.',
    list: 'It may then use',
  },
  'must ask': {
    now: 'Not connected at the moment. It must ask you before it connects again.',
    list: 'You had allowed it to use',
  },
  blocked: {
    now: 'Blocked by an operator. It can do nothing until an operator lifts that.',
    list: 'You had allowed it to use',
  },
};

/** What was last used longer ago than that is not remembered. */
const certainSeconds = 86_400;

const lastUse = (
  { grantedAt, lastUsedAt }: AuthorizationSummary,
  { now, words: { language } }: AuthorizationsView,
): Html | string => {
  if (lastUsedAt === undefined) return now - grantedAt < certainSeconds ? 'Not used yet' : 'Not lately';
  return html`<b>${timeAgo(lastUsedAt, now, language)}</b><br><span class="quiet">${instant(lastUsedAt, language)}</span>`;
};

const timesPart = (item: AuthorizationSummary, view: AuthorizationsView): Html => html`<dl class="facts">
<div><dt>Authorized</dt><dd>${instant(item.grantedAt, view.words.language)}</dd></div>
<div><dt>Last used</dt><dd>${lastUse(item, view)}</dd></div>
<div><dt>Connections</dt><dd>${item.sessions === 0 ? 'None at the moment' : `${item.sessions} active`}</dd></div>
</dl>`;

/** The second step is a fold, not a script: nothing is revoked by the first click. */
const revokeAllPart = (view: AuthorizationsView): Html => html`<details class="card revoke-all">
<summary>Revoke all…</summary>
<p>All ${counted('en', { one: '# service', other: '# services' })(view.authorizations.length)} lose their access at once. To use one again, you approve it again.</p>
<form method="post" action="/authorizations/revoke-all">
<input type="hidden" name="token" value="${view.formToken}">
<button class="danger">Yes, revoke all ${view.authorizations.length}</button>
</form>
</details>`;
