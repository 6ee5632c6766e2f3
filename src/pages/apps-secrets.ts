/** Secrets of a service, each shown once. */
import {
  type AppsSite,
  appPath,
  askedOnce,
  dateIn,
  fact,
  idCode,
  type ShownApp,
  type ShownSecret,
  shownOnce,
  token,
  wayTo,
} from './apps-parts.ts';
import { span } from './dates.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { displayText } from './text.ts';

type Issued = { readonly secret: string; readonly stored: { readonly expiresAt: number } } | undefined;

export type RegisteredView = AppsSite & { readonly clientId: string; readonly name: string; readonly issued: Issued };

/** After a registration, or a change that gave the service its first secret. */
export const registeredPage = (view: RegisteredView): Html => {
  const { apps } = view.words;
  return layout(
    view,
    apps.registeredTitle,
    html`<h1>${apps.registeredHeading(displayText(view.name, 100))}</h1>
${view.issued !== undefined && html`${shownOnce(apps.secretOnce, view.issued.secret)}`}
<div class="card"><dl class="facts">${fact(apps.clientId, idCode(view.clientId))}
${view.issued !== undefined && fact(apps.secretUntil, dateIn(view, view.issued.stored.expiresAt))}</dl></div>
<p class="way"><a class="button primary" href="${appPath(view)}">${view.words.common.continue}</a></p>`,
  );
};

export type AppSecretsView = AppsSite & {
  readonly app: ShownApp;
  /** Lifetimes to choose from; the first is the usual one. */
  readonly days: readonly number[];
  /** One that was made just now. */
  readonly made?: string;
};

const secretsAtOnce = 2;

export const appSecretsPage = (view: AppSecretsView): Html => {
  const { app } = view;
  const { apps } = view.words;
  const live = app.secrets.filter(({ expiresAt }) => view.now < expiresAt);
  return layout(
    view,
    apps.secrets,
    html`<h1>${apps.secrets}</h1>
<p class="lead">${app.proof === 'secret' ? apps.secretsLead : apps.secretNotUsed}</p>
${view.made !== undefined && shownOnce(apps.secretOnce, view.made)}
${app.secrets.length === 0 && html`<div class="card"><p>${apps.secretsNone}</p></div>`}
${app.secrets.map((one) => secretCard(one, view))}
${app.proof === 'secret' && (live.length < secretsAtOnce ? newPart(view) : html`<p class="way quiet">${apps.secretEnough}</p>`)}
${wayTo(appPath(app), apps.back)}`,
  );
};

/** Enough for whoever has to put a new one into place. */
const soonSeconds = 14 * 86_400;

const secretCard = ({ id, name, createdAt, expiresAt }: ShownSecret, view: AppSecretsView): Html => {
  const { apps } = view.words;
  const isOver = view.now >= expiresAt;
  const isSoon = !isOver && expiresAt - view.now < soonSeconds;
  return html`<article class="card">
<h2>${name === undefined ? apps.secretUnnamed : displayText(name, 60)}${isSoon && html` <span class="flag">${apps.secretEndsSoon}</span>`}</h2>
<dl class="facts">${fact(apps.secretMade, dateIn(view, createdAt))}${fact(isOver ? apps.secretEnded : apps.secretEnds, dateIn(view, expiresAt))}</dl>
${askedOnce(
  apps.secretRemove,
  apps.secretRemoveMeaning,
  html`<form method="post" action="${appPath(view.app, 'secrets')}">${token(view)}<input type="hidden" name="remove" value="${id}"><button class="danger">${apps.secretRemoveYes}</button></form>`,
)}
</article>`;
};

const newPart = (view: AppSecretsView): Html => {
  const { apps, language } = view.words;
  return html`<form method="post" action="${appPath(view.app, 'secrets')}" class="card sheet">
${token(view)}
<h2>${apps.newSecret}</h2>
<div class="field"><label for="name">${apps.secretName} <span class="quiet">(${apps.optional})</span></label><p class="quiet" id="name-hint">${apps.secretNameHint}</p><input type="text" id="name" name="name" maxlength="60" autocomplete="off" aria-describedby="name-hint"></div>
<div class="field"><label for="days">${apps.secretDays}</label><select id="days" name="days">${view.days.map((days) => html`<option value="${days}">${span(days * 86_400, language)}</option>`)}</select></div>
<div class="ways"><button class="primary">${apps.secretMake}</button></div>
</form>`;
};
