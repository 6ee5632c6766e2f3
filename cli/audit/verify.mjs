/**
 * Verifies an export of the audit log with the key set of `/.well-known/jwks.json`. Finds events that were taken out, put in, changed or moved, and days that are missing.
 * How seals are made is in src/oauth/audit/chain.ts; none of that code is used here.
 */
import { constants, createHash, createPublicKey, verify } from 'node:crypto';

const sha256 = (data) => createHash('sha256').update(data).digest();

/** RFC 8785 for what holds no numbers but integers. */
const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
};

const dayOf = (at) => new Date(at * 1000).toISOString().slice(0, 10);
const dayAfter = (day) => dayOf(Date.parse(day) / 1000 + 86_400);

/** Where an event stands within its day: the newest comes first. */
const placeOf = ({ at, id }) => `${String(9_999_999_999 - at).padStart(10, '0')}:${id}`;

const algorithms = {
  RS256: (key) => ({ key, padding: constants.RSA_PKCS1_PADDING }),
  PS256: (key) => ({ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (key) => ({ key, dsaEncoding: 'ieee-p1363' }),
};

/** The claims of a seal, and what its signature is: `good`, `bad`, or `unknown` when no key of that name is at hand. */
const openSeal = (text, keys) => {
  const [header, payload, signature] = text.split('.');
  const { alg, kid, typ } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (typ !== 'audit-seal+jwt' || algorithms[alg] === undefined) return { claims, signature: 'bad' };
  const jwk = keys.find((one) => one.kid === kid);
  if (jwk === undefined) return { claims, signature: 'unknown' };
  const key = algorithms[alg](createPublicKey({ key: jwk, format: 'jwk' }));
  const isGood = verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
  return { claims, signature: isGood ? 'good' : 'bad' };
};

const read = (lines, report) =>
  lines.flatMap((text, index) => {
    if (text.trim() === '') return [];
    try {
      return [{ ...JSON.parse(text), line: index + 1 }];
    } catch {
      report(undefined, `line ${index + 1} is not JSON`);
      return [];
    }
  });

/** Days whose events were deleted because they were old enough, as the log says, or the deployment that exported it. */
const purgedDays = (entries, { deleted_up_to: upTo = '' }) => {
  const ranges = entries.filter(({ event }) => event === 'audit.purged').map(({ details }) => details);
  return (day) => day <= upTo || ranges.some(({ from, to }) => from <= day && day <= to);
};

/** What is wrong with the events of one sealed day. */
const checkDay = ({ claims, events, isPurged, deleted }, report) => {
  const { day, count, head, previous } = claims;
  if (events.length === 0 && count > 0 && isPurged(day)) return deleted.push(day);
  let hash = sha256(`assent audit ${day} ${previous}`);
  let place = '';
  for (const { line, ...event } of events) {
    if (placeOf(event) <= place || (event.day ?? dayOf(event.at)) !== day)
      report(day, `line ${line} does not stand where it belongs: events were moved`);
    place = placeOf(event);
    hash = sha256(Buffer.concat([hash, Buffer.from(canonical(event))]));
  }
  if (events.length < count) report(day, `${count - events.length} of ${count} events are missing`);
  else if (events.length > count) report(day, `${events.length - count} events were put in`);
  else if (hash.toString('base64url') !== head) report(day, 'an event was changed or exchanged, or events were moved');
};

/**
 * `lines` of an export, `jwks` as served. `findings` are empty for a log that nobody has touched; `unsealed` are days whose
 * events nothing vouches for yet, `deleted` those whose events had reached the end of their time, by the log's own word.
 */
export const verifyAudit = (lines, jwks) => {
  const findings = [];
  const report = (day, problem) => findings.push({ ...(day === undefined ? {} : { day }), problem });
  const [header, ...entries] = read(lines, report);
  if (header?.assent_audit !== 1)
    return {
      findings: [{ problem: 'this is no export of an audit log' }],
      events: 0,
      days: 0,
      unsealed: [],
      deleted: [],
    };
  const isPurged = purgedDays(entries, header);
  let [before, events] = [undefined, []];
  let [days, counted] = [0, 0];
  const [unsealed, deleted] = [new Set(), []];
  for (const entry of entries) {
    if (entry.seal === undefined) {
      events.push(entry);
      continue;
    }
    const { claims, signature } = openSeal(entry.seal, jwks.keys);
    if (signature === 'bad') report(claims.day, 'its seal has a signature that is not good');
    if (claims.iss !== header.issuer) report(claims.day, `its seal is of another issuer, ${claims.iss}`);
    checkLink(before, claims, header, report);
    if (claims.day >= header.from && claims.day <= header.to) {
      checkDay({ claims, events, isPurged, deleted }, report);
      days += 1;
      counted += events.length;
    }
    events = [];
    before = { claims, signature, text: entry.seal };
  }
  for (const event of events) unsealed.add(event.day ?? dayOf(event.at));
  checkEnd(before, header, report);
  return { findings, days, events: counted + events.length, unsealed: [...unsealed].sort(), deleted };
};

/** Each seal names the one of the day before. */
const checkLink = (before, claims, header, report) => {
  if (before === undefined) {
    if (claims.day > header.from && claims.previous !== '') report(header.from, 'days are missing from here on');
    return;
  }
  const expected = dayAfter(before.claims.day);
  if (claims.day !== expected) report(expected, 'the day is missing');
  else if (claims.previous !== sha256(before.text).toString('base64url'))
    report(before.claims.day, 'its seal is not the one that the next day names');
};

/** Keys are published as long as tokens need them, so the newest seal alone must be verified: it vouches for those before. */
const checkEnd = (before, header, report) => {
  if (before === undefined) return report(undefined, 'no day has a seal');
  if (before.signature === 'unknown')
    report(before.claims.day, 'no key verifies the newest seal: take a newer export, and the keys of now');
  const latest = dayOf(header.exported_at - 2 * 86_400);
  if (before.claims.day < latest) report(dayAfter(before.claims.day), 'nothing has been sealed from here on');
};
