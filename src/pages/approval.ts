/** The approval page: who asks, for whom, for what, for how long; and the two answers. */

import { type ApprovalDetail, detailsPart } from './approval-details.ts';
import { type ApprovalPermission, listed, permissionsPart } from './approval-permissions.ts';
import { span } from './dates.ts';
import { type Html, html } from './html.ts';
import { type Account, accountRow, hiddenInputs, layout, type Site, tile } from './layout.ts';
import { cleanText, displayText, externalLink, sentenceEnd } from './text.ts';
import type { Words } from './words/words.ts';

type ApprovalClient = {
  readonly name: string;
  readonly uri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  /** An operator checked who runs this service. */
  readonly verified: boolean;
  /** Host of the document that describes it, where nobody registered it. */
  readonly documentHost?: string;
  /** Host of the validated redirect URI. */
  readonly redirectHost: string;
  /** What listens there: a local website and an app are on the person's own device, another device shows a code. */
  readonly recipient: 'website' | 'local website' | 'app' | 'device';
};

type ApprovalDevice = {
  /** As the device shows it. */
  readonly userCode: string;
  /** The network address that it asked from. */
  readonly place?: string;
  /** What it says of itself. */
  readonly agent?: string;
};

export type Approval = Site & {
  readonly client: ApprovalClient;
  readonly account: Account;
  readonly resources: readonly { readonly name: string; readonly identifier: string }[];
  readonly permissions: readonly ApprovalPermission[];
  /** What is asked for in detail (RFC 9396): all of it or nothing. */
  readonly details?: readonly ApprovalDetail[];
  /** What the service learns about the person, in words such as "your name". */
  readonly learns?: readonly string[];
  readonly lifetime: { readonly idleSeconds: number; readonly absoluteSeconds: number };
  /** Where the form goes. */
  readonly action: '/consent' | '/device/decision';
  readonly hidden: readonly (readonly [string, string])[];
  /** The device that asks, if one does. */
  readonly device?: ApprovalDevice;
  /** Why the person sees this page once more, in a sentence or two. */
  readonly notice?: string;
  readonly switchAccount: {
    readonly action: string;
    readonly method: 'get' | 'post';
    readonly hidden: readonly (readonly [string, string])[];
  };
};

/** Asks for approval; the form posts `permission` (repeated) and `decision`. */
export const approvalPage = (approval: Approval): Html =>
  layout(
    approval,
    `${approval.resources.length === 0 ? 'Sign in to' : 'Allow'} ${cleanText(approval.client.name, 50)}?`,
    html`<h1>${question(approval)}</h1>
${approval.notice !== undefined && html`<p class="notice" role="alert">${approval.notice}</p>`}
${introduction(approval)}
${approval.device !== undefined && devicePart(approval.device)}
${!approval.client.verified && unverifiedWarning(approval)}
<section class="card parties" aria-label="Who asks, and whom">
${clientPart(approval)}
${accountPart(approval)}
</section>
<form method="post" action="${approval.action}" autocomplete="off">${
      // Without autocomplete="off" Firefox would bring back the ticks of an earlier visit after a reload.
      hiddenInputs(approval.hidden)
    }
${detailsPart(approval)}
${permissionsPart(approval)}
${consequences(approval)}
${decision(approval)}
</form>`,
  );

/** Short, so that a service cannot tell a whole story in its name. */
const clientName = (client: ApprovalClient): Html => displayText(client.name, 50);

/** Where no resource is named, the service only wants to know who is there. */
const question = ({ client, resources }: Approval): Html =>
  resources.length === 0 ? html`Sign in to ${clientName(client)}?` : html`Allow ${clientName(client)} to act for you?`;

const introduction = ({ client, resources }: Approval): Html =>
  html`<p class="lead">${clientName(client)} is a service. ${
    resources.length === 0
      ? 'It asks to know who you are.'
      : html`It asks for your permission to use ${resources.map(resourceName)} in your name.`
  }</p>`;

const resourceName = (resource: Approval['resources'][number], index: number): Html =>
  html`${index > 0 && ', '}<b>${displayText(resource.name)}</b>`;

/** RFC 8628 §5.4: whoever sent the code may be the one whose device it is. */
const devicePart = ({ userCode, place, agent }: ApprovalDevice): Html => html`<div class="warning">
<p><b>A device is waiting: it must show the code <span class="code">${userCode}</span>.</b> Go on only if you started this yourself and the device is in front of you. If somebody sent you this code or a link, they would get in.</p>
<dl class="facts">
${place !== undefined && html`<div><dt>It asks from</dt><dd>${displayText(place, 60)}</dd></div>`}
${agent !== undefined && html`<div><dt>It calls itself</dt><dd>${displayText(agent, 120)}</dd></div>`}
</dl>
</div>`;

