/** One service of a person's: what is registered, and where to change it. Deleting it asks first. */
import {
  type AppsSite,
  appBadges,
  appHead,
  appPath,
  dateIn,
  fact,
  idCode,
  type ShownApp,
  token,
  wayTo,
} from './apps-parts.ts';
import { type OfferedArea, permissionList } from './apps-permissions.ts';
import { numberText } from './dates.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { cleanText, displayText } from './text.ts';
import type { Words } from './words/words.ts';

/** A kind of refusal that requests in the service's name met: our code, and the word that its code sees. */
type ShownError = { readonly code: string; readonly error: string; readonly times: number };

export type AppView = AppsSite & {
  readonly app: ShownApp;
  /** People who have authorized it. */
  readonly authorizations: number;
  /** The most frequent first. */
  readonly errors: readonly ShownError[];
  readonly areas: readonly OfferedArea[];
  readonly redirectUris: readonly string[];
};

export const appPage = (view: AppView): Html => {
  const { app } = view;
  const { apps } = view.words;
  return layout(
    view,
    cleanText(app.name),
    html`${appHead(app, html`<h1>${displayText(app.name, 100)}</h1>`)}
${app.blocked && html`<p class="warning">${apps.blockedMeaning}</p>`}
<div class="card">
<p>${appBadges(app, view)}</p>
<dl class="facts">
${fact(apps.clientId, idCode(app.clientId))}
${fact(apps.proof, apps.proofs[app.proof])}
${fact(apps.registeredOn, dateIn(view, app.createdAt))}
</dl>
</div>
${managePart(view)}
${activityPart(view)}
<section class="card" aria-labelledby="permissions"><h2 id="permissions">${apps.permissions}</h2>
${view.areas.length === 0 ? html`<p class="quiet">${apps.noPermissions}</p>` : permissionList(view.areas, view)}</section>
${view.redirectUris.length > 0 && redirectPart(view)}
${addressesPart(view)}
${wayTo('/apps', apps.backToAll)}`,
  );
};

const managePart = ({ app, words: { apps } }: AppView): Html => html`<nav class="card" aria-labelledby="manage">
<h2 id="manage">${apps.manage}</h2>
<div class="ways"><a class="button" href="${appPath(app, 'edit')}">${apps.edit}</a>
${app.proof === 'secret' && html`<a class="button" href="${appPath(app, 'secrets')}">${apps.secrets}</a>`}
<a class="button" href="${appPath(app, 'owners')}">${apps.owners}</a>
<a class="button danger" href="${appPath(app, 'delete')}">${apps.remove}</a></div>
</nav>`;

const activityPart = ({
  authorizations,
  errors,
  words: { apps, language },
}: AppView): Html => html`<section class="card" aria-labelledby="activity"><h2 id="activity">${apps.activity}</h2>
<dl class="facts">${fact(apps.authorizedBy, numberText(authorizations, language))}</dl>
<h3>${apps.errors}</h3>
${
  errors.length === 0
    ? html`<p class="quiet">${apps.noErrors}</p>`
    : html`<p class="quiet">${apps.errorsMeaning}</p><ul class="plain-list">${errors.map((one) => errorRow(one, apps, numberText(one.times, language)))}</ul>`
}</section>`;

const errorRow = ({ code, error }: ShownError, apps: Words['apps'], times: string): Html => {
  const kinds: Readonly<Record<string, string>> = apps.errorKinds;
  return html`<li>${times} × <code dir="ltr">${error}</code>${kinds[code] !== undefined && html`<br><span class="quiet">${kinds[code]}</span>`}</li>`;
};

const redirectPart = ({
  redirectUris,
  words: { apps },
}: AppView): Html => html`<section class="card" aria-labelledby="redirects">
<h2 id="redirects">${apps.redirectUris}</h2>
<ul class="addresses">${redirectUris.map((uri) => html`<li>${idCode(uri)}</li>`)}</ul></section>`;

const addressesPart = ({
  issuer,
  words: { apps },
}: AppView): Html => html`<section class="card" aria-labelledby="addresses">
<h2 id="addresses">${apps.addresses}</h2>
<dl class="facts">
${fact(apps.authorizeAddress, idCode(`${issuer}/authorize`))}
${fact(apps.tokenAddress, idCode(`${issuer}/token`))}
${fact(apps.metadata, idCode(`${issuer}/.well-known/oauth-authorization-server`))}
</dl></section>`;

export type DeleteAppView = AppsSite & { readonly app: ShownApp; readonly etag: string };

export const deleteAppPage = (view: DeleteAppView): Html => {
  const { apps } = view.words;
  return layout(
    view,
    apps.deleteTitle,
    html`<h1>${apps.deleteQuestion(displayText(view.app.name, 100))}</h1>
<p class="lead">${apps.deleteMeaning}</p>
<form method="post" action="${appPath(view.app, 'delete')}" class="sheet">
${token(view)}<input type="hidden" name="etag" value="${view.etag}">
<div class="ways"><button class="danger">${apps.deleteYes}</button><a class="button" href="${appPath(view.app)}">${apps.cancel}</a></div>
</form>`,
  );
};
