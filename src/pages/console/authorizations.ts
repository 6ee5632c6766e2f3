/** Finding what people authorized: by person, and by service. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import {
  accountText,
  authorizationHref,
  counted,
  inForceBadge,
  newEndingHref,
  ofPersonHref,
  type PermissionView,
  serviceName,
} from './authorization-parts.ts';
import { type ConsoleSite, code, consoleLayout, dayOf, fact, forOperators, nextPart } from './frame.ts';
import { listTable } from './table.ts';

/** As the API answers them. */
export type PersonView = {
  readonly person: string;
  readonly name: string;
  readonly account: string;
  readonly first_sign_in_at?: number;
  readonly last_sign_in_at?: number;
};
export type HeldView = {
  readonly id: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly in_force: boolean;
  readonly granted_at: number;
  readonly expires_at: number;
  readonly permissions: readonly PermissionView[];
  readonly sessions: number;
  readonly last_used_at?: number;
};
export type ListedView = {
  readonly id: string;
  readonly person: string;
  readonly name: string;
  readonly account: string;
  readonly in_force: boolean;
  readonly granted_at: number;
  readonly expires_at: number;
  readonly permissions: number;
};

export type FindView = ConsoleSite & {
  /** What was typed. */
  readonly typed: { readonly account?: string | undefined; readonly subject?: string | undefined };
  readonly people?: readonly PersonView[] | undefined;
  readonly problem?: string | undefined;
};

const page = (site: ConsoleSite, title: string, main: Html): Html =>
  consoleLayout(site, { area: 'authorizations', title, main });

export const findPage = (view: FindView): Html =>
  page(
    view,
    'Authorizations',
    html`<p class="lead">What people let services do in their name. Whatever you look at here is recorded in the audit log as yours.</p>
${view.problem !== undefined && html`<p class="warning" role="alert">${cleanText(view.problem, 500)}</p>`}
${view.people !== undefined && foundPart(view.people, view)}
<div class="side">
${searchForm({ name: 'account', title: 'A person by account', label: 'Name of the account', value: view.typed.account })}
${searchForm({ name: 'subject', title: 'A person by identifier', label: 'Stable identifier at the sign-in provider (for Entra ID the object ID)', value: view.typed.subject })}
${searchForm({ name: 'client_id', title: 'The people of a service', label: 'Client ID', value: undefined })}
<section class="card" aria-labelledby="many"><h2 id="many">Ending many</h2>
<p>Everything of a service or a person, what was decided before a day, or what holds a permission.</p>
<p class="ways"><a class="button" href="/console/authorizations/endings">Orders</a>${forOperators(view, html`<a class="button" href="/console/authorizations/endings/new">New order</a>`)}</p></section>
</div>`,
  );

type Search = {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly value: string | undefined;
};

const searchForm = ({
  name,
  title,
  label,
  value = '',
}: Search): Html => html`<form method="get" action="/console/authorizations" class="card">
<h2>${title}</h2>
<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" value="${value}" required maxlength="256" autocomplete="off" spellcheck="false"></div>
<p class="way"><button class="primary"><span>Find<span class="unseen"> ${title.toLowerCase()}</span></span></button></p>
</form>`;

const foundPart = (
  people: readonly PersonView[],
  { now }: ConsoleSite,
): Html => html`<section class="card" aria-labelledby="found">
<div role="status"><h2 id="found">${people.length === 0 ? 'Nobody of that name has signed in' : `${counted(people.length, 'person', 'people')} found`}</h2></div>
${
  people.length > 0 &&
  listTable({
    caption: 'People found',
    heads: ['Person', 'Last sign-in', ''],
    rows: people.map((one) => [
      accountText(one.name, one.account),
      one.last_sign_in_at === undefined ? 'unknown' : coarsely(one.last_sign_in_at, now, 'en'),
      html`<a href="${ofPersonHref(one.person)}">Authorizations<span class="unseen"> of ${displayText(one.name, 50)}</span></a>`,
    ]),
  })
}</section>`;

export type OfPersonView = ConsoleSite & {
  readonly pseudonym: string;
  /** Undefined for whoever is not known, or no more. */
  readonly person: PersonView | undefined;
  readonly authorizations: readonly HeldView[];
  readonly next?: string | undefined;
  /** True when one of them has been ended just now. */
  readonly ended: boolean;
};

