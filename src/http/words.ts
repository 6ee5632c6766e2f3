/** What people read when something is refused or fails. The descriptions on the wire are for services. */
import { type ErrorCode, OAuthError, Unavailable } from '../oauth/errors.ts';
import type { Words } from '../pages/words/words.ts';

type Refusal = { readonly title: string; readonly message: string };

/** Never quotes the error's own description or cause. A code without words can only reach a service, or cannot be answered. */
export const wordsFor = (error: unknown, { refusals }: Words): Refusal => {
  const byCode: Readonly<Partial<Record<ErrorCode, Refusal>>> = refusals.byCode;
  if (error instanceof OAuthError) return byCode[error.code] ?? refusals.unanswerable;
  return error instanceof Unavailable ? refusals.unavailable : refusals.failed;
};
