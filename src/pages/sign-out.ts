/** Asking before signing out, and the page after it. */
import { type Html, html } from './html.ts';
import { type Account, accountRow, hiddenInputs, layout, type Site } from './layout.ts';
import { displayText, sentenceEnd } from './text.ts';

export type SignOutView = Site & {
  readonly account?: Account;
  readonly formToken?: string;
  /** The service that wants the person signed out, and what its request carries; without a name if it does not say who it is. */
  readonly service?: { readonly name: string | undefined; readonly hidden: readonly (readonly [string, string])[] };
};

/** Asks, because a link on another site must not be able to sign anyone out; without a session there is nothing to ask. */
export const signOutPage = (view: SignOutView): Html => {
  if (view.account === undefined || view.formToken === undefined) return notSignedInPage(view);
  return layout(
    view,
    'Sign out',
    html`<h1>Sign out?</h1>
${view.service?.name !== undefined && html`<p class="lead">${displayText(view.service.name)} has sent you here to sign out of ${displayText(view.brandName)} in this browser.</p>`}
<p class="lead">Services that signed you in from here may sign you out, too. What you authorized services to do for you goes on; to stop one, revoke it under <a href="/authorizations">Manage authorizations</a>.</p>
<div class="card">
${accountRow(view.account)}
<form method="post" action="${view.service === undefined ? '/sign-out' : '/end-session'}" class="answers">
<input type="hidden" name="token" value="${view.formToken}">
${view.service !== undefined && hiddenInputs([...view.service.hidden, ['decision', 'sign-out']])}
<a class="button" href="/">Stay signed in</a>
<button class="primary">Sign out</button>
</form>
</div>`,
  );
};

const notSignedInPage = (site: Site): Html =>
  layout(
    site,
    'Not signed in',
    html`<h1>You are not signed in</h1>
<p class="lead">There is nothing to sign out of in this browser.</p>
<p><a class="button primary" href="/sign-in">Sign in</a></p>`,
  );

/** After the session has ended. */
export const signedOutPage = (site: Site): Html =>
  layout(
    site,
    'Signed out',
    html`<h1>You are signed out</h1>
<p class="lead">This browser is signed out of ${displayText(site.brandName)}${sentenceEnd(site.brandName)} Services that signed you in from here may sign you out, too. What you authorized services to do for you goes on until you revoke it.</p>
<div class="card">
<p>On a shared device, sign out of your Microsoft account or work account as well, or close the browser: it may still be signed in there.</p>
<p><a class="button primary" href="/sign-in">Sign in again</a></p>
</div>`,
  );
