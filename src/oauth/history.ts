/** Events of a person's history, as stored. Their words are chosen by the page that shows them. */
export type EventKind =
  | 'authorized'
  | 'revoked by user'
  | 'revoked by service'
  | 'code replayed'
  | 'refresh token replayed'
  | 'pushed out';

export type HistoryEvent = {
  readonly kind: EventKind;
  readonly at: number;
  readonly clientId: string;
  readonly clientName: string;
};
