/** Who looks after a service, and becoming one of them. */
import {
  type AppsSite,
  appHead,
  appPath,
  askedOnce,
  dateIn,
  fact,
  type ShownApp,
  shownOnce,
  token,
  wayTo,
} from './apps-parts.ts';
import { type Html, html } from './html.ts';
import { layout } from './layout.ts';
import { displayText } from './text.ts';

type ShownOwner = {
  readonly id: string;
  readonly name: string;
  readonly accountName: string;
  readonly since: number;
  /** Whether it is who reads the page. */
  readonly isReader: boolean;
};

export type AppOwnersView = AppsSite & {
  readonly app: ShownApp;
  readonly owners: readonly ShownOwner[];
  readonly invitations: readonly { readonly id: string; readonly expiresAt: number }[];
  /** A link that was made just now. */
  readonly link?: string;
};

export const appOwnersPage = (view: AppOwnersView): Html => {
  const { apps } = view.words;
  return layout(
    view,
    apps.owners,
    html`<h1>${apps.owners}</h1>
<p class="lead">${apps.ownersLead}</p>
${view.link !== undefined && shownOnce(apps.inviteOnce, view.link)}
${view.owners.map((one) => ownerCard(one, view))}
<form method="post" action="${appPath(view.app, 'owners')}" class="card sheet">
${token(view)}
<h2>${apps.invite}</h2>
<p>${apps.inviteLead}</p>
<div class="ways"><button name="invite" value="yes">${apps.inviteMake}</button></div>
</form>
${view.invitations.length > 0 && invitationsPart(view)}
${wayTo(appPath(view.app), apps.back)}`,
  );
};

const ownerCard = (owner: ShownOwner, view: AppOwnersView): Html => {
  const { apps } = view.words;
  return html`<article class="card">
<h2>${displayText(owner.name, 100)}${owner.isReader && html` <span class="badge">${apps.you}</span>`}</h2>
<p class="quiet">${displayText(owner.accountName, 100)}</p>
<dl class="facts">${fact(apps.ownerSince, dateIn(view, owner.since))}</dl>
${view.owners.length === 1 ? html`<p class="quiet">${apps.ownerLast}</p>` : removePart(owner, view)}
</article>`;
};

const removePart = ({ id, isReader }: ShownOwner, view: AppOwnersView): Html => {
  const { apps } = view.words;
  const form = html`<form method="post" action="${appPath(view.app, 'owners')}">${token(view)}<input type="hidden" name="remove" value="${id}"><button class="danger">${isReader ? apps.ownerLeaveYes : apps.ownerRemoveYes}</button></form>`;
  return isReader
    ? askedOnce(apps.ownerLeave, apps.ownerLeaveMeaning, form)
    : askedOnce(apps.ownerRemove, apps.ownerRemoveMeaning, form);
};

const invitationsPart = (view: AppOwnersView): Html => {
  const { apps } = view.words;
  return html`<section class="card" aria-labelledby="invitations"><h2 id="invitations">${apps.invitations}</h2>
${view.invitations.map(({ id, expiresAt }) => html`<form method="post" action="${appPath(view.app, 'owners')}" class="card-head">${token(view)}<input type="hidden" name="withdraw" value="${id}"><dl class="facts">${fact(apps.invitationUntil, dateIn(view, expiresAt))}</dl><button>${apps.invitationWithdraw}</button></form>`)}
</section>`;
};

export type JoinView = AppsSite & { readonly app: ShownApp; readonly invitation: string };

export const joinPage = (view: JoinView): Html => {
  const { apps } = view.words;
  return layout(
    view,
    apps.joinTitle,
    html`<h1>${apps.joinQuestion(displayText(view.app.name, 100))}</h1>
<p class="lead">${apps.joinLead}</p>
<div class="card">${appHead(view.app, html`<h2>${displayText(view.app.name, 100)}</h2>`)}</div>
<form method="post" action="/apps/join" class="sheet">
${token(view)}<input type="hidden" name="invitation" value="${view.invitation}">
<div class="ways"><button class="primary">${apps.joinYes}</button><a class="button" href="/apps">${apps.joinNo}</a></div>
</form>`,
  );
};
