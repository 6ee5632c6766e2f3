/** What the approval page asks for: each permission in plain words, the far-reaching first; many of them folded by area. */
import { type Html, html } from './html.ts';
import { allowed, chevron, iconOf } from './icons.ts';
import { highPrivilegeFlag, type Site } from './layout.ts';
import { displayText, named } from './text.ts';
import type { Words } from './words/words.ts';

/** What a permission means at one of the resources, or at several that say the same. */
export type Meaning = {
  /** Names of the resources; none where there is only one on the page. */
  readonly at?: readonly string[];
  readonly name: string;
  readonly description: string;
  /** What this permission brings with it, unless it is on the page itself. */
  readonly includes: readonly { readonly name: string; readonly description: string }[];
};

export type ApprovalPermission = Meaning & {
  readonly id: string;
  /** What else lies in the same fold. */
  readonly category: string;
  readonly icon?: string | undefined;
  readonly highPrivilege: boolean;
  /** Cannot be left out: the service gets all required permissions or none at all. */
  readonly required: boolean;
  /** As the page opens. */
  readonly ticked: boolean;
  readonly alreadyGranted: boolean;
  /** Allowed when it was last asked for, for that one sign-in. */
  readonly wasOnce?: boolean;
  /** The service did not ask for it when the person last decided. */
  readonly isNew: boolean;
  /** Names of permissions on this page that bring this one with them. */
  readonly comesWith: readonly string[];
  /** Those of the page that come with this one alone, the broadest first: each brings all that follow. */
  readonly within?: readonly ApprovalPermission[];
  /** What else the same permission means, at other resources. */
  readonly elsewhere?: readonly Meaning[];
};

type PermissionsView = Site & {
  readonly resources: readonly { readonly name: string; readonly identifier: string }[];
  readonly permissions: readonly ApprovalPermission[];
  readonly details?: readonly unknown[];
};

/** So many fit on the first screen of a phone. */
const unfoldedAtMost = 8;

/** The permissions as boxes to untick; nothing for a request that is all details. */
export const permissionsPart = (view: PermissionsView): Html | undefined => {
  const { permissions, words, details = [] } = view;
  if (permissions.length === 0 && details.length > 0) return undefined;
  return html`<fieldset class="card asks">
<legend><h2>${words.approval.asks}</h2></legend>
${permissions.length > 0 && toolsPart(view)}
${permissions.length === 0 ? html`<p class="quiet">${words.approval.asksNothing}</p>` : listsPart(view)}
</fieldset>`;
};

const allOf = (permissions: readonly ApprovalPermission[]): readonly ApprovalPermission[] =>
  permissions.flatMap((one) => [one, ...(one.within ?? [])]);

const toolsPart = ({ permissions, resources, words }: PermissionsView): Html => {
  const { approval, language } = words;
  const choices = allOf(permissions).filter(({ required }) => !required);
  const places = resources.map(({ name }) => name);
  return html`<div class="tools">
<p class="quiet">${places.length > 0 && approval.asksAt(named(places, language))}</p>
${choices.length > 1 && retickButton(choices, words)}
</div>
${choices.length === 0 && html`<p class="quiet">${approval.needsAll}</p>`}`;
};

const retickButton = (choices: readonly ApprovalPermission[], { approval }: Words): Html => {
  const isAnyTicked = choices.some(({ ticked }) => ticked);
  return html`<button class="link" name="decision" value="${isAnyTicked ? 'untick' : 'tick'}">${isAnyTicked ? approval.untickAll : approval.tickAll}</button>`;
};

/** What is new comes first and in full; what the person allows already is there to be looked at, and unticked. */
const listsPart = ({ permissions, words }: PermissionsView): Html => {
  const isOld = (one: ApprovalPermission): boolean => allOf([one]).every(({ alreadyGranted }) => alreadyGranted);
  const [old, asked] = [permissions.filter(isOld), permissions.filter((one) => !isOld(one))];
  if (asked.length === 0) return foldedList(permissions, words);
  return html`${foldedList(asked, words)}
${old.length > 0 && oldPart(old, words)}`;
};

const foldedList = (permissions: readonly ApprovalPermission[], words: Words): Html => {
  const areas = Map.groupBy(permissions, ({ category }) => category);
  if (allOf(permissions).length <= unfoldedAtMost || areas.size === 1) return permissionList(permissions, words);
  const inFolds = Array.from(areas, ([title, items]) => ({ title, items, icon: items[0]?.icon }));
  return html`${inFolds
    .toSorted(unfoldedFirst)
    .map((fold) => (isAlone(fold) ? permissionList(fold.items, words) : foldPart(fold, words)))}`;
};

const isAlone = ({ items }: Fold): boolean => allOf(items).length === 1;

