/**
 * A day of the audit log as a chain of hashes, so that nobody takes an event out, puts one in, changes one or changes their
 * order without its seal showing it; and a seal names the one before it, so that no day goes missing either.
 *
 *   line   an event as JSON by RFC 8785: members in order of their names, no white space
 *   head   of no event: SHA-256(UTF-8 of "assent audit <day> <previous>"); of one more: SHA-256(head before || UTF-8 of line)
 *   seal   a JWS over { iss, day, count, head, previous, iat }, signed by the vault
 *
 * `previous` is the SHA-256 of the seal of the day before, as the text that it is; empty in the first. Hashes are base64url.
 * `cli/audit/verify.mjs` does the same without any of this code.
 */
import { base64url, sha256 } from '../crypto.ts';
import type { AuditEvent } from './event.ts';

/** The header's `typ` of a seal. */
export const sealType = 'audit-seal+jwt';

/** An event in the log, and the day in which it lies where that is not its own. */
export type LoggedEvent = AuditEvent & { readonly day?: string };

/** RFC 8785 for what JSON made: no numbers but integers. Members that are undefined are left out. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`;
};

/** The line of an event in an export, and in the chain. */
export const lineOf = (event: LoggedEvent): string => canonical(event);

type Day = { readonly day: string; readonly previous: string };

export type Head = Day & { readonly count: number; readonly head: Buffer };

/** Of a day without an event. `previous` is of the seal before (`sealHash`), or empty. */
export const firstHead = ({ day, previous }: Day): Head => ({
  day,
  previous,
  count: 0,
  head: sha256(`assent audit ${day} ${previous}`),
});

/** One event later. */
export const nextHead = (before: Head, line: string): Head => ({
  ...before,
  count: before.count + 1,
  head: sha256(Buffer.concat([before.head, Buffer.from(line)])),
});

/** By which the next seal names this one. */
export const sealHash = (seal: string): string => base64url(sha256(seal));

export const sealClaims = (
  { day, count, head, previous }: Head,
  { issuer, now }: { readonly issuer: string; readonly now: number },
): Readonly<Record<string, unknown>> => ({ iss: issuer, day, count, head: base64url(head), previous, iat: now });