const unverifiedWarning = ({ brandName }: Approval): Html => html`<div class="warning">
<p><b>This service is not verified.</b> Nobody at ${displayText(brandName)} has confirmed who runs it, and a name alone proves nothing. Go on only if you came here from a service that you know and trust.</p>
</div>`;

const clientPart = ({ client, brandName, words }: Approval): Html => html`<div class="party">
<div class="who">
${tile(client.name)}
<div>
<p class="party-name">${clientName(client)}</p>
<p class="${client.verified ? 'badge' : 'badge doubt'}">${client.verified ? 'Verified by' : 'Not verified by'} ${displayText(brandName)}</p>
</div>
</div>
<dl class="facts">
${client.documentHost !== undefined && html`<div><dt>It is described at</dt><dd><b>${displayText(client.documentHost, 253)}</b></dd></div>`}
<div><dt>Your answer goes to</dt><dd>${recipient(client)}</dd></div>
</dl>
${clientLinks(client, words)}
</div>`;

const recipient = ({ recipient: kind, redirectHost }: ApprovalClient): Html => {
  if (kind === 'app') return html`<b>an app on this device</b>`;
  if (kind === 'device') return html`<b>the device that shows the code</b>`;
  return html`<b>${displayText(redirectHost, 253)}</b>${kind === 'local website' && ' on this device'}`;
};

const recipientEnd = ({ recipient: kind, redirectHost }: ApprovalClient): string =>
  kind === 'website' ? sentenceEnd(redirectHost, 253) : '.';

const clientLinks = (client: ApprovalClient, words: Words): Html | undefined => {
  const addresses = [
    [client.uri, 'Website'],
    [client.policyUri, 'Privacy'],
    [client.tosUri, 'Terms'],
  ] as const;
  const shownHost = client.recipient === 'app' || client.recipient === 'device' ? undefined : client.redirectHost;
  const links = addresses.flatMap(([uri, label]) =>
    uri === undefined ? [] : [externalLink({ uri, label, knownHost: shownHost }, words)],
  );
  return links.length === 0 ? undefined : html`<ul class="links">${links.map((link) => html`<li>${link}</li>`)}</ul>`;
};

const accountPart = ({ account, switchAccount, words }: Approval): Html =>
  accountRow(
    account,
    words,
    html`<form method="${switchAccount.method}" action="${switchAccount.action}">${hiddenInputs(switchAccount.hidden)}<button class="plain">Use another account</button></form>`,
  );

const consequences = ({
  client,
  resources,
  permissions,
  details = [],
  learns = [],
  lifetime,
  words: { language },
}: Approval): Html => html`<section class="card" aria-labelledby="consequences">
<h2 id="consequences">What happens if you approve</h2>
<ul class="plain-list">
${details.length > 0 && html`<li>${clientName(client)} can do exactly what is described above, as you. For anything else of the kind it has to ask you again.</li>`}
${(permissions.length > 0 || details.length === 0) && html`<li>${clientName(client)} ${resources.length === 0 ? 'learns what is ticked above' : 'can do what is ticked above, as you'}, without asking again each time.</li>`}
<li><b>It never sees your password</b>, and does not need it.</li>
${learns.length > 0 && html`<li>It learns ${listed(learns)}.</li>`}
<li>It ends by itself after ${span(lifetime.idleSeconds, language)} without use, and in any case after ${span(lifetime.absoluteSeconds, language)}.</li>
<li>You can revoke it at any time under <a href="/authorizations">Manage authorizations</a>.</li>
</ul>
</section>`;

const cautions = {
  website: undefined,
  'local website': ' Approve only if you run that website yourself.',
  app: ' Approve only if you started that app yourself, just now.',
  device: ' Approve only if that device is yours.',
} as const satisfies Readonly<Record<ApprovalClient['recipient'], string | undefined>>;

/** "Deny" comes first: Enter in a checkbox presses a form's first button, and a slip must never approve. */
const decision = ({ client, account }: Approval): Html => html`<div class="decision">
<p>You answer as <b>${displayText(account.accountName)}</b>${sentenceEnd(account.accountName)} Either answer goes to ${recipient(client)}${recipientEnd(client)}${cautions[client.recipient]}</p>
<div class="answers">
<button name="decision" value="deny">Deny</button>
<button name="decision" value="approve" class="primary">Approve</button>
</div>
</div>`;
