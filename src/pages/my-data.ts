/** What is stored about a person: to take it along, and to have it deleted. */
import { type Html, html } from './html.ts';
import { type Account, accountRow, layout, type Site } from './layout.ts';
import { cleanText } from './text.ts';

/** Longer than any receipt. */
const receiptLength = 8_000;

export type MyDataView = Site & { readonly account: Account };

/** Leads to /my-data/download and /my-data/erase. */
export const myDataPage = (view: MyDataView): Html => {
  const { common, account } = view.words;
  const { data } = account;
  return layout(
    view,
    data.title,
    html`<p class="back"><a href="/authorizations">${common.manage}</a></p>
<h1>${data.title}</h1>
<p class="lead">${data.lead}</p>
<div class="card">${accountRow(view.account, view.words)}
<p>${data.downloadExplained}</p>
<p class="quiet">${data.parts}</p>
<p><a class="button primary" href="/my-data/download" download="assent-my-data.json">${data.download}</a></p></div>
<section class="card" aria-labelledby="elsewhere"><h2 id="elsewhere">${data.elsewhere}</h2>
<p>${data.elsewhereExplained}</p></section>
<section class="card" aria-labelledby="erase"><h2 id="erase">${data.erase}</h2>
<p><a href="/my-data/erase">${data.eraseLink}</a></p></section>`,
  );
};

export type EraseView = MyDataView & {
  readonly formToken: string;
  /** True if the person asked for it without saying that they mean it. */
  readonly isUnconfirmed: boolean;
};

/** Its form goes to /my-data/erase. */
export const erasePage = (view: EraseView): Html => {
  const { erase, data } = view.words.account;
  return layout(
    view,
    erase.title,
    html`<p class="back"><a href="/my-data">${data.title}</a></p>
<h1>${erase.title}</h1>
${view.isUnconfirmed && html`<p class="notice" role="alert">${erase.notConfirmed}</p>`}
<p class="lead">${erase.lead}</p>
<div class="card">${accountRow(view.account, view.words)}
<ul class="plain-list">${erase.consequences.map((one) => html`<li>${one}</li>`)}</ul>
<p>${erase.again}</p></div>
<section class="card" aria-labelledby="stays"><h2 id="stays">${erase.stays}</h2>
<ul class="plain-list">${erase.stayingList.map((one) => html`<li>${one}</li>`)}</ul></section>
<form class="card fields" method="post" action="/my-data/erase">
<input type="hidden" name="token" value="${view.formToken}">
<label><input type="checkbox" name="confirmed" value="yes" required> ${erase.confirm}</label>
<button class="danger">${erase.now}</button>
</form>`,
  );
};

/** After it: `isWhole` says whether all of it is done. */
export const erasedPage = (
  site: Site,
  { isWhole, receipt }: { readonly isWhole: boolean; readonly receipt: string | undefined },
): Html => {
  const { erase } = site.words.account;
  return layout(
    site,
    erase.doneTitle,
    html`<h1>${erase.doneTitle}</h1>
<p class="lead" role="status">${isWhole ? erase.done : erase.begun}</p>
${
  receipt !== undefined &&
  html`<div class="card fields"><label for="receipt">${erase.receipt}</label>
<textarea id="receipt" rows="6" readonly spellcheck="false" dir="ltr">${cleanText(receipt, receiptLength)}</textarea></div>`
}
<p class="next"><a class="button" href="/">${site.words.common.startPage}</a></p>`,
  );
};
