/** The approval page: who asks, for whom, for what, for how long; and the two answers. The first screen has all of it in short. */

import { type ApprovalDetail, detailsPart } from './approval-details.ts';
import { type ApprovalPermission, permissionsPart } from './approval-permissions.ts';
import { type ApprovalClient, destination, serviceFold, warnings, whoAsks } from './approval-service.ts';
import { type LastingView, lastingPart, nextPart } from './approval-terms.ts';
import { type Html, html } from './html.ts';
import { type Account, hiddenInputs, layout, type Site } from './layout.ts';
import { cleanText, displayText, initial } from './text.ts';
import type { Words } from './words/words.ts';

type ApprovalDevice = {
  /** As the device shows it. */
  readonly userCode: string;
  /** The network address that it asked from. */
  readonly place?: string;
  /** What it says of itself. */
  readonly agent?: string;
};

/** What is different from when the person last allowed the service something; undefined for what is not. */
export type Changes = {
  /** What was shown then; `''` for nothing. */
  readonly name?: string;
  readonly publisher?: string;
  readonly website?: string;
  /** Where answers went. */
  readonly hosts?: readonly string[];
  readonly other?: 'document' | 'words';
};

export type Approval = Site & {
  readonly client: ApprovalClient;
  readonly account: Account;
  readonly resources: readonly { readonly name: string; readonly identifier: string }[];
  readonly permissions: readonly ApprovalPermission[];
  /** What is asked for in detail (RFC 9396): all of it or nothing. */
  readonly details?: readonly ApprovalDetail[];
  /** What the service learns about the person. */
  readonly learns?: readonly (keyof Words['approval']['facts'])[];
  readonly lasting: LastingView;
  readonly changes?: Changes;
  /** Where the form goes. */
  readonly action: '/consent' | '/device/decision';
  readonly hidden: readonly (readonly [string, string])[];
  /** The device that asks, if one does. */
  readonly device?: ApprovalDevice;
  /** Why the person sees this page once more. */
  readonly notice?: 'outdated' | 'nothingTicked' | 'decidedMeanwhile';
  readonly switchAccount: {
    readonly action: string;
    readonly method: 'get' | 'post';
    readonly hidden: readonly (readonly [string, string])[];
  };
};

/** Asks for approval; the form posts `permission` (repeated), `lasting` and `decision`. */
export const approvalPage = (approval: Approval): Html =>
  layout(
    approval,
    titleOf(approval),
    html`<div class="approval">
${whoAsks(approval)}
${approval.notice !== undefined && html`<p class="notice" role="alert">${approval.words.approval[approval.notice]}</p>`}
${warnings(approval)}
${accountPart(approval)}
<form method="post" action="${approval.action}" autocomplete="off" class="answering">${
      // Without autocomplete="off" Firefox would bring back the ticks of an earlier visit after a reload.
      hiddenInputs(approval.hidden)
    }${enterDenies}
${detailsPart(approval)}
${permissionsPart(approval)}
${lastingPart(approval)}
${nextPart(approval)}
${serviceFold(approval)}
${decision(approval)}
</form>
</div>`,
  );

/** Enter in a checkbox presses a form's first button, and a slip must never approve, nor tick anything. */
const enterDenies = html`<button class="unseen" name="decision" value="deny" tabindex="-1" aria-hidden="true"></button>`;

/** Where no resource is named, the service only wants to know who is there. */
const titleOf = ({ client, resources, words: { approval } }: Approval): string => {
  const name = cleanText(client.name, 50);
  return resources.length === 0 ? approval.signInTitle(name) : approval.title(name);
};

const accountPart = ({ account, switchAccount, words: { approval } }: Approval): Html =>
  html`<section class="whom" aria-label="${approval.account}">
<span class="initial" aria-hidden="true">${initial(account.name)}</span>
<p><b>${displayText(account.name)}</b> <span class="quiet">${displayText(account.accountName)}</span></p>
<form method="${switchAccount.method}" action="${switchAccount.action}">${hiddenInputs(switchAccount.hidden)}<button class="link">${approval.otherAccount}</button></form>
</section>`;

/** Both are of one size, and of one look unless somebody here has checked who runs the service. */
const decision = ({ client, account, words }: Approval): Html => {
  const { approval } = words;
  return html`<div class="decision">
<p>${approval.answerAs(html`<b>${displayText(account.accountName)}</b>`, destination(client, words))}</p>
<div class="answers">
<button name="decision" value="deny">${approval.deny}</button>
<button name="decision" value="approve"${client.verified && html` class="primary"`}>${approval.approve}</button>
</div>
</div>`;
};
