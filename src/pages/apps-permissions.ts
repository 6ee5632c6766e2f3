/** What a service may ask for: as boxes to tick, or as a list. */
import { idCode } from './apps-parts.ts';
import { type Html, html } from './html.ts';
import { highPrivilegeFlag, type Site } from './layout.ts';
import { displayText } from './text.ts';

export type OfferedArea = {
  readonly resource: string;
  readonly category: string;
  readonly permissions: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly highPrivilege: boolean;
  }[];
};

/** A fold for each area; those in which something is ticked are open. */
export const permissionBoxes = (areas: readonly OfferedArea[], chosen: readonly string[], site: Site): Html =>
  html`${areas.map((area, index) => {
    const isOpen = area.permissions.some(({ id }) => chosen.includes(id));
    return html`<details class="area"${isOpen && html` open`}>
<summary>${displayText(area.category)}<span class="quiet"> · ${displayText(area.resource)}</span></summary>
${area.permissions.map((one, at) => box(one, `scope-${index}-${at}`, { isTicked: chosen.includes(one.id), site }))}
</details>`;
  })}`;

const box = (
  { id, name, description, highPrivilege }: OfferedArea['permissions'][number],
  field: string,
  { isTicked, site }: { readonly isTicked: boolean; readonly site: Site },
): Html => html`<div class="choice">
<input type="checkbox" id="${field}" name="scope" value="${id}" aria-describedby="${field}-about"${isTicked && html` checked`}>
<div><label for="${field}">${displayText(name)}</label>${highPrivilege && html` ${highPrivilegeFlag(site.words)}`}
<p class="quiet" id="${field}-about">${displayText(description, 300)} ${idCode(id)}</p></div>
</div>`;

export const permissionList = (areas: readonly OfferedArea[], site: Site): Html =>
  html`<ul class="grants">${areas.flatMap(({ permissions }) =>
    permissions.map(
      ({ name, highPrivilege }) =>
        html`<li>${displayText(name)}${highPrivilege && html` ${highPrivilegeFlag(site.words)}`}</li>`,
    ),
  )}</ul>`;
