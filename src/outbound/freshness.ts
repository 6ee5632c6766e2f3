/** For how long an answer may be kept by its own word (RFC 9111 §5.2, §5.3). */
import type { IncomingHttpHeaders } from 'node:http';

type Bounds = { readonly least: number; readonly most: number; readonly usual: number };

/** In seconds, within bounds; `usual` is for answers that say nothing, or nothing that can be understood. */
export const keptSecondsOf = (headers: IncomingHttpHeaders, { least, most, usual }: Bounds): number =>
  Math.min(most, Math.max(least, saidIn(headers) ?? usual));

const saidIn = (headers: IncomingHttpHeaders): number | undefined => {
  const control = headers['cache-control'] ?? '';
  if (/\bno-(store|cache)\b/i.test(control)) return 0;
  const maxAge = /\bmax-age\s*=\s*"?(\d{1,10})/i.exec(control)?.[1];
  if (maxAge !== undefined) return Number(maxAge) - ageIn(headers);
  const [expires, date] = [Date.parse(headers.expires ?? ''), Date.parse(headers.date ?? '')];
  return Number.isNaN(expires) || Number.isNaN(date) ? undefined : (expires - date) / 1000;
};

/** A cache on the way may have had it for a while. */
const ageIn = ({ age = '' }: IncomingHttpHeaders): number => (/^\d{1,10}$/.test(age) ? Number(age) : 0);