export const ofPersonPage = (view: OfPersonView): Html =>
  page(
    view,
    `Authorizations of ${view.person === undefined ? 'somebody unknown' : cleanText(view.person.name, 100)}`,
    html`${view.ended && html`<p class="notice" role="status">Ended. The service has nothing of this person’s any more; tokens are refused at once here, and within 15 seconds at APIs that consult the list of revocations.</p>`}
<section class="card" aria-labelledby="who"><h2 id="who">Person</h2>${personFacts(view)}</section>
<section class="card" aria-labelledby="held"><h2 id="held">What they authorized</h2>
${view.authorizations.length === 0 ? html`<p>Nothing.</p>` : heldTable(view)}</section>
${nextPart('/console/authorizations', { person: view.pseudonym }, view.next)}
${(view.next !== undefined || view.authorizations.some((one) => one.in_force)) && forOperators(view, html`<p class="way"><a class="button danger" href="${newEndingHref({ person: view.pseudonym })}">End all of this person’s…</a></p>`)}`,
  );

const personFacts = ({ person, pseudonym, now }: OfPersonView): Html => html`<dl class="facts">
${person !== undefined && html`${fact('Name', displayText(person.name, 100))}${fact('Account', displayText(person.account, 100))}`}
${person?.first_sign_in_at !== undefined && fact('First sign-in', coarsely(person.first_sign_in_at, now, 'en'))}
${person?.last_sign_in_at !== undefined && fact('Last sign-in', coarsely(person.last_sign_in_at, now, 'en'))}
${fact('Pseudonym in the audit log', code(pseudonym))}</dl>`;

const heldTable = ({ authorizations, now }: OfPersonView): Html =>
  listTable({
    caption: 'Authorizations of this person',
    heads: ['Service', 'State', 'Allowed', 'Ends', 'Permissions', 'Sessions', 'Last used', ''],
    rows: authorizations.map((one) => [
      serviceName(one.client_name, one.client_id),
      inForceBadge(one.in_force),
      coarsely(one.granted_at, now, 'en'),
      one.in_force ? dayOf(one.expires_at) : 'over',
      one.permissions.length,
      one.sessions,
      one.last_used_at === undefined ? 'not' : coarsely(one.last_used_at, now, 'en'),
      openLink(one.id, one.client_name),
    ]),
  });

const openLink = (id: string, name: string): Html =>
  html`<a href="${authorizationHref(id)}">Open<span class="unseen"> that of ${displayText(name, 50)}</span></a>`;

export type OfServiceView = ConsoleSite & {
  readonly clientId: string;
  readonly count: number;
  readonly authorizations: readonly ListedView[];
  readonly next?: string | undefined;
};

export const ofServicePage = (view: OfServiceView): Html =>
  page(
    view,
    'People of a service',
    html`<p class="lead">${counted(view.count, 'person has', 'people have')} authorized ${code(view.clientId)}. The list follows what happens by a second or two.</p>
<section class="card" aria-labelledby="people"><h2 id="people">Who authorized it</h2>
${view.authorizations.length === 0 ? html`<p>Nobody.</p>` : listedTable(view)}</section>
${nextPart('/console/authorizations', { client_id: view.clientId }, view.next)}
${view.authorizations.length > 0 && forOperators(view, html`<p class="way"><a class="button danger" href="${newEndingHref({ client_id: view.clientId })}">End all of this service’s…</a></p>`)}
<p class="way"><a href="/console/authorizations">Find others</a></p>`,
  );

const listedTable = ({ authorizations, now }: OfServiceView): Html =>
  listTable({
    caption: 'People who authorized this service',
    heads: ['Person', 'State', 'Allowed', 'Ends', 'Permissions', ''],
    rows: authorizations.map((one) => [
      html`<a href="${ofPersonHref(one.person)}">${displayText(one.name, 100)}</a><br><span class="quiet">${displayText(one.account, 100)}</span>`,
      inForceBadge(one.in_force),
      coarsely(one.granted_at, now, 'en'),
      one.in_force ? dayOf(one.expires_at) : 'over',
      one.permissions,
      openLink(one.id, one.name),
    ]),
  });