/** What reaches far and has an area of its own reaches over all of them. */
const unfoldedFirst = (a: Fold, b: Fold): number => placeOf(a) - placeOf(b);
const placeOf = (fold: Fold): number => (isAlone(fold) && fold.items[0]?.highPrivilege ? 0 : 1);

const oldPart = (items: readonly ApprovalPermission[], words: Words): Html => {
  const { approval, language } = words;
  const all = allOf(items);
  return html`<details class="fold"><summary>${allowed}<span class="fold-title"><b>${approval.allowedAlready(all.length)}</b>
<span class="quiet names">${named(
    all.map(({ name }) => name),
    language,
  )}</span></span>${chevron}</summary>
${permissionList(items, words)}
</details>`;
};

type Fold = {
  readonly title: string;
  readonly items: readonly ApprovalPermission[];
  readonly icon: string | undefined;
};

const foldPart = ({ title, items, icon }: Fold, words: Words): Html => {
  const { approval } = words;
  const all = allOf(items);
  const high = all.filter(({ highPrivilege }) => highPrivilege).length;
  const isNew = all.some((one) => one.isNew);
  return html`<details class="fold"><summary>${iconOf(icon)}<span class="fold-title"><b>${displayText(title)}</b>${isNew && html` <span class="badge">${approval.isNew}</span>`}
<span class="quiet">${approval.permissions(all.length)}${high > 0 && html` · <span class="high">${approval.highPrivileges(high)}</span>`}</span></span>${chevron}</summary>
${permissionList(items, words)}
</details>`;
};

const permissionList = (permissions: readonly ApprovalPermission[], words: Words): Html =>
  html`<ul class="permissions">${permissions.map((one) => permissionPart(one, words))}</ul>`;

const permissionPart = (permission: ApprovalPermission, words: Words): Html => {
  const id = `permission-${permission.id}`;
  const { within = [] } = permission;
  return html`<li${permission.highPrivilege && html` class="far"`}>
<div class="row">${permission.required ? requiredPart(permission) : choicePart(permission, id)}${iconOf(permission.icon)}<div class="title">
${permissionName(permission, id)}${permission.highPrivilege && html` ${highPrivilegeFlag(words)}`}${permission.isNew && html` <span class="badge">${words.approval.isNew}</span>`}
${inShort(permission, words)}
</div></div>
<details class="more"><summary><span class="unseen">${words.approval.more(displayText(permission.name))}</span>${chevron}</summary>
<div class="about" id="${id}-about">${aboutPart(permission, words)}</div></details>
${within.length > 0 && html`<ul class="within">${within.map((one) => permissionPart(one, words))}</ul>`}
</li>`;
};

/** What a person should not have to unfold: where, and what comes with it. */
const inShort = ({ at = [], includes }: ApprovalPermission, { approval, language }: Words): readonly Html[] => [
  ...(at.length === 0 ? [] : [html`<p class="place">${approval.asksAt(named(at, language))}</p>`]),
  ...(includes.length === 0
    ? []
    : [
        html`<p class="includes">${approval.includes(
          named(
            includes.map(({ name }) => name),
            language,
          ),
        )}</p>`,
      ]),
  html`<p class="included">${approval.included}</p>`,
];

const aboutPart = (permission: ApprovalPermission, words: Words): Html => {
  const { approval, language } = words;
  return html`${meaningPart(permission)}
${permission.elsewhere?.map(
  (meaning) =>
    html`<p class="meaning"><b>${displayText(meaning.name)}</b> ${approval.asksAt(named(meaning.at ?? [], language))}</p>${meaningPart(meaning)}`,
)}
${permission.required && html`<p class="remark">${approval.always}</p>`}
${permission.alreadyGranted && html`<p class="remark">${approval.allowedBefore}</p>`}
${permission.wasOnce && html`<p class="remark">${approval.allowedOnce}</p>`}
${permission.comesWith.length > 0 && html`<p class="remark">${approval.comesWith(named(permission.comesWith, language))}</p>`}`;
};

const meaningPart = ({ description, includes }: Meaning): Html => html`<p>${displayText(description, 300)}</p>
${includes.length > 0 && html`<ul>${includes.map((one) => html`<li><b>${displayText(one.name)}</b>: ${displayText(one.description, 300)}</li>`)}</ul>`}`;

const choicePart = (permission: ApprovalPermission, id: string): Html =>
  html`<input type="checkbox" id="${id}" name="permission" value="${permission.id}"${permission.ticked && html` checked`} aria-describedby="${id}-about">`;

/** A disabled checkbox would not be sent, and one that cannot be unticked does not exist. */
const requiredPart = (permission: ApprovalPermission): Html =>
  html`<input type="hidden" name="permission" value="${permission.id}"><span class="always" aria-hidden="true">✓</span>`;

const permissionName = (permission: ApprovalPermission, id: string): Html =>
  permission.required
    ? html`<b>${displayText(permission.name)}</b>`
    : html`<label for="${id}">${displayText(permission.name)}</label>`;
