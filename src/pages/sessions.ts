/** The browsers in which a person is signed in, and how to end that. */
import { coarsely, placeText } from './dates.ts';
import { type Html, html } from './html.ts';
import { layout, type Site } from './layout.ts';
import { cleanText } from './text.ts';

type ShownSession = {
  readonly id: string;
  readonly browser: string | undefined;
  readonly system: string | undefined;
  readonly from: string | undefined;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly seenAt: number;
  /** True of the one that looks at the page. */
  readonly isOwn: boolean;
};

export type SessionsView = Site & {
  readonly now: number;
  readonly sessions: readonly ShownSession[];
  /** Whether these are all that there are. */
  readonly isComplete: boolean;
  readonly formToken: string;
  readonly notice?: string;
};

/** Its forms go to /sessions/end and /sessions/end-all. */
export const sessionsPage = (view: SessionsView): Html => {
  const { common, account } = view.words;
  const { sessions: texts } = account;
  return layout(
    view,
    texts.title,
    html`<p class="back"><a href="/authorizations">${common.manage}</a></p>
<h1>${texts.title}</h1>
${view.notice !== undefined && html`<p class="notice" role="status">${view.notice}</p>`}
<p class="lead">${texts.lead}</p>
<ul class="card rows">${view.sessions.map((session) => sessionRow(session, view))}</ul>
${!view.isComplete && html`<p class="warning">${texts.more}</p>`}
<details class="card ask">
<summary>${texts.everywhere}…</summary>
<p>${texts.everywhereExplained}</p>
<form method="post" action="/sessions/end-all">
<input type="hidden" name="token" value="${view.formToken}">
<button class="danger">${texts.everywhere}</button>
</form>
</details>`,
  );
};

const sessionRow = (session: ShownSession, { now, words, formToken }: SessionsView): Html => {
  const { account, language } = words;
  const { sessions: texts } = account;
  const name = cleanText(nameOf(session, texts));
  return html`<li>
<div><p><b><bdi>${name}</bdi></b>${session.isOwn && html` <span class="badge">${texts.thisOne}</span>`}</p>
<p class="quiet">${texts.seen(coarsely(session.seenAt, now, language))} · ${texts.signedIn(coarsely(session.createdAt, now, language))}${session.from !== undefined && html` <bdi>${texts.from(cleanText(placeText(session.from, language)))}</bdi>`}</p></div>
<form method="post" action="/sessions/end">
<input type="hidden" name="token" value="${formToken}">
<input type="hidden" name="session" value="${session.id}">
<button class="plain">${texts.end}<span class="unseen"> ${name}</span></button>
</form>
</li>`;
};

const nameOf = ({ browser, system }: ShownSession, texts: SessionsView['words']['account']['sessions']): string => {
  if (browser !== undefined && system !== undefined) return texts.browser(browser, system);
  return browser ?? system ?? texts.unknown;
};
