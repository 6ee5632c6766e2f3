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
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { cleanText, displayText } from './text.ts';

export type AppView = AppsSite & {
  readonly app: ShownApp;
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
