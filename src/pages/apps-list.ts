/** All services that a person looks after. */
import { type AppsSite, appBadges, appHead, appPath, dateIn, fact, idCode, type ShownApp } from './apps-parts.ts';
import { type Html, html } from './html.ts';
import { accountRow, layout, signOutForm } from './layout.ts';
import { displayText } from './text.ts';

export type AppsView = AppsSite & { readonly apps: readonly ShownApp[]; readonly mayRegister: boolean };

export const appsPage = (view: AppsView): Html => {
  const { apps } = view.words;
  return layout(
    view,
    apps.title,
    html`<h1>${apps.title}</h1>
<p class="lead">${apps.lead}</p>
<div class="card">${accountRow(view.account, view.words, signOutForm(view.formToken, view.words))}</div>
${view.mayRegister ? html`<p class="way"><a class="button primary" href="/apps/new">${apps.register}</a></p>` : html`<p class="notice">${apps.notPermitted}</p>`}
${view.apps.length === 0 ? html`<div class="card"><p>${apps.none}</p></div>` : view.apps.map((app) => appCard(app, view))}`,
  );
};

const appCard = (app: ShownApp, view: AppsView): Html => {
  const { apps } = view.words;
  const name = html`<h2><a href="${appPath(app)}">${displayText(app.name, 100)}</a></h2>`;
  return html`<article class="card">
<div class="card-head">${appHead(app, name)}<p>${appBadges(app, view)}</p></div>
<dl class="facts">${fact(apps.clientId, idCode(app.clientId))}${fact(apps.registeredOn, dateIn(view, app.createdAt))}</dl>
</article>`;
};
