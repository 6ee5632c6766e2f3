/** The approval page: who asks, for whom, for what, for how long; and the two answers. */
import { countOf, span } from './dates.ts';
import { type Html, html } from './html.ts';
import { type Account, accountRow, hiddenInputs, highPrivilegeFlag, layout, type Site, tile } from './layout.ts';
import { cleanText, displayText, externalLink, sentenceEnd } from './text.ts';

type ApprovalClient = {
  readonly name: string;
  readonly uri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  /** An operator checked who runs this service. */
  readonly verified: boolean;
  /** Host of the validated redirect URI. */
  readonly redirectHost: string;
  /** What listens there: a local website and an app are on the person's own device. */
  readonly recipient: 'website' | 'local website' | 'app';
};

export type ApprovalPermission = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly highPrivilege: boolean;
  /** Cannot be left out: the service gets all required permissions or none at all. */
  readonly required: boolean;
  /** As the page opens. */
  readonly ticked: boolean;
  readonly alreadyGranted: boolean;
  /** The service did not ask for it when the person last decided. */
  readonly isNew: boolean;
  /** Names of permissions on this page that bring this one with them. */
  readonly partOf: readonly string[];
  /** What this permission brings with it. */
  readonly includes: readonly { readonly name: string; readonly description: string }[];
};

export type Approval = Site & {
  readonly client: ApprovalClient;
  readonly account: Account;
  readonly resources: readonly { readonly name: string; readonly identifier: string }[];
  readonly permissions: readonly ApprovalPermission[];
  readonly lifetime: { readonly idleSeconds: number; readonly absoluteSeconds: number };
  readonly hidden: readonly (readonly [string, string])[];
  /** Why the person sees this page once more, in a sentence or two. */
  readonly notice?: string;
  readonly switchAccount: { readonly action: string; readonly hidden: readonly (readonly [string, string])[] };
};

/** Asks for approval; the form posts `permission` (repeated) and `decision` to /consent. */
export const approvalPage = (approval: Approval): Html =>
  layout(
    approval,
    `Allow ${cleanText(approval.client.name, 50)}?`,
    html`<h1>Allow ${clientName(approval.client)} to act for you?</h1>
${approval.notice !== undefined && html`<p class="notice" role="alert">${approval.notice}</p>`}
${introduction(approval)}
${!approval.client.verified && unverifiedWarning(approval)}
<section class="card parties" aria-label="Who asks, and whom">
${clientPart(approval)}
${accountPart(approval)}
</section>
<form method="post" action="/consent" autocomplete="off">${
      // Without autocomplete="off" Firefox would bring back the ticks of an earlier visit after a reload.
      hiddenInputs(approval.hidden)
    }
${permissionsPart(approval)}
${consequences(approval)}
${decision(approval)}
</form>`,
  );

/** Short, so that a service cannot tell a whole story in its name. */
const clientName = (client: ApprovalClient): Html => displayText(client.name, 50);

const introduction = ({ client, resources }: Approval): Html =>
  html`<p class="lead">${clientName(client)} is a service. It asks for your permission to use ${
    resources.length === 0 ? 'your account' : resources.map(resourceName)
  } in your name.</p>`;

const resourceName = (resource: Approval['resources'][number], index: number): Html =>
  html`${index > 0 && ', '}<b>${displayText(resource.name)}</b>`;

const unverifiedWarning = ({ brandName }: Approval): Html => html`<div class="warning">
<p><b>This service is not verified.</b> Nobody at ${displayText(brandName)} has confirmed who runs it, and a name alone proves nothing. Go on only if you came here from a service that you know and trust.</p>
</div>`;

const clientPart = ({ client, brandName }: Approval): Html => html`<div class="party">
<div class="who">
${tile(client.name)}
<div>
<p class="party-name">${clientName(client)}</p>
<p class="${client.verified ? 'badge' : 'badge doubt'}">${client.verified ? 'Verified by' : 'Not verified by'} ${displayText(brandName)}</p>
</div>
</div>
<dl class="facts">
<div><dt>Your answer goes to</dt><dd>${recipient(client)}</dd></div>
</dl>
${clientLinks(client)}
</div>`;

const recipient = ({ recipient: kind, redirectHost }: ApprovalClient): Html => {
  if (kind === 'app') return html`<b>an app on this device</b>`;
  return html`<b>${displayText(redirectHost, 253)}</b>${kind === 'local website' && ' on this device'}`;
};

const recipientEnd = ({ recipient: kind, redirectHost }: ApprovalClient): string =>
  kind === 'website' ? sentenceEnd(redirectHost, 253) : '.';

const clientLinks = (client: ApprovalClient): Html | undefined => {
  const addresses = [
    [client.uri, 'Website'],
    [client.policyUri, 'Privacy'],
    [client.tosUri, 'Terms'],
  ] as const;
  const shownHost = client.recipient === 'app' ? undefined : client.redirectHost;
  const links = addresses.flatMap(([uri, label]) => (uri === undefined ? [] : [externalLink(uri, label, shownHost)]));
  return links.length === 0 ? undefined : html`<ul class="links">${links.map((link) => html`<li>${link}</li>`)}</ul>`;
};

const accountPart = ({ account, switchAccount }: Approval): Html =>
  accountRow(
    account,
    html`<form method="post" action="${switchAccount.action}">${hiddenInputs(switchAccount.hidden)}<button class="plain">Use another account</button></form>`,
  );

