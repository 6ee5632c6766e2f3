/** Family rows (see `oauth/family.ts` for the states, `user-rows.ts` for the keys). Every verb is one conditional write. */
import type { Random } from '../oauth/crypto.ts';
import { base64url } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { EndReason, Family, Lineage, RevokedToken } from '../oauth/family.ts';
import type { HistoryEvent } from '../oauth/history.ts';
import type { FamilyAddress } from '../oauth/locator.ts';
import {
  endedFamilySeconds,
  type FamilyColumns,
  familiesFrom,
  familyChange,
  familyFrom,
  isWhole,
  type WriteIdField,
} from './family-rows.ts';
import { pause, settle } from './settle.ts';
import type { Row, Table } from './table.ts';
import { createTurns } from './turns.ts';
import { afterPrefix, eventInsert, familyPrefix, familyRowKey, partitionOf } from './user-rows.ts';

/** `lost` carries what the row became meanwhile; undefined if it is gone. */
export type TransitionResult =
  | { readonly result: 'done' }
  | { readonly result: 'lost'; readonly current: Family | undefined };

type Ending = { readonly reason: EndReason; readonly at: number; readonly event?: HistoryEvent };

export type FamilyOwner = Pick<FamilyAddress, 'userKey' | 'clientKey'>;

export type Families = {
  read(address: FamilyAddress): Promise<Family | undefined>;
  /** The families of one client and person, in whatever state, those of `named` in any case. One query. */
  ofClient(owner: FamilyOwner, named?: readonly Buffer[]): Promise<readonly Family[]>;
  /** Runs `task` when those before it for this family, in this process, have ended; `waited` says that there were any. */
  inTurn<Result>(address: FamilyAddress, task: (waited: boolean) => Promise<Result>): Promise<Result>;
  /** code -> active. `done` for exactly one caller, ever. */
  redeem(
    family: Family,
    active: Pick<Family, 'lineage' | 'absoluteExpiresAt' | 'keepUntil'>,
  ): Promise<TransitionResult>;
  /** active -> active with a new current token. `done` for exactly one caller per token. */
  rotate(family: Family, rotated: { readonly lineage: Lineage; readonly keepUntil: number }): Promise<TransitionResult>;
  /** Counts one more use of the previous token; the first of an undelivered rotation starts the grace window `at` epoch seconds. */
  countGraceUse(family: Family, at: number): Promise<TransitionResult>;
  /** Remembers an access token as revoked. */
  revokeToken(family: Family, tokens: readonly RevokedToken[]): Promise<TransitionResult>;
  /** Ends the family whatever happens to it meanwhile; a no-op when it has ended. */
  end(family: Family, ending: Ending): Promise<void>;
  /** True if this redemption or rotation was answered with 503 because its outcome was not known: nobody has its tokens. */
  isUndelivered(family: Family | undefined, field: 'redeemedBy' | 'rotatedBy'): boolean;
};

/** Remembered undelivered writes; beyond that the oldest is forgotten, and its retry counts as a replay. */
const undeliveredLimit = 10_000;

/** Competing writers of one row each lose only to one that made progress; this many losses mean that something is wrong. */
export const competingAttempts = 60;

/** Far more than a grant names: the others are left-overs that wait for the sweep. */
const rowsOfClientRead = 1_000;

