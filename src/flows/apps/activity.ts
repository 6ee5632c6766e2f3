/** How a service fares, for whoever looks after it: who authorized it, and what its requests were refused for. */
import { answerTo, type ErrorCode } from '../../oauth/errors.ts';
import { reasons } from '../../oauth/reasons.ts';
import type { Server } from '../../server.ts';
import { dayOf } from '../../storage/audit.ts';

/** A kind of refusal: our code, its word on the wire, and how often it was met. */
type MetError = { readonly code: ErrorCode; readonly error: string; readonly times: number };

const daysShown = 7;

/** Answers of an ordinary flow, or what a person or an operator decided: nothing that the service could mend. */
const expected: ReadonlySet<ErrorCode> = new Set([
  'authorization_pending',
  'use_dpop_nonce',
  'resource_dpop_nonce',
  'login_required',
  'consent_required',
  'access_denied',
  'device_denied',
]);

/** Of the last seven days, the most frequent first. One call. Throws `Unavailable`. */
export const activityOf = async (
  clientId: string,
  { store, clock }: Server,
): Promise<{ readonly authorizations: number; readonly errors: readonly MetError[] }> => {
  const { authorizations, errors } = await store.clientUse.read(clientId);
  const firstDay = dayOf(clock() - (daysShown - 1) * 86_400);
  return { authorizations, errors: totalsOf(errors.filter(({ day }) => day >= firstDay)) };
};

/** By code. What has no reason was ours to answer for, and not the service's. */
const totalsOf = (days: readonly { readonly counts: Readonly<Record<string, number>> }[]): readonly MetError[] => {
  const codes: Readonly<Record<string, ErrorCode>> = reasons;
  const sums = new Map<ErrorCode, number>();
  for (const [reason, count] of days.flatMap(({ counts }) => Object.entries(counts))) {
    const code = codes[reason];
    if (code !== undefined && !expected.has(code)) sums.set(code, (sums.get(code) ?? 0) + count);
  }
  return [...sums]
    .map(([code, times]) => ({ code, error: answerTo(code).onTheWire, times }))
    .toSorted((a, b) => b.times - a.times);
};
