/** What the approval page asks for: each permission in plain words, at each resource that it is for. */
import { counted } from './dates.ts';
import { type Html, html } from './html.ts';
import { highPrivilegeFlag } from './layout.ts';
import { displayText } from './text.ts';
import type { Words } from './words/words.ts';

/** What a permission means at one of the resources, or at several that say the same. */
export type Meaning = {
  /** Names of the resources; none where there is only one on the page. */
  readonly at?: readonly string[];
  readonly name: string;
  readonly description: string;
  /** What this permission brings with it. */
  readonly includes: readonly { readonly name: string; readonly description: string }[];
};

export type ApprovalPermission = Meaning & {
  readonly id: string;
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
  /** What else the same permission means, at other resources. */
  readonly elsewhere?: readonly Meaning[];
};

type PermissionsView = {
  readonly words: Words;
  readonly resources: readonly { readonly name: string; readonly identifier: string }[];
  readonly permissions: readonly ApprovalPermission[];
  readonly details?: readonly unknown[];
};

/** The permissions as boxes to untick, under the resources that they are for; nothing for a request that is all details. */
export const permissionsPart = (view: PermissionsView): Html | undefined =>
  view.permissions.length === 0 && (view.details ?? []).length > 0 ? undefined : boxes(view);

const boxes = ({ permissions, resources, words }: PermissionsView): Html => html`<fieldset class="card">
<legend><h2>What it asks for</h2></legend>
<p class="quiet">${permissionsSummary(permissions)}</p>
${resources.map(({ name, identifier }) => html`<p class="resource"><b>${displayText(name)}</b> <span class="host">${displayText(identifier)}</span></p>`)}
${permissionList(permissions, words)}
</fieldset>`;

/** Categories only where one of them has several members: a heading over each single permission says everything twice. */
const permissionList = (permissions: readonly ApprovalPermission[], words: Words): Html | readonly Html[] => {
  const categories = Map.groupBy(permissions.entries(), ([, { category }]) => category);
  if (categories.size === permissions.length) return permissionItems([...permissions.entries()], words);
  return Array.from(
    categories,
    ([category, members]) => html`<h3>${displayText(category)}</h3>
${permissionItems(members, words)}`,
  );
};

const permissionsSummary = (permissions: readonly ApprovalPermission[]): string => {
  if (permissions.length === 0) return 'It asks for no permission beyond knowing that you approved.';
  const high = permissions.filter((permission) => permission.highPrivilege).length;
  const count = `${counted('en', { one: '# permission', other: '# permissions' })(permissions.length)}${high > 0 ? `, ${high} of high privilege` : ''}.`;
  const choice = permissions.every((permission) => permission.required)
    ? 'The service needs all of them.'
    : 'Untick what you do not want to allow.';
  return `${count} ${choice}`;
};

const permissionItems = (members: readonly (readonly [number, ApprovalPermission])[], words: Words): Html =>
  html`<ul class="permissions">${members.map(([index, permission]) => permissionPart(permission, `permission-${index}`, words))}</ul>`;

const permissionPart = (permission: ApprovalPermission, id: string, words: Words): Html => html`<li>
${permission.required ? requiredPart(permission) : choicePart(permission, id)}
<div class="details">
${permissionName(permission, id)}
${permission.highPrivilege && highPrivilegeFlag(words)}
${permission.isNew && newFlag}
<div id="${id}-about">
${meaningPart(permission)}
${permission.elsewhere?.map((meaning) => html`<p class="meaning"><b>${displayText(meaning.name)}</b></p>${meaningPart(meaning)}`)}
${permission.required && html`<p class="remark">Always part of this approval.</p>`}
${permission.alreadyGranted && html`<p class="remark">You allowed this before.</p>`}
${!permission.required && permission.partOf.length > 0 && partOfRemark(permission.partOf)}
</div>
</div>
</li>`;

const meaningPart = ({ at = [], description, includes }: Meaning): Html => html`${
  at.length > 0 && html`<p class="place">At ${listed(at)}</p>`
}
<p>${displayText(description, 300)}</p>
${includes.length > 0 && includedPart(includes)}`;

/** Names in a sentence: one, two and three. */
export const listed = (names: readonly string[]): readonly Html[] =>
  names.map(
    (name, index) => html`${index > 0 && (index === names.length - 1 ? ' and ' : ', ')}<b>${displayText(name)}</b>`,
  );

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
