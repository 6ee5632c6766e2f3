/** For how long a person allows what they allow, and what happens after they have answered. */
import type { Approval } from './approval.ts';
import { clientName } from './approval-service.ts';
import { listedParts, span } from './dates.ts';
import { type Html, html } from './html.ts';
import { displayText } from './text.ts';
import type { Words } from './words/words.ts';

type Lasting = keyof Words['approval']['lastings'];

export type LastingView = {
  readonly offered: readonly Lasting[];
  /** As the page opens. */
  readonly chosen: Lasting;
  /** Spans of what the service gets, in seconds: one token, without use, and in any case. */
  readonly tokenSeconds: number;
  readonly idleSeconds: number;
  readonly longestSeconds: number;
  /** Operators rule that nothing lasts longer. */
  readonly isRuled: boolean;
};

/** The form posts `lasting`. */
export const lastingPart = ({ lasting, brandName, words }: Approval): Html => html`<fieldset class="card lasting">
<legend><h2>${words.approval.lasting}</h2></legend>
${lasting.isRuled && html`<p class="quiet">${words.approval.lastsRuled(displayText(brandName), html`${span(lasting.longestSeconds, words.language)}`)}</p>`}
${lasting.offered.map((one) => choicePart(one, lasting, words))}
</fieldset>`;

const choicePart = (one: Lasting, view: LastingView, words: Words): Html => {
  const id = `lasting-${one.replace(' ', '-')}`;
  return html`<div class="lasts"><input type="radio" id="${id}" name="lasting" value="${one}"${one === view.chosen && html` checked`} aria-describedby="${id}-about"><div><label for="${id}">${words.approval.lastings[one]}</label>
<p class="quiet" id="${id}-about">${meaningOf[one](view, words)}</p></div></div>`;
};

const meaningOf: Readonly<Record<Lasting, (view: LastingView, words: Words) => Html | string>> = {
  once: ({ tokenSeconds }, { approval, language }) => approval.lastsOnce(html`${span(tokenSeconds, language)}`),
  '30 days': (_, { approval }) => approval.lastsDays,
  'until revoked': ({ idleSeconds, longestSeconds }, { approval, language }) =>
    approval.lastsUntilRevoked(html`${span(idleSeconds, language)}`, html`${span(longestSeconds, language)}`),
};

/** What either answer does, in few words: it is read by those who hesitate. */
export const nextPart = (view: Approval): Html => {
  const { words, learns = [] } = view;
  const { approval, common, language } = words;
  const facts = listedParts(
    learns.map((one) => html`<b>${approval.facts[one]}</b>`),
    language,
  );
  return html`<section class="card" aria-labelledby="next">
<h2 id="next">${approval.next}</h2>
<ul class="plain-list">
${consequences(view).map((one) => html`<li>${one}</li>`)}
<li>${approval.ifDenied}</li>
<li>${approval.password}</li>
${learns.length > 0 && html`<li>${approval.learns(html`${facts}`)}</li>`}
<li>${approval.revocable(html`<a href="/authorizations">${common.manage}</a>`)}</li>
</ul>
</section>`;
};

const consequences = ({
  client,
  resources,
  permissions,
  details = [],
  words: { approval },
}: Approval): readonly Html[] => {
  const name = clientName(client);
  const usual = resources.length === 0 ? approval.ifSignedIn(name) : approval.ifApproved(name);
  return [
    ...(details.length > 0 ? [approval.ifDetails(name)] : []),
    ...(permissions.length > 0 || details.length === 0 ? [usual] : []),
  ];
};
