/** What operators do with a service. */
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { counted } from './authorization-parts.ts';
import { askedOnce, formToken } from './frame.ts';
import type { OneView } from './service.ts';

const actionForm = (view: OneView, fields: Html): Html => html`<form method="post" action="/console/services/one">
${formToken(view)}<input type="hidden" name="client_id" value="${view.one.client_id}"><input type="hidden" name="etag" value="${view.etag}">
${fields}
</form>`;

/** Public clients have no secrets, nor have those that prove themselves by keys. */
export const usesSecrets = ({ metadata }: OneView): boolean =>
  String(metadata.token_endpoint_auth_method).startsWith('client_secret');

export const addSecretPart = (view: OneView): Html =>
  askedOnce(
    'Make another secret…',
    'It is shown once. Those that there are stay as they are.',
    actionForm(view, html`<p><button class="primary" name="do" value="add-secret">Make a secret</button></p>`),
  );

export const removeSecretPart = (view: OneView, id: string): Html =>
  askedOnce(
    'Remove…',
    'Whoever uses it is refused from then on.',
    actionForm(
      view,
      html`<input type="hidden" name="secret_id" value="${id}"><button class="danger" name="do" value="remove-secret">Remove<span class="unseen"> secret ${id}</span></button>`,
    ),
  );

export const actionsPart = (view: OneView): Html => {
  const { one } = view;
  const name = displayText(one.client_name, 50);
  return html`<section class="card" aria-labelledby="change"><h2 id="change">Change it</h2>
${actionForm(view, one.verified ? html`<button name="do" value="unverify"><span>Stop saying that ${name} is verified</span></button>` : html`<p class="quiet">People are told that you have checked who runs it.</p><button name="do" value="verify"><span>Verify ${name}</span></button>`)}
${
  one.blocked
    ? actionForm(view, html`<button name="do" value="unblock"><span>Unblock ${name}</span></button>`)
    : askedOnce(
        'Block it…',
        `Its tokens are refused, and it gets no others. What ${counted(one.authorizations, 'person has', 'people have')} authorized stays, and works again once it is unblocked.`,
        actionForm(
          view,
          html`<p><button class="danger" name="do" value="block"><span>Block ${name}</span></button></p>`,
        ),
      )
}
${askedOnce(
  'Delete it…',
  `Deletes ${cleanText(one.client_name, 50)}. What was issued to it is void at once: ${counted(one.authorizations, 'authorization ends', 'authorizations end')}. Nothing brings it back.`,
  actionForm(
    view,
    html`<div class="choice"><input id="sure" type="checkbox" name="sure" value="yes" required><label for="sure">End ${counted(one.authorizations, 'authorization', 'authorizations')}</label></div>
<p><button class="danger" name="do" value="delete"><span>Delete ${name}</span></button></p>`,
  ),
)}</section>`;
};
