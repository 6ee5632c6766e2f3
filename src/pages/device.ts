/** Entering the code that a device shows (RFC 8628 §3.3), and the pages after the answer. */
import { type Html, html } from './html.ts';
import { type Account, accountRow, layout, type Site } from './layout.ts';
import { displayText } from './text.ts';

export type DeviceView = Site & {
  readonly account: Account;
  readonly formToken: string;
  /** What the field holds already. */
  readonly userCode?: string;
  /** Why the code was not taken. */
  readonly problem?: string;
};

/** The form posts `user_code` to /device. A code that a link brought is shown, and still has to be sent by the person. */
export const devicePage = (view: DeviceView): Html => {
  const { device, common } = view.words;
  return layout(
    view,
    device.title,
    html`<h1>${device.title}</h1>
<p class="lead">${device.lead}</p>
<div class="card">
${accountRow(view.account, view.words)}
<form method="post" action="/device" class="code-form">
<input type="hidden" name="token" value="${view.formToken}">
<label for="user_code">${device.code}</label>
<input id="user_code" name="user_code" dir="ltr" value="${view.userCode ?? ''}" required maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="XXXX-XXXX"${view.problem !== undefined && html` aria-invalid="true" aria-describedby="problem"`}>
${view.problem !== undefined && html`<p id="problem" class="problem" role="alert">${view.problem}</p>`}
<button class="primary">${common.continue}</button>
</form>
</div>
<p class="quiet">${device.onlyYourOwn}</p>`,
  );
};

/** After approving. */
export const deviceConnectedPage = (site: Site, clientName: string): Html => {
  const { device, common } = site.words;
  return layout(
    site,
    device.connectedTitle,
    html`<h1>${device.connectedHeading}</h1>
<p class="lead">${device.connected(displayText(clientName, 50))}</p>
<p><a class="button" href="/authorizations">${common.manage}</a></p>`,
  );
};

/** After refusing. */
export const deviceRefusedPage = (site: Site, clientName: string): Html => {
  const { device, common } = site.words;
  return layout(
    site,
    device.refusedTitle,
    html`<h1>${device.refusedHeading}</h1>
<p class="lead">${device.refused(displayText(clientName, 50))}</p>
<p><a class="button" href="/">${common.startPage}</a></p>`,
  );
};
