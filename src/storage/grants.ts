/**
 * Grants, and what concerns a grant together with its families (rows: see `user-rows.ts`).
 *
 * Every batch that adds a family also writes the grant under its ETag, and revoking is one batch over the grant and its
 * live families under that ETag. So an authorization cannot slip in while it is being revoked: whichever comes second
 * finds its condition false and reads again.
 */
import { base64url, type Clock, type Random } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import { byLastUse, type Family, isLive } from '../oauth/family.ts';
import { familiesPerGrant, type Grant, type StoredGrant } from '../oauth/grant.ts';
import type { HistoryEvent } from '../oauth/history.ts';
import { competingAttempts, type FamilyColumns, familyChange, familyFrom, familyInsert } from './families.ts';
import {
  type Authorization,
  authorizationsFrom,
  eventFrom,
  type GrantColumns,
  grantChange,
  grantFrom,
  newestFirst,
} from './grant-rows.ts';
import { pause, settle } from './settle.ts';
import type { Change, Row, Table } from './table.ts';
import { afterPrefix, type EventColumns, eventInsert, familyRowKey, grantRowKey, partitionOf } from './user-rows.ts';

export type NewFamily = Omit<Family, 'etag' | 'modifiedAt' | 'createdBy'>;

export type Addition = {
  readonly grant: Omit<Grant, 'revoked' | 'familyCount'>;
  /** The grant that the decision was based on; undefined when there was none. */
  readonly basedOn: { readonly etag: string; readonly familyCount: number } | undefined;
  readonly family: NewFamily;
  readonly event?: HistoryEvent;
};

type AdditionResult =
  | { readonly result: 'added' }
  /** A family of this id is there already: the same page was submitted before. */
  | { readonly result: 'exists'; readonly family: Family }
  /** The grant is not the one that the decision was based on. */
  | { readonly result: 'changed' };

type Overview = { readonly authorizations: readonly Authorization[]; readonly events: readonly HistoryEvent[] };

export type Grants = {
  read(userKey: Buffer, clientKey: Buffer): Promise<StoredGrant | undefined>;
  /** Adds a family in state `code` and writes its grant, in one batch; beyond fifty the least recently used one ends. */
  addFamily(addition: Addition): Promise<AdditionResult>;
  /** Everything the person authorized, and the history. One query. */
  overview(userKey: Buffer): Promise<Overview>;
  /** Ends every live family of the grant and the grant itself. Returns false when there was nothing to end. */
  revoke(userKey: Buffer, clientKey: Buffer): Promise<boolean>;
};

/** Pages live no longer than this, so no page can name a grant that was revoked longer ago. */
const revokedGrantSeconds = 86_400;

