/**
 * Refusals as problem details (RFC 9457). Each has OAuth's own members beside them (RFC 6749 §5.2), and an id by which operators
 * find the request in their log.
 */
import type { ErrorCode } from '../oauth/errors.ts';
import { json, type Reply } from './reply.ts';

/** Our own codes, and those of what is our fault. */
export type Code = ErrorCode | 'temporarily_unavailable' | 'server_error';

/** What each kind of problem is, in a few words; `otherwise` for those that HTTP's status says all about. */
const titles: Readonly<Partial<Record<Code, string>>> = {
  invalid_request: 'The request is not understood',
  missing_token: 'An access token is required',
  invalid_token: 'The access token is not valid here',
  insufficient_scope: 'The role or the scope does not allow this',
  invalid_client_metadata: 'The registration cannot be accepted',
  invalid_redirect_uri: 'A redirect URI cannot be accepted',
  not_found: 'There is no such thing',
  method_not_allowed: 'The method is not supported here',
  conflict: 'It does not go together with what is there',
  precondition_failed: 'It was changed since you read it',
  precondition_required: 'The version that is meant must be named',
  key_reused: 'The idempotency key was used for something else',
  length_required: 'The length of the body must be announced',
  request_too_large: 'The request is too large',
  unsupported_media_type: 'The body is of another type than is taken here',
  too_many_requests: 'There were too many requests',
  temporarily_unavailable: 'Something that is needed does not answer',
  server_error: 'Something went wrong on our side',
};

export const titleOf = (code: Code): string => titles[code] ?? 'The request was refused';

/** A kind of problem has an address: where the document that describes the API describes it, too. */
export const problemType = (code: Code, issuer: string): string =>
  `${issuer}/api/openapi.json#/components/responses/${code}`;

type Refused = {
  readonly status: number;
  readonly code: Code;
  readonly error: string;
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly correlationId: string;
};

export const problem = (
  { status, code, error, description, headers, correlationId }: Refused,
  { issuer }: { readonly issuer: string },
): Reply =>
  json(
    {
      type: problemType(code, issuer),
      title: titleOf(code),
      status,
      detail: description,
      correlation_id: correlationId,
      error,
      error_description: description,
    },
    { status, headers: { ...headers, 'content-type': 'application/problem+json' } },
  );
