/** A service on "Manage authorizations", in few lines: what it may do, when it last did it, and how to take that back. */
import type { ApprovalDetail } from './approval-details.ts';
import { coarsely, instant, listed, numberText, placeText } from './dates.ts';
import { type Html, html } from './html.ts';
import { highPrivilegeFlag, type Look, tile } from './layout.ts';
import { cleanText, displayText } from './text.ts';
import type { Words } from './words/words.ts';

export type AuthorizationSummary = {
  readonly id: string;
  readonly clientName: string;
  readonly clientUri?: string;
  readonly redirectHost: string;
  readonly look: Look;
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
  readonly use?: ShownUse;
  /** Authorization sessions that are alive. */
  readonly sessions: number;
  /** Whether the service can do anything now, and else what it takes until it can. */
  readonly state: 'connected' | 'connects silently' | 'must ask' | 'blocked' | 'off' | 'unlisted' | 'sign in';
  /** Names of permissions that operators keep from it, have been asked for, or approved for everyone. */
  readonly rules: Readonly<Record<'withheld' | 'waiting' | 'forEveryone', readonly string[]>>;
  /** True if it has not been used for ninety days. */
  readonly isIdle: boolean;
};

/** By what kind of program and roughly from where. */
export type ShownUse = { readonly by: keyof Words['authorizations']['by']; readonly from?: string | undefined };

/** Who reads it, and when. */
export type Reader = { readonly now: number; readonly words: Words };

/** What each form that takes something back has. */
export type RevokeForm = { readonly formToken: string; readonly lingersUntil: number };

type Row = Reader & RevokeForm & { readonly index: number };

export const serviceRow = (item: AuthorizationSummary, row: Row): Html =>
  html`<article class="card service" aria-labelledby="service-${row.index}">
<div class="who">
${tile(item.clientName, item.look)}
<div>
<h3 id="service-${row.index}"><a href="/authorizations/${item.id}">${displayText(item.clientName, 50)}</a></h3>
<p class="quiet">${hostText(item, row.words)}</p>
</div>
</div>
${permissionsPart(item, row.words)}
<div class="row-end">
${usePart(item, row)}
${revokePart(item, row)}
</div>
</article>`;

/** Where its answers go, which is what nobody can make up. */
export const hostText = ({ redirectHost }: AuthorizationSummary, { authorizations }: Words): Html | string =>
  redirectHost === '' ? authorizations.device : displayText(redirectHost, 253);

const permissionsShown = 8;

const permissionsPart = (item: AuthorizationSummary, words: Words): Html => {
  const { resources, details = [] } = item;
  return html`${stateText(item, words)}
${
  resources.length + details.length === 0
    ? html`<p class="grants-title">${words.authorizations.nothingOffered}</p>`
    : resources.map((resource) => resourcePart(resource, item.state, words))
}
${details.length > 0 && detailsPart(details, words)}`;
};

const stateTexts = {
  'connects silently': 'silent',
  'must ask': 'mustAsk',
  blocked: 'blocked',
  off: 'off',
  unlisted: 'unlisted',
  'sign in': 'signInAgain',
} as const;

/** Why it can do nothing at the moment, if that is so. */
export const stateText = ({ state, rules }: AuthorizationSummary, words: Words): Html => {
  const { authorizations, language } = words;
  const names = (all: readonly string[]): string =>
    listed(
      all.map((one) => cleanText(one)),
      language,
    );
  const { withheld, waiting, forEveryone } = rules;
  return html`${state !== 'connected' && html`<p class="grants-title state">${authorizations[stateTexts[state]]}</p>`}${withheld.length > 0 && html`<p class="grants-title state">${authorizations.withheld(names(withheld))}</p>`}${waiting.length > 0 && html`<p class="grants-title">${authorizations.waiting(names(waiting))}</p>`}${forEveryone.length > 0 && html`<p class="grants-title">${authorizations.forEveryone(names(forEveryone))}</p>`}`;
};

const lists = {
  connected: 'mayUse',
  'connects silently': 'mayThenUse',
  'must ask': 'hadAllowed',
  blocked: 'hadAllowed',
  off: 'hadAllowed',
  unlisted: 'hadAllowed',
  'sign in': 'hadAllowed',
} as const;

