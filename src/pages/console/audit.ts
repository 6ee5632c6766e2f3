/** The audit log: what happened, by whom, to whom, and that none of it was changed since. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';
import { type ConsoleSite, code, consoleLayout, nextPart } from './frame.ts';

/** As in the address; what is undefined or empty does not restrict. */
export type AuditFilter = {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly event: string | undefined;
  readonly client: string | undefined;
  readonly actor: string | undefined;
  readonly person: string | undefined;
  readonly subject: string | undefined;
  readonly correlation: string | undefined;
};

/** As the API answers it. */
export type EventView = {
  readonly id: string;
  readonly at: number;
  readonly event: string;
  readonly actor: { readonly by: string; readonly id: string };
  readonly person?: string;
  readonly client?: string;
  readonly source?: string;
  readonly correlation?: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** As the API answers them. */
export type SealsView = {
  readonly seals: readonly { readonly day: string; readonly count: number }[];
  readonly kept_days: number;
};

export type AuditView = ConsoleSite & {
  readonly filter: AuditFilter;
  readonly events: readonly EventView[];
  readonly next?: string | undefined;
  readonly problem?: string | undefined;
  /** Name of an event -> what it says. */
  readonly about: ReadonlyMap<string, string>;
  readonly seals: SealsView;
};

export const auditPage = (view: AuditView): Html =>
  consoleLayout(view, {
    area: 'audit',
    title: 'Audit log',
    main: html`<p class="lead">Everything that changed who may do what, and who looked. Reading it is itself in it.</p>
${view.problem !== undefined && html`<p class="warning" role="alert">${cleanText(view.problem, 500)}</p>`}
${filterForm(view)}
${view.problem === undefined && eventsPart(view)}
${nextPart('/console/audit', said(view.filter), view.next)}
${sealsPart(view)}`,
  });

const said = (filter: AuditFilter): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined));

const filterForm = ({ filter, about }: AuditView): Html => html`<form method="get" action="/console/audit" class="card">
<h2>Look for</h2>
<div class="filters">
<div class="field"><label for="event">Event</label><select id="event" name="event"><option value="">Any</option>${[...about.keys()].sort().map((name) => html`<option value="${name}"${name === filter.event && html` selected`}>${name}</option>`)}</select></div>
${dayField('from', 'From (UTC)', filter.from)}
${dayField('to', 'To (UTC)', filter.to)}
${textField('client', 'Service (client ID)', filter.client)}
${textField('subject', 'Person (identifier at the sign-in provider)', filter.subject)}
${textField('person', 'Person (as events name them)', filter.person)}
${textField('actor', 'Who did it (as events name them)', filter.actor)}
${textField('correlation', 'Request (correlation ID)', filter.correlation)}
</div>
<p class="ways"><button class="primary">Look</button><a class="button" href="/console/audit">Clear</a></p>
</form>`;

const dayField = (name: string, label: string, value = ''): Html =>
  html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="date" value="${value}"></div>`;

const textField = (name: string, label: string, value = ''): Html =>
  html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" value="${value}" maxlength="256" autocomplete="off" spellcheck="false"></div>`;

const eventsPart = (view: AuditView): Html => {
  if (view.events.length > 0)
    return html`<ol class="card history" aria-label="Events">${view.events.map((one) => eventRow(one, view))}</ol>`;
  const more = view.next !== undefined;
  return html`<div class="card"><p>${more ? 'None among those looked through so far; there are more.' : 'No such event in these days.'}</p>${!more && view.filter.from === undefined && html`<p class="quiet">Without a first day, these are the last seven.</p>`}</div>`;
};

const eventRow = (event: EventView, { about, now }: AuditView): Html => html`<li>
<p><b>${code(event.event)}</b> <span class="quiet">${coarsely(event.at, now, 'en')}</span></p>
<p>${sentence(about.get(event.event) ?? '')}</p>
<ul class="points quiet">
<li>By ${actorWords[event.actor.by] ?? cleanText(event.actor.by, 40)} ${linked('actor', event.actor.id)}</li>
${event.client !== undefined && html`<li>Service ${linked('client', event.client)}</li>`}
${event.person !== undefined && html`<li>Person ${linked('person', event.person)}</li>`}
${event.source !== undefined && html`<li>From ${code(event.source)}</li>`}
${event.correlation !== undefined && html`<li>Request ${linked('correlation', event.correlation)}</li>`}
</ul>
${detailsPart(event)}
</li>`;

const actorWords: Readonly<Record<string, string>> = {
  person: 'the person',
  client: 'the service',
  operator: 'the operator',
  auditor: 'the auditor',
  deployment: 'the deployment itself,',
};

/** What the documentation sets as code is code here. */
const sentence = (text: string): Html =>
  html`${text.split('`').map((part, at) => (at % 2 === 1 ? code(part) : at === 0 ? html`${part.slice(0, 1).toUpperCase()}${part.slice(1)}` : part))}${text !== '' && '.'}`;

const longestShown = 300;

/** Whatever it is, in the log one looks for it by its whole name; of a pseudonym the beginning tells it apart. */
const linked = (name: 'actor' | 'client' | 'person' | 'correlation', value: string): Html => {
  if (value === '' || value.length > 256) return code(value);
  const shown = /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 12)}…` : value;
  return html`<a href="/console/audit?${String(new URLSearchParams({ [name]: value }))}" title="${value}">${code(shown)}</a>`;
};

const detailsPart = ({ id, details = {} }: EventView): Html | false => {
  const rows = Object.entries(details).filter(([, value]) => value !== undefined);
  return (
    rows.length > 0 &&
    html`<details class="area"><summary>Details<span class="unseen"> of ${id}</span></summary>
<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${cleanText(name, 60)}</dt><dd>${code(textOf(value))}</dd></div>`)}</dl></details>`
  );
};

const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, longestShown);

const sealsPart = ({ seals: { seals, kept_days: kept }, filter }: AuditView): Html => {
  const { from, to } = said(filter);
  const days = new URLSearchParams({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  return html`<section class="card" aria-labelledby="seals"><h2 id="seals">Seals</h2>
<p>Each day is sealed with the signing key once it is over, together with all days before it: a row that is missing or changed shows. Events stay for ${kept} days, seals for good.</p>
${
  seals.length === 0
    ? html`<p>None of these days is sealed yet.</p>`
    : html`<ul class="grants" aria-label="Sealed days">${seals.map(({ day, count }) => html`<li>${day} <span class="quiet">${count} ${count === 1 ? 'event' : 'events'}</span></li>`)}</ul>`
}
<p>To verify them without trusting this server, take the days along and run <code>npx assent audit verify</code>.</p>
<p><a class="button" href="/console/audit/export?${String(days)}" download>Take these days along (JSON lines)</a></p></section>`;
};
