/** One authorization: who lets which service do what, by which sessions, and ending it. */
import { coarsely, placeText } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import {
  accountText,
  counted,
  inForceBadge,
  ofPersonHref,
  ofServiceHref,
  type PermissionView,
  permissionItems,
} from './authorization-parts.ts';
import type { PersonView } from './authorizations.ts';
import {
  askedOnce,
  type ConsoleSite,
  code,
  consoleLayout,
  dayOf,
  fact,
  formToken,
  forOperators,
  problemNotice,
} from './frame.ts';
import { listTable } from './table.ts';

/** As the API answers it. */
export type AuthorizationView = {
  readonly id: string;
  readonly person: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly client_uri?: string;
  readonly redirect_hosts: readonly string[];
  readonly in_force: boolean;
  readonly granted_at: number;
  readonly expires_at: number;
  readonly last_used_at?: number;
  readonly lasting: string;
  readonly permissions: readonly PermissionView[];
  readonly declined: readonly PermissionView[];
  readonly by_operator: readonly PermissionView[];
  readonly sessions: readonly {
    readonly id: string;
    readonly state: 'code' | 'active';
    readonly created_at: number;
    readonly last_used_at: number;
    readonly expires_at: number;
    readonly used_by?: string;
    readonly used_from?: string;
    readonly permissions: readonly PermissionView[];
  }[];
};

type OneView = ConsoleSite & {
  readonly one: AuthorizationView;
  readonly etag: string;
  /** Undefined for whoever is not known, or no more. */
  readonly person: PersonView | undefined;
  readonly problem?: string | undefined;
};

export const authorizationPage = (view: OneView): Html => {
  const { one } = view;
  return consoleLayout(view, {
    area: 'authorizations',
    title: `${cleanText(one.client_name, 100)} for ${view.person === undefined ? 'somebody unknown' : cleanText(view.person.name, 100)}`,
    main: html`${problemNotice(view.problem)}
<section class="card" aria-labelledby="what"><h2 id="what">Authorization ${inForceBadge(one.in_force)}</h2>${factsPart(view)}</section>
<section class="card" aria-labelledby="may"><h2 id="may">What the service may do</h2>${permissionItems(one.permissions)}
${one.declined.length > 0 && html`<h3>Asked for, and left out</h3>${permissionItems(one.declined)}`}
${one.by_operator.length > 0 && html`<h3>Approved by operators for everyone</h3>${permissionItems(one.by_operator)}`}</section>
<section class="card" aria-labelledby="sessions"><h2 id="sessions">Sessions</h2>
${one.sessions.length === 0 ? html`<p>None is alive.</p>` : sessionTable(view)}</section>
${one.in_force && forOperators(view, endPart(view))}`,
  });
};

const factsPart = ({ one, person, now }: OneView): Html => html`<dl class="facts">
${fact('Person', html`<a href="${ofPersonHref(one.person)}">${person === undefined ? code(one.person) : accountText(person.name, person.account)}</a>`)}
${fact('Service', html`${displayText(one.client_name, 100)}<br><a href="${ofServiceHref(one.client_id)}">${code(one.client_id)}</a>`)}
${one.client_uri !== undefined && fact('Its website', displayText(one.client_uri, 200))}
${fact('Where it may return to', html`${one.redirect_hosts.map((host) => html`${code(host)} `)}`)}
${fact('Allowed', coarsely(one.granted_at, now, 'en'))}
${fact('For how long', one.lasting)}
${fact('Ends', dayOf(one.expires_at))}
${fact('Last used', one.last_used_at === undefined ? 'not' : coarsely(one.last_used_at, now, 'en'))}</dl>`;

const sessionTable = ({ one, now }: OneView): Html =>
  listTable({
    caption: 'Sessions of this authorization',
    heads: ['Session', 'State', 'Began', 'Last used', 'Used by', 'Permissions', 'Ends'],
    rows: one.sessions.map((session) => [
      code(session.id),
      session.state === 'code' ? 'not redeemed yet' : 'in use',
      coarsely(session.created_at, now, 'en'),
      coarsely(session.last_used_at, now, 'en'),
      usedBy(session),
      html`${session.permissions.map(({ scope }) => html`${code(scope)} `)}`,
      dayOf(session.expires_at),
    ]),
  });

const usedBy = ({ used_by: by, used_from: from }: AuthorizationView['sessions'][number]): Html | string => {
  if (by === undefined && from === undefined) return 'unknown';
  return html`${by !== undefined && displayText(by, 100)}${from !== undefined && html` <span class="quiet">from ${displayText(placeText(from, 'en'), 100)}</span>`}`;
};

const endPart = (view: OneView): Html => {
  const { one } = view;
  return html`<div class="card">${askedOnce(
    'End this authorization…',
    `Ends it and ${counted(one.sessions.length, 'session', 'sessions')}: refresh tokens and access tokens are refused from then on. The person reads that an operator did it, and the service may ask them again. Nothing brings it back.`,
    html`<form method="post" action="/console/authorizations/one">
${formToken(view)}<input type="hidden" name="id" value="${one.id}"><input type="hidden" name="etag" value="${view.etag}">
<p><button class="danger" name="do" value="end"><span>End what ${displayText(one.client_name, 50)} may do</span></button></p>
</form>`,
  )}</div>`;
};
