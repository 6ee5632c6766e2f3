/** What operators have had ended: the orders, and how far one of them has come. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { counted, endingHref, ofPersonHref, ofServiceHref, type PermissionView } from './authorization-parts.ts';
import {
  askedOnce,
  type ConsoleSite,
  code,
  consoleLayout,
  dateOf,
  fact,
  formToken,
  forOperators,
  nextPart,
  problemNotice,
} from './frame.ts';
import { listTable } from './table.ts';

/** As the API answers them. */
type RuleView = {
  readonly client_id?: string;
  readonly person?: string;
  readonly created_before?: number;
  readonly permission?: PermissionView;
};
export type EndingView = {
  readonly id: string;
  readonly rule: RuleView;
  readonly by: string;
  readonly state: 'running' | 'done' | 'stopped';
  readonly started_at: number;
  readonly finished_at?: number;
  readonly examined: number;
  readonly ended: number;
};

type OrdersView = ConsoleSite & { readonly endings: readonly EndingView[]; readonly next?: string | undefined };

const states = {
  running: html`<span class="badge">At work</span>`,
  done: html`<span class="badge">Done</span>`,
  stopped: html`<span class="badge doubt">Stopped</span>`,
} as const;

export const ordersPage = (view: OrdersView): Html =>
  consoleLayout(view, {
    area: 'authorizations',
    title: 'Orders to end authorizations',
    main: html`<p class="lead">What operators have had ended at once, the latest first. An order goes on by itself, whoever looks.</p>
${forOperators(view, html`<p class="way"><a class="button" href="/console/authorizations/endings/new">New order…</a></p>`)}
<section class="card" aria-labelledby="orders"><h2 id="orders">Orders</h2>
${view.endings.length === 0 ? html`<p>There are none.</p>` : ordersTable(view)}</section>
${nextPart('/console/authorizations/endings', {}, view.next)}`,
  });

const ordersTable = ({ endings, now }: OrdersView): Html =>
  listTable({
    caption: 'Orders to end authorizations',
    heads: ['Which', 'State', 'Ordered', 'Ended', ''],
    rows: endings.map((one) => [
      ruleLines(one.rule),
      states[one.state],
      coarsely(one.started_at, now, 'en'),
      one.ended.toLocaleString('en-GB'),
      html`<a href="${endingHref(one.id)}">Open<span class="unseen"> the order</span></a>`,
    ]),
  });

/** What a rule means, a line for each of its parts. */
const ruleLines = ({ client_id: clientId, person, created_before: before, permission }: RuleView): Html => html`
${clientId !== undefined && html`<div>Of the service <a href="${ofServiceHref(clientId)}">${code(clientId)}</a></div>`}
${person !== undefined && html`<div>Of the person <a href="${ofPersonHref(person)}">${code(`${person.slice(0, 12)}…`)}</a></div>`}
${before !== undefined && html`<div>Decided before ${dateOf(before)}</div>`}
${permission !== undefined && html`<div>That hold ${code(permission.scope)} at ${cleanText(permission.resource, 300)}</div>`}`;

/** How long until the page of an order that runs is asked for again. */
export const refreshSeconds = 5;

type OrderView = ConsoleSite & {
  readonly ending: EndingView;
  /** True when the page asks for itself again. */
  readonly reloads: boolean;
  readonly problem?: string | undefined;
};

export const orderPage = (view: OrderView): Html => {
  const { ending } = view;
  return consoleLayout(view, {
    area: 'authorizations',
    title: 'An order to end authorizations',
    main: html`${problemNotice(view.problem)}
<section class="card" aria-labelledby="far"><h2 id="far">${states[ending.state]} ${counted(ending.ended, 'authorization', 'authorizations')} ended</h2>
<dl class="facts">${fact('Which', ruleLines(ending.rule))}${fact('Looked at', ending.examined.toLocaleString('en-GB'))}${fact('Ordered', html`${dateOf(ending.started_at)}<br><span class="quiet">What people decide after that is not meant.</span>`)}${ending.finished_at !== undefined && fact('Over', dateOf(ending.finished_at))}${fact('Ordered by', displayText(ending.by, 100))}</dl>
${ending.state === 'running' && workingPart(view)}</section>
<p class="way"><a href="/console/authorizations/endings">All orders</a></p>`,
  });
};

const workingPart = (view: OrderView): Html => {
  const href = endingHref(view.ending.id);
  return html`<p class="quiet">It goes on when you leave this page, and you find it again among the orders. ${
    view.reloads
      ? html`The page reloads itself every ${refreshSeconds} seconds. <a href="${href}&amp;still=yes">Stop reloading</a>`
      : html`<a href="${href}">Reload while it works</a>`
  }</p>
${forOperators(
  view,
  askedOnce(
    'Stop it…',
    'Nothing more is ended. What has ended stays so.',
    html`<form method="post" action="/console/authorizations/endings/one">
${formToken(view)}<input type="hidden" name="id" value="${view.ending.id}">
<p><button class="danger" name="do" value="stop">Stop this order</button></p>
</form>`,
  ),
)}`;
};
