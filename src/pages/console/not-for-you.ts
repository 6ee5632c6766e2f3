/** For whoever is signed in and neither operator nor auditor. */
import { type Html, html } from '../html.ts';
import { accountRow, layout, signOutForm } from '../layout.ts';
import type { ConsoleSite } from './frame.ts';

export const notForYouPage = (site: ConsoleSite): Html =>
  layout(
    site,
    'Console',
    html`<h1>The console is for operators</h1>
<p class="lead">Your account has neither the role of an operator nor that of an auditor here. Whoever manages your directory can assign one to you; then sign in again.</p>
<div class="card">${accountRow(site.account, site.words, signOutForm(site.formToken, site.words))}</div>`,
  );