/** The line above its permissions at one resource. */
export const listTitle = (state: AuthorizationSummary['state'], name: string, { authorizations }: Words): Html =>
  authorizations[lists[state]](html`<b>${displayText(name)}</b>`);

const resourcePart = (
  { name, permissions }: AuthorizationSummary['resources'][number],
  state: AuthorizationSummary['state'],
  words: Words,
): Html => {
  const more = permissions.length - permissionsShown;
  const shown = permissions.toSorted((a, b) => Number(b.highPrivilege) - Number(a.highPrivilege));
  return html`<p class="grants-title">${listTitle(state, name, words)}</p>
<ul class="grants">${shown.slice(0, permissionsShown).map((permission) => html`<li>${displayText(permission.name)}${permission.highPrivilege && html` ${highPrivilegeFlag(words)}`}</li>`)}${more > 0 && html`<li class="quiet">${words.authorizations.andMore(numberText(more, words.language))}</li>`}</ul>`;
};

/** Exactly what it may do, beyond permissions. */
export const detailsPart = (
  details: readonly ApprovalDetail[],
  { authorizations }: Words,
): Html => html`<p class="grants-title">${authorizations.exactly}</p>
<ul class="grants">${details.map(({ title, at, facts }) => html`<li>${authorizations.detail(displayText(title), html`<b>${displayText(at)}</b>`)}${facts.map(([label, value]) => html`, ${displayText(label)} <b>${displayText(value, 5_000)}</b>`)}</li>`)}</ul>`;

const usePart = (item: AuthorizationSummary, { now, words }: Reader): Html => {
  const { authorizations, language } = words;
  return html`<dl class="line">
<div><dt>${authorizations.lastUsed}</dt><dd>${lastUseText(item, { now, words })}</dd></div>
<div><dt>${authorizations.granted}</dt><dd>${coarsely(item.grantedAt, now, language)}</dd></div>
<div><dt>${authorizations.connections}</dt><dd>${connectionsText(item, words)}</dd></div>
</dl>`;
};

export const connectionsText = ({ sessions }: AuthorizationSummary, { authorizations }: Words): string =>
  sessions === 0 ? authorizations.none : authorizations.active(sessions);

/** Uses of services that cannot refresh are remembered for so long. */
const certainSeconds = 86_400;

/** When, by what and from where; or that it was not, as far as is known. */
export const lastUseText = (
  { grantedAt, lastUsedAt, use }: Pick<AuthorizationSummary, 'grantedAt' | 'lastUsedAt' | 'use'>,
  { now, words }: Reader,
): Html | string => {
  const { authorizations, language } = words;
  if (lastUsedAt === undefined)
    return now - grantedAt < certainSeconds ? authorizations.notUsedYet : authorizations.notLately;
  return html`<b>${coarsely(lastUsedAt, now, language)}</b>${use !== undefined && html` <span class="quiet">${useText(use, words)}</span>`}`;
};

/** "by a server from 192.0.2.0/24" */
export const useText = ({ by, from }: ShownUse, { authorizations, language }: Words): Html =>
  html`${authorizations.by[by]}${from !== undefined && html` <bdi>${authorizations.from(cleanText(placeText(from, language)))}</bdi>`}`;

/** The second step is a fold, not a script: nothing is revoked by the first click. */
export const revokePart = (
  { id, clientName }: Pick<AuthorizationSummary, 'id' | 'clientName'>,
  { words, formToken, lingersUntil }: Reader & RevokeForm,
): Html => {
  const { authorizations, language } = words;
  const name = displayText(clientName, 50);
  return html`<details class="ask">
<summary>${authorizations.revoke}<span class="unseen"> ${name}</span></summary>
<p>${authorizations.revokeExplained(instant(lingersUntil, language))}</p>
<form method="post" action="/authorizations/revoke">
<input type="hidden" name="token" value="${formToken}">
<input type="hidden" name="authorization" value="${id}">
<button class="danger"><span>${authorizations.revokeNow(name)}</span></button>
</form>
</details>`;
};
