/** What has just been done, said only if the history says so too: any page can link here with any word. */
import type { HistoryEvent } from '../../oauth/grants/history.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import { instant } from '../../pages/dates.ts';
import { type Html, html } from '../../pages/html.ts';
import { displayText } from '../../pages/text.ts';
import type { Words } from '../../pages/words/words.ts';
import type { ListedEvent } from '../../storage/grant-rows.ts';

export type Telling = {
  readonly words: Words;
  /** Until when what ended then can linger (epoch seconds). */
  readonly until: (at: number) => number;
};

/** After these a service has something again. */
const grants: readonly HistoryEvent['kind'][] = ['authorized', 'widened', 'connected again', 'approved for everyone'];

/** The newest that decides whether the service has anything. */
const lastWord = (events: readonly ListedEvent[]): ListedEvent | undefined =>
  events.find(({ kind }) => kind === 'revoked by user' || grants.includes(kind));

/** That this service (hex of its key) was revoked, if that is how things are. */
export const revokedNotice = (
  clientHex: string | undefined,
  events: readonly ListedEvent[],
  telling: Telling,
): Html | undefined => {
  const ofClient = events.filter(({ clientId }) => clientKeyOf(clientId).toString('hex') === clientHex);
  const event = lastWord(ofClient);
  if (event?.kind !== 'revoked by user') return undefined;
  const { authorizations } = telling.words;
  return withReceipt(
    authorizations.revoked(displayText(event.clientName, 50), untilText(event, telling)),
    event,
    telling,
  );
};

/** That everything was revoked, of somebody who has nothing. */
export const allRevoked = (events: readonly ListedEvent[], telling: Telling): Html | undefined => {
  const event = lastWord(events);
  return event?.kind === 'revoked by user'
    ? telling.words.authorizations.allRevoked(untilText(event, telling))
    : undefined;
};

const done = { narrowed: 'narrowed', ended: 'ended by user' } as const;

/** What was done to a service last, if it is what the address says. */
export const doneNotice = (
  word: string | undefined,
  events: readonly ListedEvent[],
  telling: Telling,
): Html | undefined => {
  const [event] = events;
  if (word !== 'narrowed' && word !== 'ended') return undefined;
  if (event === undefined || event.kind !== done[word]) return undefined;
  return withReceipt(telling.words.authorizations[word](untilText(event, telling)), event, telling);
};

const untilText = ({ at }: ListedEvent, { words, until }: Telling): Html => instant(until(at), words.language);

const withReceipt = (sentence: Html, { id }: ListedEvent, { words }: Telling): Html =>
  html`${sentence} <a href="/authorizations/receipts/${id}">${words.authorizations.receipt}</a>`;
