/** The front door: what this place is, for somebody who has never heard of it. */
import { type Address, developerPart } from './home-developers.ts';
import { type Html, html } from './html.ts';
import { type Account, accountRow, layout, type Site, signOutForm } from './layout.ts';
import type { Words } from './words/words.ts';

export type HomeView = Site & {
  readonly account?: Account;
  /** Of whoever is signed in and administers. */
  readonly role?: 'operator' | 'auditor' | undefined;
  readonly addresses: { readonly developers: readonly Address[]; readonly operators: readonly Address[] };
  readonly formToken?: string;
};

export const homePage = (view: HomeView): Html => {
  const { home } = view.words;
  return layout(
    view,
    home.title,
    html`<h1>${home.title}</h1>
<p class="lead">${home.lead}</p>
${view.account === undefined ? signInPart(view.words) : accountPart(view, view.account)}
<section class="card" aria-labelledby="how">
<h2 id="how">${home.howItWorks}</h2>
<ol class="steps">${home.steps.map(([step, about]) => html`<li><b>${step}</b> ${about}</li>`)}</ol>
</section>
${view.role === 'operator' && operatorPart(view.addresses.operators)}
${view.role === 'auditor' && auditorPart}
${developerPart(view.issuer, view.addresses.developers)}`,
  );
};

const signInPart = ({ common, home }: Words): Html => html`<div class="card">
<p>${home.signInFirst}</p>
<p><a class="button primary" href="/sign-in">${common.signIn}</a></p>
</div>`;

const accountPart = (view: HomeView, account: Account): Html => html`<div class="card">
${accountRow(account, view.words, view.formToken === undefined ? undefined : signOutForm(view.formToken, view.words))}
<p class="ways"><a class="button primary" href="/authorizations">${view.words.common.manage}</a><a class="button" href="/apps">${view.words.apps.title}</a></p>
</div>`;

const operatorPart = (
  addresses: readonly Address[],
): Html => html`<section class="card" lang="en" dir="ltr" aria-labelledby="operators">
<h2 id="operators">For operators</h2>
<p>You are an operator here. <a href="/console">Open the console</a></p>
<p class="quiet">From a shell, <code>npx assent</code> in a checkout administers in your name, by the account that the Azure CLI is signed in with. Programs use the admin API with the token of an operator client; whoever deploys this server makes the first one, with <code>node infra/hooks/first-operator-client.mjs</code>.</p>
<ul class="addresses">${addresses.map(({ path, about }) => html`<li>${path.startsWith('/api/') ? html`<code>${path}</code>` : html`<a href="${path}">${path}</a>`} <span class="quiet">${about}</span></li>`)}</ul>
</section>`;

const auditorPart = html`<section class="card" lang="en" dir="ltr" aria-labelledby="auditors">
<h2 id="auditors">For auditors</h2>
<p>You are an auditor here: you see everything and change nothing. <a href="/console">Open the console</a></p>
</section>`;