const permissionsPart = ({ permissions, resources }: Approval): Html => html`<fieldset class="card">
<legend><h2>What it asks for</h2></legend>
<p class="quiet">${permissionsSummary(permissions)}</p>
${resources.map(({ name, identifier }) => html`<p class="resource"><b>${displayText(name)}</b> <span class="host">${displayText(identifier)}</span></p>`)}
${permissionList(permissions)}
</fieldset>`;

/** Categories only where one of them has several members: a heading over each single permission says everything twice. */
const permissionList = (permissions: readonly ApprovalPermission[]): Html | readonly Html[] => {
  const categories = Map.groupBy(permissions.entries(), ([, { category }]) => category);
  if (categories.size === permissions.length) return permissionItems([...permissions.entries()]);
  return Array.from(
    categories,
    ([category, members]) => html`<h3>${displayText(category)}</h3>
${permissionItems(members)}`,
  );
};

const permissionsSummary = (permissions: readonly ApprovalPermission[]): string => {
  if (permissions.length === 0) return 'It asks for no permission beyond knowing that you approved.';
  const high = permissions.filter((permission) => permission.highPrivilege).length;
  const count = `${countOf(permissions.length, 'permission')}${high > 0 ? `, ${high} of high privilege` : ''}.`;
  const choice = permissions.every((permission) => permission.required)
    ? 'The service needs all of them.'
    : 'Untick what you do not want to allow.';
  return `${count} ${choice}`;
};

const permissionItems = (members: readonly (readonly [number, ApprovalPermission])[]): Html =>
  html`<ul class="permissions">${members.map(([index, permission]) => permissionPart(permission, `permission-${index}`))}</ul>`;

const permissionPart = (permission: ApprovalPermission, id: string): Html => html`<li>
${permission.required ? requiredPart(permission) : choicePart(permission, id)}
<div class="details">
${permissionName(permission, id)}
${permission.highPrivilege && highPrivilegeFlag}
${permission.isNew && newFlag}
<div id="${id}-about">
<p>${displayText(permission.description, 300)}</p>
${permission.includes.length > 0 && includedPart(permission.includes)}
${permission.required && html`<p class="remark">Always part of this approval.</p>`}
${permission.alreadyGranted && html`<p class="remark">You allowed this before.</p>`}
${!permission.required && permission.partOf.length > 0 && partOfRemark(permission.partOf)}
</div>
</div>
</li>`;

const newFlag = html`<span class="badge">New</span>`;

const partOfRemark = (names: readonly string[]): Html => {
  const others = names.map((name, index) => html`${index > 0 && ' and of '}<b>${displayText(name)}</b>`);
  return html`<p class="remark">Also part of ${others}: untick ${names.length === 1 ? 'both' : 'all of them'} to leave it out.</p>`;
};

const choicePart = (permission: ApprovalPermission, id: string): Html =>
  html`<input type="checkbox" id="${id}" name="permission" value="${permission.id}"${permission.ticked && html` checked`} aria-describedby="${id}-about">`;

/** A disabled checkbox would not be sent, and one that cannot be unticked does not exist. */
const requiredPart = (permission: ApprovalPermission): Html =>
  html`<input type="hidden" name="permission" value="${permission.id}"><span class="always" aria-hidden="true">✓</span>`;

const permissionName = (permission: ApprovalPermission, id: string): Html =>
  permission.required
    ? html`<b>${displayText(permission.name)}</b>`
    : html`<label for="${id}">${displayText(permission.name)}</label>`;

const includedPart = (
  includes: ApprovalPermission['includes'],
): Html => html`<p class="includes-title">Also includes</p>
<ul class="includes">${includes.map(({ name, description }) => html`<li><b>${displayText(name)}</b>: ${displayText(description, 300)}</li>`)}</ul>`;

const consequences = ({
  client,
  lifetime,
}: Approval): Html => html`<section class="card" aria-labelledby="consequences">
<h2 id="consequences">What happens if you approve</h2>
<ul class="plain-list">
<li>${clientName(client)} can do what is ticked above, as you, without asking again each time.</li>
<li><b>It never sees your password</b>, and does not need it.</li>
<li>It ends by itself after ${span(lifetime.idleSeconds)} without use, and in any case after ${span(lifetime.absoluteSeconds)}.</li>
<li>You can revoke it at any time under <a href="/authorizations">Manage authorizations</a>.</li>
</ul>
</section>`;

const cautions = {
  website: undefined,
  'local website': ' Approve only if you run that website yourself.',
  app: ' Approve only if you started that app yourself, just now.',
} as const satisfies Readonly<Record<ApprovalClient['recipient'], string | undefined>>;

/** "Deny" comes first: Enter in a checkbox presses a form's first button, and a slip must never approve. */
const decision = ({ client, account }: Approval): Html => html`<div class="decision">
<p>You answer as <b>${displayText(account.accountName)}</b>${sentenceEnd(account.accountName)} Either answer goes to ${recipient(client)}${recipientEnd(client)}${cautions[client.recipient]}</p>
<div class="answers">
<button name="decision" value="deny">Deny</button>
<button name="decision" value="approve" class="primary">Approve</button>
</div>
</div>`;
