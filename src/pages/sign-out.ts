/** Asking before signing out, and the page after it. */
import { type Html, html } from './html.ts';
import { type Account, accountRow, hiddenInputs, layout, type Site } from './layout.ts';
import { displayText } from './text.ts';
import type { Words } from './words/words.ts';

export type SignOutView = Site & {
  readonly account?: Account;
  readonly formToken?: string;
  /** The service that wants the person signed out, and what its request carries; without a name if it does not say who it is. */
  readonly service?: { readonly name: string | undefined; readonly hidden: readonly (readonly [string, string])[] };
};

const manageLink = ({ common }: Words): Html => html`<a href="/authorizations">${common.manage}</a>`;

/** Asks, because a link on another site must not be able to sign anyone out; without a session there is nothing to ask. */
export const signOutPage = (view: SignOutView): Html => {
  if (view.account === undefined || view.formToken === undefined) return notSignedInPage(view);
  const { words, service } = view;
  const { signOut, common } = words;
  return layout(
    view,
    signOut.title,
    html`<h1>${signOut.heading}</h1>
${service?.name !== undefined && html`<p class="lead">${signOut.sentBy(displayText(service.name), displayText(view.brandName))}</p>`}
<p class="lead">${signOut.consequences(manageLink(words))}</p>
<div class="card">
${accountRow(view.account, words)}
<form method="post" action="${service === undefined ? '/sign-out' : '/end-session'}" class="answers">
<input type="hidden" name="token" value="${view.formToken}">
${service !== undefined && hiddenInputs([...service.hidden, ['decision', 'sign-out']])}
<a class="button" href="/">${signOut.stay}</a>
<button class="primary">${common.signOut}</button>
</form>
</div>`,
  );
};

const notSignedInPage = (site: Site): Html => {
  const { signOut, common } = site.words;
  return layout(
    site,
    signOut.notSignedInTitle,
    html`<h1>${signOut.notSignedInHeading}</h1>
<p class="lead">${signOut.notSignedIn}</p>
<p><a class="button primary" href="/sign-in">${common.signIn}</a></p>`,
  );
};

/** After the session has ended. */
export const signedOutPage = (site: Site): Html => {
  const { signOut } = site.words;
  return layout(
    site,
    signOut.doneTitle,
    html`<h1>${signOut.doneHeading}</h1>
<p class="lead">${signOut.done(displayText(site.brandName))}</p>
<div class="card">
<p>${signOut.sharedDevice}</p>
<p><a class="button primary" href="/sign-in">${signOut.signInAgain}</a></p>
</div>`,
  );
};