export const openGrants = (users: Table, { clock, random }: { clock: Clock; random: Random }): Grants => {
  const familiesOf = async (userKey: Buffer, clientKey: Buffer) => {
    const prefix = grantRowKey(clientKey);
    const rows = await users.range<FamilyColumns | GrantColumns>(partitionOf(userKey), prefix, afterPrefix(prefix));
    return authorizationsFrom(userKey, rows)[0];
  };

  /** Live families to end so that one more fits, and how many live ones remain. */
  const room = async (addition: Addition): Promise<{ ended: readonly Family[]; remaining: number }> => {
    const upperBound = addition.basedOn?.familyCount ?? 0;
    if (upperBound < familiesPerGrant) return { ended: [], remaining: upperBound };
    const { userKey, clientKey } = addition.family.address;
    const live = ((await familiesOf(userKey, clientKey))?.families ?? []).filter((one) => isLive(one, clock()));
    const excess = Math.max(0, live.length - (familiesPerGrant - 1));
    return { ended: live.toSorted(byLastUse).slice(0, excess), remaining: live.length - excess };
  };

  const addFamily = async (addition: Addition): Promise<AdditionResult> => {
    const { basedOn, family, event } = addition;
    const { userKey } = family.address;
    const writeId = base64url(random(16));
    const { ended, remaining } = await room(addition);
    const grant: Grant = { ...addition.grant, familyCount: remaining + 1, revoked: false };
    const changes: Change[] = [
      grantChange(family.address, grant, basedOn?.etag),
      familyInsert({ ...family, createdBy: writeId }),
      ...ended.map((one) =>
        familyChange({ ...one, state: 'ended', endReason: 'pushed out', endedAt: clock() }, { endedBy: writeId }),
      ),
      ...(event === undefined ? [] : [eventInsert(userKey, event, random)]),
      ...ended.slice(0, 1).map(({ clientId }) => {
        const { clientName } = addition.grant;
        return eventInsert(userKey, { kind: 'pushed out', at: clock(), clientId, clientName }, random);
      }),
    ];
    const settled = await settle<Family>({
      attempt: () => users.write(changes),
      readBack: async () => {
        const row = await users.read<FamilyColumns>(partitionOf(userKey), familyRowKey(family.address));
        if (row === undefined) return { whose: 'nobody' };
        if (row.createdBy === writeId) return { whose: 'ours' };
        return { whose: 'another', current: familyFrom(row, family.address) };
      },
      fence: () =>
        users.write([familyInsert({ ...family, createdBy: `fence ${writeId}`, state: 'ended', endReason: 'fenced' })]),
    });
    if (settled.result === 'done') return { result: 'added' };
    return settled.current === undefined ? { result: 'changed' } : { result: 'exists', family: settled.current };
  };

  /** One attempt; undefined when something changed meanwhile. */
  const revokeOnce = async (found: Authorization, userKey: Buffer): Promise<true | undefined> => {
    const writeId = base64url(random(16));
    const address = { userKey, clientKey: found.clientKey };
    const now = clock();
    const ended = endable(found.families, now);
    const grant: Grant = { ...found.grant, revoked: true, familyCount: 0 };
    const { clientId, clientName } = found.grant;
    const event: HistoryEvent = { kind: 'revoked by user', at: now, clientId, clientName };
    const marks = { revokedBy: writeId, keepUntil: now + revokedGrantSeconds };
    const changes = [
      grantChange(address, grant, found.grant.etag, marks),
      ...ended.map((one) =>
        familyChange({ ...one, state: 'ended', endReason: 'revoked by user', endedAt: now }, { endedBy: writeId }),
      ),
      eventInsert(userKey, event, random),
    ];
    const settled = await settle<undefined>({
      attempt: () => users.write(changes),
      readBack: async () => {
        const row = await users.read<GrantColumns>(partitionOf(userKey), grantRowKey(found.clientKey));
        if (row?.revokedBy === writeId) return { whose: 'ours' };
        return row?.etag === found.grant.etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
      },
      fence: () => users.write([grantChange(address, found.grant, found.grant.etag, { fencedBy: writeId })]),
    });
    return settled.result === 'done' ? true : undefined;
  };

  return {
    read: async (userKey, clientKey) => {
      const row = await users.read<GrantColumns>(partitionOf(userKey), grantRowKey(clientKey));
      return row && grantFrom(row);
    },
    addFamily,
    overview: async (userKey) => {
      const rows = await users.range<FamilyColumns | GrantColumns | EventColumns>(
        partitionOf(userKey),
        'event:',
        'grant;',
      );
      const isEvent = (row: Row<object>) => row.rowKey.startsWith('event:');
      return {
        events: (rows.filter(isEvent) as readonly Row<EventColumns>[]).toSorted(newestFirst).map(eventFrom),
        authorizations: authorizationsFrom(
          userKey,
          rows.filter((row) => !isEvent(row)) as readonly Row<FamilyColumns | GrantColumns>[],
        ),
      };
    },
    revoke: async (userKey, clientKey) => {
      for (let attempt = 0; attempt < competingAttempts; attempt++) {
        const found = await familiesOf(userKey, clientKey);
        if (found === undefined || !hasAnythingToRevoke(found, clock())) return false;
        if (await revokeOnce(found, userKey)) return true;
        await pause(Math.random() * 10 * Math.min(attempt, 5));
      }
      throw new Unavailable('storage');
    },
  };
};

/**
 * Families that something may still name: live ones, those whose refresh token has expired while an access token may not
 * have, and codes that another instance's clock may still take. They fit into one batch with the grant: at most fifty live
 * ones, and the newest of the others.
 */
const endable = (families: readonly Family[], now: number): readonly Family[] =>
  families
    .filter((one) => one.state !== 'ended' && now < one.keepUntil)
    .toSorted((a, b) => Number(isLive(b, now)) - Number(isLive(a, now)) || b.createdAt - a.createdAt)
    .slice(0, 90);

const hasAnythingToRevoke = ({ grant, families }: Authorization, now: number): boolean =>
  !grant.revoked || endable(families, now).length > 0;
