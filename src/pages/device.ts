/** Entering the code that a device shows (RFC 8628 §3.3), and the pages after the answer. */
import { type Html, html } from './html.ts';
import { type Account, accountRow, layout, type Site } from './layout.ts';
import { displayText, sentenceEnd } from './text.ts';

export type DeviceView = Site & {
  readonly account: Account;
  readonly formToken: string;
  /** What the field holds already. */
  readonly userCode?: string;
  /** Why the code was not taken. */
  readonly problem?: string;
};

/** The form posts `user_code` to /device. A code that a link brought is shown, and still has to be sent by the person. */
export const devicePage = (view: DeviceView): Html =>
  layout(
    view,
    'Connect a device',
    html`<h1>Connect a device</h1>
<p class="lead">A device or an app without a browser shows you a code. Enter it here, and you see who asks for what before anything happens.</p>
<div class="card">
${accountRow(view.account)}
<form method="post" action="/device" class="code-form">
<input type="hidden" name="token" value="${view.formToken}">
<label for="user_code">Code on the device</label>
<input id="user_code" name="user_code" value="${view.userCode ?? ''}" required maxlength="20" autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="XXXX-XXXX"${view.problem !== undefined && html` aria-invalid="true" aria-describedby="problem"`}>
${view.problem !== undefined && html`<p id="problem" class="problem" role="alert">${view.problem}</p>`}
<button class="primary">Continue</button>
</form>
</div>
<p class="quiet">Only enter a code that you see on a device of your own. Nobody who helps you needs you to enter theirs.</p>`,
  );

/** After approving. */
export const deviceConnectedPage = (site: Site, clientName: string): Html =>
  layout(
    site,
    'Device connected',
    html`<h1>Go back to your device</h1>
<p class="lead">${displayText(clientName, 50)} is connected. In a few seconds the device notices by itself.</p>
<p><a class="button" href="/authorizations">Manage authorizations</a></p>`,
  );

/** After refusing. */
export const deviceRefusedPage = (site: Site, clientName: string): Html =>
  layout(
    site,
    'Not connected',
    html`<h1>The device gets nothing</h1>
<p class="lead">You refused ${displayText(clientName, 50)}${sentenceEnd(clientName, 50)} The code is of no use any more.</p>
<p><a class="button" href="/">Go to the start page</a></p>`,
  );
