/** One service of "Manage authorizations": what it may do, where it is connected, what happened, and how to take it back. */
import { coarsely, instant, listed } from './dates.ts';
import { historyPart, type ShownEvent } from './history.ts';
import { type Html, html } from './html.ts';
import { highPrivilegeFlag, layout, type Site, tile } from './layout.ts';
import {
  type AuthorizationSummary,
  connectionsText,
  detailsPart,
  hostText,
  lastUseText,
  listTitle,
  type RevokeForm,
  revokePart,
  type ShownUse,
  stateText,
  useText,
} from './service-row.ts';
import { cleanText, displayText, externalLink } from './text.ts';

export type RemovablePermission = {
  /** What the form names it by. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly highPrivilege: boolean;
  /** Names of those that go with it. */
  readonly removes: readonly string[];
  /** True if nothing is left then. */
  readonly isLast: boolean;
};

/** A live authorization session; instants in epoch seconds. */
export type ShownConnection = {
  readonly id: string;
  readonly since: number;
  /** Undefined while it has no tokens yet. */
  readonly lastUsedAt: number | undefined;
  readonly use: ShownUse | undefined;
};

export type AuthorizationView = Site &
  RevokeForm & {
    readonly now: number;
    readonly service: AuthorizationSummary;
    readonly places: readonly { readonly name: string; readonly permissions: readonly RemovablePermission[] }[];
    readonly connections: readonly ShownConnection[];
    readonly events: readonly ShownEvent[];
    /** E-mail addresses, telephone numbers or links, as the service states them (RFC 7591 §2). */
    readonly contacts: readonly string[];
    readonly notice?: Html;
  };

/** Its forms go to /authorizations/narrow, /authorizations/end-connection and /authorizations/revoke. */
export const authorizationPage = (view: AuthorizationView): Html => {
  const { service, words, notice } = view;
  const name = displayText(service.clientName, 50);
  return layout(
    view,
    cleanText(service.clientName, 50),
    html`<p class="back"><a href="/authorizations">${words.authorizations.all}</a></p>
<div class="who">${tile(service.clientName, service.look)}<div><h1>${name}</h1><p class="quiet">${hostText(service, words)}${websiteLink(view)}</p></div></div>
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
<div class="card">${stateText(service, words)}${factsPart(view)}${revokePart(service, view)}</div>
${permissionsPart(view)}
${connectionsPart(view)}
${contactPart(view, name)}
${historyPart(view.events, view)}`,
  );
};

const websiteLink = ({ service, words }: AuthorizationView): Html | undefined =>
  service.clientUri === undefined
    ? undefined
    : html` · ${externalLink({ uri: service.clientUri, label: words.common.website, knownHost: service.redirectHost }, words)}`;

const factsPart = ({ service, words, now }: AuthorizationView): Html => {
  const { authorizations: texts, language } = words;
  const { lastUsedAt } = service;
  return html`<dl class="facts">
<div><dt>${texts.granted}</dt><dd>${coarsely(service.grantedAt, now, language)}<br><span class="quiet">${instant(service.grantedAt, language)}</span></dd></div>
<div><dt>${texts.lastUsed}</dt><dd>${lastUseText(service, { now, words })}${lastUsedAt !== undefined && html`<br><span class="quiet">${instant(lastUsedAt, language)}</span>`}</dd></div>
<div><dt>${texts.connections}</dt><dd>${connectionsText(service, words)}</dd></div>
</dl>`;
};

const permissionsPart = (view: AuthorizationView): Html => {
  const { words, service, places } = view;
  const { details = [] } = service;
  return html`<section class="card" aria-labelledby="permissions">
<h2 id="permissions">${words.authorizations.permissions}</h2>
${places.length + details.length === 0 && html`<p>${words.authorizations.nothingOffered}</p>`}
${places.map(
  ({ name, permissions }) => html`<p class="grants-title">${listTitle(service.state, name, words)}</p>
<ul class="rows">${permissions.map((permission) => permissionRow(permission, view))}</ul>`,
)}
${details.length > 0 && detailsPart(details, words)}
</section>`;
};

const permissionRow = (permission: RemovablePermission, { words, formToken, service }: AuthorizationView): Html => {
  const { authorizations: texts, language } = words;
  const { name, description, removes, isLast } = permission;
  return html`<li>
<div><p><b>${displayText(name)}</b>${permission.highPrivilege && html` ${highPrivilegeFlag(words)}`}</p>
<p class="quiet">${displayText(description, 500)}</p>
${
  removes.length > 0 &&
  !isLast &&
  html`<p class="quiet">${texts.removes(
    listed(
      removes.map((one) => cleanText(one)),
      language,
    ),
  )}</p>`
}
${isLast && html`<p class="quiet">${texts.last}</p>`}</div>
<form method="post" action="/authorizations/narrow">
<input type="hidden" name="token" value="${formToken}">
<input type="hidden" name="authorization" value="${service.id}">
<input type="hidden" name="permission" value="${permission.id}">
<button class="plain">${texts.remove}<span class="unseen"> ${displayText(name)}</span></button>
</form>
</li>`;
};

const connectionsPart = (view: AuthorizationView): Html | undefined => {
  const { connections, words } = view;
  if (connections.length === 0) return undefined;
  return html`<section class="card" aria-labelledby="connections">
<h2 id="connections">${words.authorizations.openConnections}</h2>
<p class="quiet">${words.authorizations.endExplained} ${words.authorizations.coarse}</p>
<ul class="rows">${connections.map((connection) => connectionRow(connection, view))}</ul>
</section>`;
};

const connectionRow = (connection: ShownConnection, { now, words, formToken, service }: AuthorizationView): Html => {
  const { authorizations: texts, language } = words;
  const { id, since, lastUsedAt, use } = connection;
  const began = coarsely(since, now, language);
  return html`<li>
<div><p>${lastUsedAt === undefined ? texts.unredeemed : texts.began(began)}${use !== undefined && html` ${useText(use, words)}`}</p>
${lastUsedAt !== undefined && html`<p class="quiet">${texts.used(coarsely(lastUsedAt, now, language))}</p>`}</div>
<form method="post" action="/authorizations/end-connection">
<input type="hidden" name="token" value="${formToken}">
<input type="hidden" name="authorization" value="${service.id}">
<input type="hidden" name="connection" value="${id}">
<button class="plain">${texts.end}<span class="unseen"> ${texts.began(began)}</span></button>
</form>
</li>`;
};

const contactPart = ({ contacts, words, service }: AuthorizationView, name: Html): Html => {
  const { authorizations: texts } = words;
  return html`<section class="card" aria-labelledby="contact">
<h2 id="contact">${texts.contact}</h2>
${
  contacts.length === 0
    ? html`<p class="quiet">${texts.noContact(name)}</p>`
    : html`<p class="quiet">${texts.contactExplained(name)}</p>
<ul>${contacts.map((contact) => html`<li>${displayText(contact, 200)}</li>`)}</ul>`
}
<p><a href="/authorizations/${service.id}/report">${texts.report}</a></p>
</section>`;
};
