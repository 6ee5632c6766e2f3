/** What a service asks for in detail (RFC 9396): in words, and as one thing that is approved or not. */
import { type Html, html } from './html.ts';
import type { Site } from './layout.ts';
import { displayText } from './text.ts';

export type ApprovalDetail = {
  readonly title: string;
  readonly description: string | undefined;
  /** The resource that it is asked at. */
  readonly at: string;
  /** Labels and values. */
  readonly facts: readonly (readonly [string, string])[];
};

type DetailsView = Site & { readonly details?: readonly ApprovalDetail[] };

/** Nothing where there are none. No part of it can be left out: another payment is not the one that was asked for. */
export const detailsPart = ({ details = [], words: { approval } }: DetailsView): Html | undefined =>
  details.length === 0
    ? undefined
    : html`<section class="card" aria-labelledby="details">
<h2 id="details">${approval.details}</h2>
<p class="quiet">${approval.allOrNothing}</p>
${details.map((one) => detailPart(one, approval.asksAt))}
</section>`;

const detailPart = (
  { title, description, at, facts }: ApprovalDetail,
  asksAt: (place: Html) => Html,
): Html => html`<h3>${displayText(title)}</h3>
<p class="place">${asksAt(html`<b>${displayText(at)}</b>`)}</p>
${description !== undefined && html`<p>${displayText(description, 300)}</p>`}
${facts.length > 0 && html`<dl class="facts">${facts.map(([label, value]) => html`<div><dt>${displayText(label)}</dt><dd><b>${displayText(value, 5_000)}</b></dd></div>`)}</dl>`}`;
