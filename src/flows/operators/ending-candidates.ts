/** Which authorizations a rule may mean: found where the rule allows it, and judged by the grants themselves when they are ended. */
import { type EndingRule, isMeantBy } from '../../oauth/grants/ending.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import type { FamilyOwner } from '../../storage/families.ts';
import { type IndexEntry, mayHold } from '../../storage/index-rows.ts';

/** What is known of it where it was found. */
export type Candidate = {
  readonly owner: FamilyOwner;
  readonly clientId: string;
  readonly clientName: string;
  readonly grantedAt: number;
  readonly displayName?: string;
  readonly accountName?: string;
};

export type CandidatePage = {
  readonly candidates: readonly Candidate[];
  /** So many were looked at to find them. */
  readonly examined: number;
  /** Where the next page begins; undefined after the last. */
  readonly next: string | undefined;
};

type Asked = {
  readonly rule: EndingRule;
  readonly at: number;
  readonly after: string | undefined;
  readonly limit: number;
};

/** A page of them, in one call. Throws `Unavailable`. */
export const candidatesOf = (asked: Asked, server: Server): Promise<CandidatePage> => {
  if (asked.rule.person !== undefined) return ofPerson(asked, asked.rule.person, server);
  return asked.rule.clientId === undefined ? ofEverybody(asked, server) : ofService(asked, asked.rule.clientId, server);
};

/** In the order of client keys; `after` is such a one. */
const ofPerson = async (
  { rule, at, after = '', limit }: Asked,
  person: string,
  { store }: Server,
): Promise<CandidatePage> => {
  const userKey = Buffer.from(person, 'hex');
  const left = (await store.grants.list(userKey)).filter(({ clientKey }) => clientKey.toString('hex') > after);
  const page = left.toSorted((a, b) => a.clientKey.compare(b.clientKey)).slice(0, limit);
  const candidates = page
    .filter(({ grant }) => !grant.revoked && isMeantBy(rule, grant, at))
    .map(({ grant, clientKey }) => ({ owner: { userKey, clientKey }, ...grant }));
  const next = left.length > page.length ? page.at(-1)?.clientKey.toString('hex') : undefined;
  return { candidates, examined: page.length, next };
};

const ofService = async (
  { rule, at, after, limit }: Asked,
  clientId: string,
  { store }: Server,
): Promise<CandidatePage> => {
  const { entries, next } = await store.serviceIndex.list(clientKeyOf(clientId), { after, limit });
  const candidates = entries.filter((entry) => mayMean(rule, entry, at)).map((entry) => ({ owner: entry, ...entry }));
  return { candidates, examined: entries.length, next };
};

const mayMean = ({ createdBefore, permission }: EndingRule, entry: IndexEntry, at: number): boolean =>
  entry.grantedAt <= at &&
  (createdBefore === undefined || entry.grantedAt < createdBefore) &&
  (permission === undefined || mayHold(entry, permission));

const ofEverybody = async ({ rule, at, after, limit }: Asked, { store }: Server): Promise<CandidatePage> => {
  const { grants, next } = await store.allGrants.page(after, limit);
  const candidates = grants
    .filter(({ grant }) => !grant.revoked && isMeantBy(rule, grant, at))
    .map(({ owner, grant }) => ({ owner, ...grant }));
  return { candidates, examined: grants.length, next };
};
