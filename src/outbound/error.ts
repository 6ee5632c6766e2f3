/** Why something was not fetched. */

/** For the operators' log. Never told to callers: what answers where is nobody's business who can choose the address. */
export type OutboundReason =
  | 'address not allowed'
  | 'name not resolved'
  | 'network address not allowed'
  | 'connection failed'
  | 'too slow'
  | 'status not 200'
  | 'status not 2xx'
  | 'media type not expected'
  | 'encoding not expected'
  | 'too large';

/** Nothing usable came back. The message is the same for every reason; `cause` is for the log alone. */
export class OutboundError extends Error {
  readonly reason: OutboundReason;

  constructor(reason: OutboundReason, options: { readonly cause?: unknown } = {}) {
    super('the document cannot be fetched', options);
    this.name = 'OutboundError';
    this.reason = reason;
  }
}
