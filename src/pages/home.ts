/** The front door: what this place is, for somebody who has never heard of it. */
import { type Address, developerPart } from './home-developers.ts';
import { type Html, html } from './html.ts';
import { type Account, accountRow, layout, type Site, signOutForm } from './layout.ts';

export type HomeView = Site & {
  readonly account?: Account;
  readonly operator: boolean;
  readonly addresses: { readonly developers: readonly Address[]; readonly operators: readonly Address[] };
  readonly formToken?: string;
};

export const homePage = (view: HomeView): Html =>
  layout(
    view,
    'You decide who uses your data',
    html`<h1>You decide who uses your data</h1>
<p class="lead">Sometimes another service wants to use what is yours: your work items, your source code, your build results. This is where it has to ask you first.</p>
${view.account === undefined ? signInPart : accountPart(view, view.account)}
<section class="card" aria-labelledby="how">
<h2 id="how">How it works</h2>
<ol class="steps">
<li><b>A service asks.</b> It sends you here, and you see its name and every single thing that it wants to do.</li>
<li><b>You answer.</b> You approve, allow only a part, or refuse. Your password stays with you: no service ever sees it.</li>
<li><b>You can change your mind.</b> Everything you allowed is listed here, and one button takes it back.</li>
</ol>
</section>
${view.operator && operatorPart(view.addresses.operators)}
${developerPart(view.issuer, view.addresses.developers)}`,
  );

const signInPart = html`<div class="card">
<p>Sign in to see what you have allowed so far.</p>
<p><a class="button primary" href="/sign-in">Sign in</a></p>
</div>`;

const accountPart = (view: HomeView, account: Account): Html => html`<div class="card">
${accountRow(account, view.formToken === undefined ? undefined : signOutForm(view.formToken))}
<p><a class="button primary" href="/authorizations">Manage authorizations</a></p>
</div>`;

const operatorPart = (addresses: readonly Address[]): Html => html`<section class="card" aria-labelledby="operators">
<h2 id="operators">For operators</h2>
<p class="quiet">You are an operator here. There is no console yet: services are managed by the admin API, which takes the token of an operator client. Whoever deploys this server can make you one, with <code>node infra/hooks/first-operator-client.mjs</code>.</p>
<ul class="addresses">${addresses.map(({ path, about }) => html`<li>${path.startsWith('/api/') ? html`<code>${path}</code>` : html`<a href="${path}">${path}</a>`} <span class="quiet">${about}</span></li>`)}</ul>
</section>`;
