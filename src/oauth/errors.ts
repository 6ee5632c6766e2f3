/**
 * The two families of refusal. `OAuthError` is the caller's: its code and description go on the wire as they are.
 * `Unavailable` is ours or a dependency's: the caller may try the same request again. Anything else that is thrown is
 * a defect and becomes `server_error` without a word of its message.
 */

import { type Reason, reasons } from './reasons.ts';

/**
 * Our code -> HTTP status where it is answered directly, and its word on the wire where that is another: the RFCs have no
 * codes of their own for what HTTP has a status for, or for what only people get to read (RFC 6749 §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2).
 */
const refusals = {
  invalid_request: { status: 400 },
  unknown_client: { status: 400, onTheWire: 'invalid_request' },
  unproven_redirect: { status: 400, onTheWire: 'invalid_request' },
  invalid_client: { status: 401 },
  invalid_grant: { status: 400 },
  invalid_dpop_proof: { status: 400 },
  use_dpop_nonce: { status: 400 },
  resource_dpop_proof: { status: 401, onTheWire: 'invalid_dpop_proof' },
  resource_dpop_nonce: { status: 401, onTheWire: 'use_dpop_nonce' },
  authorization_pending: { status: 400 },
  slow_down: { status: 400 },
  expired_token: { status: 400 },
  device_denied: { status: 400, onTheWire: 'access_denied' },
  invalid_scope: { status: 400 },
  invalid_target: { status: 400 },
  invalid_authorization_details: { status: 400 },
  invalid_token: { status: 401 },
  missing_token: { status: 401, onTheWire: 'invalid_token' },
  insufficient_scope: { status: 403 },
  unauthorized_client: { status: 400 },
  unlisted_client: { status: 400, onTheWire: 'unauthorized_client' },
  access_off: { status: 403, onTheWire: 'access_denied' },
  unsupported_grant_type: { status: 400 },
  unsupported_response_type: { status: 400 },
  access_denied: { status: 403 },
  foreign_form: { status: 403, onTheWire: 'access_denied' },
  stale_form: { status: 403, onTheWire: 'access_denied' },
  not_a_window: { status: 403, onTheWire: 'access_denied' },
  login_required: { status: 400 },
  consent_required: { status: 400 },
  unmet_authentication_requirements: { status: 400 },
  request_uri_not_supported: { status: 400 },
  registration_not_supported: { status: 400 },
  invalid_request_uri: { status: 400 },
  invalid_request_object: { status: 400 },
  invalid_redirect_uri: { status: 400 },
  invalid_client_metadata: { status: 400 },
  invalid_software_statement: { status: 400 },
  unapproved_software_statement: { status: 400 },
  not_found: { status: 404 },
  method_not_allowed: { status: 405, onTheWire: 'invalid_request' },
  conflict: { status: 409 },
  precondition_failed: { status: 412 },
  precondition_required: { status: 428 },
  key_reused: { status: 422, onTheWire: 'invalid_request' },
  length_required: { status: 411, onTheWire: 'invalid_request' },
  request_too_large: { status: 413, onTheWire: 'invalid_request' },
  unsupported_media_type: { status: 415, onTheWire: 'invalid_request' },
  client_unavailable: { status: 503, onTheWire: 'temporarily_unavailable' },
  too_many_requests: { status: 429, onTheWire: 'temporarily_unavailable' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly onTheWire?: string }>>;

export type ErrorCode = keyof typeof refusals;

/** How a code is answered: its HTTP status, and its word on the wire. */
export const answerTo = (code: ErrorCode): { readonly status: number; readonly onTheWire: string } => ({
  onTheWire: code,
  ...refusals[code],
});

/** The reasons that a code has. */
export type ReasonOf<Code extends ErrorCode> = {
  [Each in Reason]: (typeof reasons)[Each] extends Code ? Each : never;
}[Reason];

/** A refusal. `description` is shown to the caller: it never quotes input and never tells what exists. */
export class OAuthError extends Error {
  /** Which check refused, for the operators' log; never on the wire. */
  readonly reason: Reason;
  readonly description: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: Reason, description: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(`${reasons[reason]}: ${description}`, { cause: options.cause });
    this.name = 'OAuthError';
    this.reason = reason;
    this.description = description;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get code(): ErrorCode {
    return reasons[this.reason];
  }

  get status(): number {
    return answerTo(this.code).status;
  }

  /** The `error` parameter or member. */
  get onTheWire(): string {
    return answerTo(this.code).onTheWire;
  }
}

/** A dependency did not do its part in time; nothing was consumed. Answered as 503 with Retry-After. */
export class Unavailable extends Error {
  readonly dependency: 'storage' | 'signing' | 'sign-in';
  readonly retryAfterSeconds: number;

  constructor(dependency: Unavailable['dependency'], options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(`${dependency} is not available`, { cause: options.cause });
    this.name = 'Unavailable';
    this.dependency = dependency;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}
