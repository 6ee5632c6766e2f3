/** The registered services: whose they are, how much they are used, and what needs care. */
import { coarsely } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { counted, serviceName } from './authorization-parts.ts';
import { type ConsoleSite, consoleLayout, forOperators, nextPart } from './frame.ts';
import { serviceHref } from './service-parts.ts';
import { listTable } from './table.ts';

/** As the API answers it. */
export type ServiceView = {
  readonly client_id: string;
  readonly client_name: string;
  readonly registered_by: 'operator' | 'person' | 'itself' | 'document';
  readonly registered_at: number;
  readonly verified: boolean;
  readonly blocked: boolean;
  readonly owners: readonly { readonly name: string; readonly account: string; readonly since: number }[];
  readonly secrets: readonly {
    readonly id: string;
    readonly name?: string;
    readonly created_at: number;
    readonly expires_at: number;
    readonly ends_soon: boolean;
  }[];
  readonly warnings: readonly string[];
  readonly authorizations: number;
  readonly last_used_at?: number;
  readonly errors: readonly { readonly day: string; readonly counts: Readonly<Record<string, number>> }[];
};

type ServicesView = ConsoleSite & {
  readonly services: readonly ServiceView[];
  readonly next?: string | undefined;
  /** One was deleted just now. */
  readonly deleted: boolean;
};

export const servicesPage = (view: ServicesView): Html =>
  consoleLayout(view, {
    area: 'services',
    title: 'Services',
    main: html`<p class="lead">Who may ask people for their permission, and how each of them does.</p>
${view.deleted && html`<p class="notice" role="status">Deleted. What was issued to it is refused from now on.</p>`}
<p class="way ways">${forOperators(view, html`<a class="button" href="/console/services/new">Register a service</a>`)}<a class="button" href="/console/services/tokens">Registration tokens</a></p>
<div class="card">${view.services.length === 0 ? html`<p>No service is registered.</p>` : serviceTable(view)}</div>
${nextPart('/console/services', {}, view.next)}`,
  });

const serviceTable = ({ services, now }: ServicesView): Html =>
  listTable({
    caption: 'Registered services',
    heads: ['Service', 'State', 'Owners', 'Authorizations', 'Last used', 'Needs care', 'Look'],
    rows: services.map((one) => [
      serviceName(one.client_name, one.client_id),
      stateBadges(one),
      one.owners.length === 0 ? html`<span class="quiet">none</span>` : counted(one.owners.length, 'person', 'people'),
      one.authorizations.toLocaleString('en-GB'),
      one.last_used_at === undefined ? 'never' : coarsely(one.last_used_at, now, 'en'),
      one.warnings.length === 0 ? 'nothing' : html`${one.warnings.map((text) => html`${cleanText(text, 300)} `)}`,
      html`<a href="${serviceHref(one.client_id)}">Open<span class="unseen"> ${displayText(one.client_name, 50)}</span></a>`,
    ]),
  });

/** What a glance must tell of a service. */
export const stateBadges = ({ verified, blocked }: Pick<ServiceView, 'verified' | 'blocked'>): Html =>
  html`${blocked && html`<span class="flag">Blocked</span> `}<span class="badge${!verified && ' doubt'}">${verified ? 'Verified' : 'Not verified'}</span>`;
