/**
 * The two families of refusal. `OAuthError` is the caller's: its code and description go on the wire as they are.
 * `Unavailable` is ours or a dependency's: the caller may try the same request again. Anything else that is thrown is
 * a defect and becomes `server_error` without a word of its message.
 */

/** Error code -> HTTP status where the code is answered directly (RFC 6749 §5.2, RFC 6750 §3.1, RFC 8707 §2). */
const statuses = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  unsupported_token_type: 400,
  access_denied: 403,
  login_required: 400,
  consent_required: 400,
  interaction_required: 400,
  request_not_supported: 400,
  request_uri_not_supported: 400,
  invalid_redirect_uri: 400,
  invalid_client_metadata: 400,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  request_too_large: 413,
  unsupported_media_type: 415,
  slow_down: 429,
} as const;

export type ErrorCode = keyof typeof statuses;

/** A refusal. `description` is shown to the caller: it never quotes input and never tells what exists. */
export class OAuthError extends Error {
  readonly code: ErrorCode;
  readonly description: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, description: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(`${code}: ${description}`, { cause: options.cause });
    this.name = 'OAuthError';
    this.code = code;
    this.description = description;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return statuses[this.code];
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