export const openFamilies = (users: Table, random: Random): Families => {
  const turns = createTurns();
  /**
   * A write that committed while storage went away for longer than `settle` waits. Only this process knows that its tokens
   * were never given out: without that, the retry that 503 asks for would look like a replay.
   */
  const undelivered = new Set<string>();
  const rememberUndelivered = (writeId: string): void => {
    if (undelivered.size >= undeliveredLimit) undelivered.delete(undelivered.values().next().value ?? '');
    undelivered.add(writeId);
  };

  const read = async (address: FamilyAddress): Promise<Family | undefined> => {
    const row = await users.read<FamilyColumns>(partitionOf(address.userKey), familyRowKey(address));
    return row && isWhole(row) ? familyFrom(row, address) : undefined;
  };

  const familiesOf = async ({ userKey, clientKey }: FamilyOwner): Promise<readonly Family[]> => {
    const prefix = familyPrefix(clientKey);
    const rows: Row<FamilyColumns>[] = [];
    for await (const page of users.pages<FamilyColumns>(partitionOf(userKey), prefix, afterPrefix(prefix))) {
      rows.push(...page);
      if (rows.length >= rowsOfClientRead) break;
    }
    return familiesFrom(userKey, rows);
  };

  const transition = (
    family: Family,
    changes: Partial<Family>,
    options: { field: WriteIdField; event?: HistoryEvent },
  ): Promise<TransitionResult> => {
    const writeId = base64url(random(16));
    const update = familyChange({ ...family, ...changes }, { [options.field]: writeId });
    const event = options.event && eventInsert(family.address.userKey, options.event, random);
    const settling = settle<Family | undefined>({
      attempt: () => users.write(event === undefined ? [update] : [update, event]),
      readBack: async () => {
        const current = await users.read<FamilyColumns>(
          partitionOf(family.address.userKey),
          familyRowKey(family.address),
        );
        if (current?.[options.field] === writeId) return { whose: 'ours' };
        if (current?.etag === family.etag) return { whose: 'nobody' };
        return {
          whose: 'another',
          current: current && isWhole(current) ? familyFrom(current, family.address) : undefined,
        };
      },
      fence: () => users.write([familyChange(family, { fencedBy: writeId })]),
    });
    return settling.catch((error: unknown) => {
      if (options.field === 'redeemedBy' || options.field === 'rotatedBy') rememberUndelivered(writeId);
      throw error;
    });
  };

  return {
    read,
    ofClient: async (owner, named = []) => {
      const found = await familiesOf(owner);
      if (found.length < rowsOfClientRead) return found;
      const missing = named.filter((id) => !found.some(({ address }) => address.familyId.equals(id)));
      const others = await Promise.all(missing.map((familyId) => read({ ...owner, familyId })));
      return [...found, ...others.filter((one) => one !== undefined)];
    },
    inTurn: (address, task) => turns.take(`${partitionOf(address.userKey)} ${familyRowKey(address)}`, task),
    redeem: (family, { lineage, absoluteExpiresAt, keepUntil }) =>
      transition(family, { state: 'active', lineage, absoluteExpiresAt, keepUntil }, { field: 'redeemedBy' }),
    rotate: (family, { lineage, keepUntil }) => transition(family, { lineage, keepUntil }, { field: 'rotatedBy' }),
    countGraceUse: async (family, at) => {
      const { lineage, rotatedBy } = family;
      if (lineage === undefined) throw new Error('a family without refresh tokens has no grace');
      const isUndelivered = undelivered.has(rotatedBy ?? '');
      // Another retry may still be on its way, however late: the window is for what comes after the first answer, and an
      // answer that we owed is no use of it.
      const used = isUndelivered ? { ...lineage, rotatedAt: at } : { ...lineage, graceUses: lineage.graceUses + 1 };
      const counted = await transition(family, { lineage: used }, { field: 'countedBy' });
      if (counted.result === 'done' && rotatedBy !== undefined) undelivered.delete(rotatedBy);
      return counted;
    },
    revokeToken: (family, revokedTokens) => transition(family, { revokedTokens }, { field: 'countedBy' }),
    end: async (family, { reason, at, event }) => {
      let current: Family | undefined = family;
      for (let attempt = 0; attempt < competingAttempts; attempt++) {
        if (current === undefined || current.state === 'ended') return;
        const ended: TransitionResult = await transition(
          current,
          { state: 'ended', endReason: reason, endedAt: at, keepUntil: at + endedFamilySeconds },
          { field: 'endedBy', ...(event === undefined ? {} : { event }) },
        );
        if (ended.result === 'done') return;
        await pause(Math.random() * 10 * Math.min(attempt, 5));
        current = await read(family.address);
      }
      throw new Unavailable('storage');
    },
    isUndelivered: (family, field) => undelivered.has(family?.[field] ?? ''),
  };
};
