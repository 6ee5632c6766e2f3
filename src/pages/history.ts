/** A person's history in words: what happened with a service, when, and which permissions it was about. */
import { coarsely, numberText } from './dates.ts';
import { type Html, html, render } from './html.ts';
import { displayText, sentenceEnd } from './text.ts';
import type { Words } from './words/words.ts';

type Texts = Words['history'];

export type ShownEvent = {
  readonly kind: keyof Texts['sentences'];
  /** Epoch seconds. */
  readonly at: number;
  /** Undefined for what concerns no single service. */
  readonly clientName?: string;
  /** Names of the permissions that it is about. */
  readonly permissions: readonly string[];
  /** How often it happened, `at` being the last time; once where it is left out. */
  readonly times?: number;
  /** Its name, where there is a receipt for it. */
  readonly receipt?: string;
};

type Reader = { readonly now: number; readonly words: Words };

/** What somebody should look into. */
const warnings: readonly ShownEvent['kind'][] = ['code replayed', 'refresh token replayed'];

/** The newest first, as they come; nothing where nothing has happened. */
export const historyPart = (events: readonly ShownEvent[], reader: Reader): Html | undefined =>
  events.length === 0
    ? undefined
    : html`<section class="card" aria-labelledby="history">
<h2 id="history">${reader.words.history.title}</h2>
<ol class="history">${events.map((event) => eventPart(event, reader))}</ol>
</section>`;

const eventPart = (event: ShownEvent, { now, words }: Reader): Html => {
  const { history, authorizations, language } = words;
  const { times = 1, receipt } = event;
  return html`<li>
<p>${warnings.includes(event.kind) && html`<span class="flag">${history.warning}</span> `}${sentenceOf(event, words)}</p>
${listOf(event, words)}
<p class="quiet">${times > 1 && `${history.times(times)} `}${coarsely(event.at, now, language)}${receipt !== undefined && html` · <a href="/authorizations/receipts/${receipt}">${authorizations.receipt}</a>`}</p>
</li>`;
};

/** A name that ends with a full stop of its own ends the sentence, if it stands there. */
const sentenceOf = ({ kind, clientName = '' }: ShownEvent, { history: { sentences }, language }: Words): Html => {
  const name = displayText(clientName, 50);
  const text = sentences[kind](name);
  const isEnded = render(text).endsWith(render(name)) && sentenceEnd(clientName, 50) === '';
  return isEnded ? text : html`${text}${language === 'ja' ? '。' : '.'}`;
};

const isListed = (kind: ShownEvent['kind'], lists: Texts['lists']): kind is keyof Texts['lists'] => kind in lists;

const listOf = ({ kind, permissions }: ShownEvent, { history, language }: Words): Html | undefined => {
  if (permissions.length === 0 || !isListed(kind, history.lists)) return undefined;
  return html`<p class="quiet">${history.lists[kind](named(permissions, { history, language }))}</p>`;
};

const namesShown = 12;

const commas: Readonly<Partial<Record<Words['language'], string>>> = { ar: '، ', ja: '、' };

const named = (names: readonly string[], { history, language }: Pick<Words, 'history' | 'language'>): Html => {
  const more = names.length - namesShown;
  const shown = names
    .slice(0, namesShown)
    .map((name, index) => html`${index > 0 && (commas[language] ?? ', ')}${displayText(name)}`);
  return html`${shown}${more > 0 && ` ${history.andMore(numberText(more, language))}`}`;
};
