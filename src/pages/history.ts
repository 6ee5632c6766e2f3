/** A person's history in words: what happened with a service, when, and which permissions it was about. */
import { instant, timeAgo } from './dates.ts';
import { type Html, html } from './html.ts';
import { displayText, sentenceEnd } from './text.ts';
import type { Words } from './words/words.ts';

type Wording = {
  /** The sentence around the service's name; it ends after the name where there is nothing after it. */
  readonly before: string;
  readonly after?: string;
  /** What the permissions are to the sentence. */
  readonly list?: string;
  readonly warning?: true;
};

const sentences = {
  authorized: { before: 'You authorized ', list: 'It may use: ' },
  widened: { before: 'You allowed more to ', list: 'New: ' },
  narrowed: { before: 'You allowed less to ', list: 'Left out: ' },
  refused: { before: 'You refused ', list: 'It had asked for: ' },
  'connected again': { before: '', after: ' connected again, with what you had allowed before.', list: 'It may use: ' },
  'revoked by user': { before: 'You revoked ' },
  'ended by user': { before: 'You ended one connection of ' },
  'revoked by service': { before: '', after: ' gave its access back.' },
  'code replayed': {
    before: 'A code of ',
    after: ' was used twice. We ended that connection, because somebody may have copied it.',
    warning: true,
  },
  'refresh token replayed': {
    before: 'An old key of ',
    after: ' was used again. We ended that connection, because somebody may have copied it.',
    warning: true,
  },
  'removed by operator': { before: 'An operator removed ', after: ', and ended what you had allowed it.' },
  'voided by operator': { before: 'An operator ended what you had allowed ' },
  'everything voided by operator': { before: 'An operator ended everything that you had allowed, and signed you out.' },
  'approved for everyone': {
    before: '',
    after: ' got access that operators have approved for everyone.',
    list: 'It may use: ',
  },
  'approved by operator': { before: 'An operator approved what you wanted to allow ', list: 'Approved: ' },
  'refused by operator': { before: 'An operator did not approve what you wanted to allow ', list: 'Not approved: ' },
  evicted: { before: 'The oldest connection of ', after: ' was ended to make room for a new one.' },
} as const satisfies Readonly<Record<string, Wording>>;

export type ShownEvent = {
  readonly kind: keyof typeof sentences;
  /** Epoch seconds. */
  readonly at: number;
  /** Undefined for what concerns no single service. */
  readonly clientName?: string;
  /** Names of the permissions that it is about. */
  readonly permissions: readonly string[];
  /** How often it happened, `at` being the last time; once where it is left out. */
  readonly times?: number;
};

/** The newest first, as they come; nothing where nothing has happened. */
export const historyPart = (events: readonly ShownEvent[], reader: Reader): Html | undefined =>
  events.length === 0
    ? undefined
    : html`<section class="card" aria-labelledby="history">
<h2 id="history">Recent history</h2>
<ol class="history">${events.map((event) => eventPart(event, reader))}</ol>
</section>`;

type Reader = { readonly now: number; readonly words: Words };

const eventPart = (event: ShownEvent, { now, words: { language } }: Reader): Html => {
  const { list, warning }: Wording = sentences[event.kind];
  return html`<li>
<p>${warning && html`<span class="flag">Warning</span> `}${sentenceOf(event)}</p>
${list !== undefined && event.permissions.length > 0 && html`<p class="quiet">${list}${named(event.permissions)}</p>`}
<p class="quiet">${event.times !== undefined && event.times > 1 && `${event.times} times, the last `}${timeAgo(event.at, now, language)} · ${instant(event.at, language)}</p>
</li>`;
};

const sentenceOf = ({ kind, clientName }: ShownEvent): Html => {
  const { before, after }: Wording = sentences[kind];
  if (clientName === undefined) return html`${before}`;
  return html`${before}${displayText(clientName, 50)}${after ?? sentenceEnd(clientName, 50)}`;
};

const namesShown = 12;

const named = (names: readonly string[]): Html => {
  const more = names.length - namesShown;
  const shown = names.slice(0, namesShown).map((name, index) => html`${index > 0 && ', '}${displayText(name)}`);
  return html`${shown}${more > 0 && ` and ${more} more`}`;
};
