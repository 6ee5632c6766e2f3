/** Operators end what people authorized: one of it, or all that a rule names, as a job whose progress can be read. */
import { requireVersion } from '../../oauth/access/version.ts';
import { actorOf } from '../../oauth/audit/event.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { EndingRule } from '../../oauth/grants/ending.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { Ending } from '../../storage/endings.ts';
import type { FamilyOwner } from '../../storage/families.ts';
import type { Acting } from './acting.ts';
import { type Candidate, candidatesOf } from './ending-candidates.ts';
import { workAt } from './ending-work.ts';

/** Throws `not_found`, `precondition_failed`, `Unavailable`. */
export const endAuthorization = async (
  { owner, ifMatch }: { readonly owner: FamilyOwner; readonly ifMatch: string },
  acting: Acting,
): Promise<void> => {
  const { grants, audit } = acting.server.store;
  const grant = await grants.read(owner.userKey, owner.clientKey);
  if (grant === undefined || grant.revoked)
    throw new OAuthError('authorization_unknown', 'there is no such authorization');
  requireVersion(ifMatch, grant.etag);
  const target = owner.clientKey.toString('hex');
  const details = { client: grant.clientId };
  const actor = actorOf(acting.principal);
  await audit.record({ action: 'end authorization', target, person: owner.userKey, actor, details });
  const isSame = (current: typeof grant) => ifMatch.trim() === '*' || current.etag === grant.etag;
  if (!(await grants.endByOrder(owner, { id: acting.correlationId, isMeant: isSame })))
    throw new OAuthError('authorization_changed', 'it has changed or ended meanwhile; read it again');
};

/** What a rule would end now. `complete` is false when there is so much that not all of it was looked at. */
export type Preview = { readonly count: number; readonly complete: boolean; readonly sample: readonly Candidate[] };

const sampleSize = 20;
const previewPageSize = 1_000;

/** Authorizations that are looked at. */
const previewLimit = 20_000;

/** 22 transactions at most, or 278 for a rule that names neither a service nor a person. Throws `Unavailable`. */
export const previewEnding = async (rule: EndingRule, acting: Acting): Promise<Preview> => {
  const { server } = acting;
  await server.store.audit.record({ action: 'preview ending', actor: actorOf(acting.principal), ...aboutOf(rule) });
  const [at, isWhole] = [server.clock(), isWholeService(rule)];
  const sample: Candidate[] = [];
  let [count, after, seen]: [number, string | undefined, number] = [0, undefined, 0];
  do {
    const limit = isWhole ? sampleSize : previewPageSize;
    const { candidates, examined, next } = await candidatesOf({ rule, at, after, limit }, server);
    sample.push(...candidates.slice(0, sampleSize - sample.length));
    [count, after, seen] = [count + candidates.length, next, seen + examined];
  } while (!isWhole && after !== undefined && seen < previewLimit);
  if (isWhole) count = await server.store.serviceIndex.count(clientKeyOf(rule.clientId ?? ''));
  return { count, complete: isWhole || after === undefined, sample };
};

/** Its counters know how many those are. */
const isWholeService = ({ clientId, person, createdBefore, permission }: EndingRule): boolean =>
  clientId !== undefined && person === undefined && createdBefore === undefined && permission === undefined;

const aboutOf = (rule: EndingRule) => ({
  target: 'authorizations',
  details: rule,
  ...(rule.person === undefined ? {} : { person: Buffer.from(rule.person, 'hex') }),
});

/** Begins at once, after the answer; the timer goes on where this process could not. Throws `Unavailable`. */
export const orderEnding = async (rule: EndingRule, acting: Acting): Promise<Ending> => {
  const { server } = acting;
  const by = actorOf(acting.principal);
  const startedAt = server.clock();
  await server.store.audit.record({ action: 'order ending', actor: by, ...aboutOf(rule) });
  const ending = await server.store.endings.begin({ rule, by: { role: by.by, id: by.id }, startedAt }, acting.random);
  server.log({ event: 'ending_ordered', id: ending.id, actor: by.id });
  server.afterwards(() => workAt(ending, server));
  return ending;
};

/** Throws `not_found`. */
export const readEnding = async (id: string, { server }: Pick<Acting, 'server'>): Promise<Ending> => {
  const ending = await server.store.endings.read(id);
  if (ending === undefined) throw new OAuthError('ending_unknown', 'there is no such order');
  return ending;
};

/** What has ended stays so. Throws `not_found`, `conflict`, `Unavailable`. */
export const stopEnding = async (id: string, acting: Acting): Promise<Ending> => {
  const { store } = acting.server;
  await readEnding(id, acting);
  await store.audit.record({ action: 'stop ending', actor: actorOf(acting.principal), target: id });
  const stopped = await store.endings.stop(id);
  if (stopped === undefined) throw new OAuthError('ending_over', 'it is over already');
  return stopped;
};
