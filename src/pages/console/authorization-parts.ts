/** What pages about authorizations have in common: their addresses, and how they name things. */
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { code } from './frame.ts';

const area = '/console/authorizations';

const addressOf = (path: string, query: Readonly<Record<string, string>>): string =>
  `${path}?${String(new URLSearchParams(query))}`;

export const ofPersonHref = (person: string): string => addressOf(area, { person });

export const ofServiceHref = (clientId: string): string => addressOf(area, { client_id: clientId });

export const authorizationHref = (id: string): string => addressOf(`${area}/one`, { id });

export const endingHref = (id: string): string => addressOf(`${area}/endings/one`, { id });

/** The dry run of a rule. */
export const newEndingHref = (rule: Readonly<Record<string, string>>): string => addressOf(`${area}/endings/new`, rule);

/** As the API answers it. */
export type PermissionView = { readonly resource: string; readonly scope: string };

export const permissionItems = (permissions: readonly PermissionView[]): Html =>
  html`<ul class="plain-list">${permissions.map(
    ({ resource, scope }) => html`<li>${code(scope)} <span class="quiet">at ${cleanText(resource, 300)}</span></li>`,
  )}</ul>`;

/** A service by its name, with the id that is its own. */
export const serviceName = (name: string, clientId: string): Html =>
  html`${displayText(name, 100)}<br><span class="quiet">${code(clientId)}</span>`;

export const accountText = (name: string, account: string): Html =>
  html`${displayText(name, 100)}<br><span class="quiet">${displayText(account, 100)}</span>`;

export const counted = (count: number, one: string, other: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : other}`;

export const inForceBadge = (inForce: boolean): Html =>
  inForce ? html`<span class="badge">In force</span>` : html`<span class="badge doubt">Ended</span>`;
