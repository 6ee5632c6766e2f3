/** Family rows (see `oauth/family.ts` for the states, `user-rows.ts` for the keys). Every verb is one conditional write. */
import type { Random } from '../oauth/crypto.ts';
import { base64url } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { EndReason, Family, Lineage, RevokedToken } from '../oauth/family.ts';
import type { HistoryEvent } from '../oauth/history.ts';
import type { FamilyAddress } from '../oauth/locator.ts';
import { pause, settle } from './settle.ts';
import type { Change, Row, Table } from './table.ts';
import { eventInsert, familyRowKey, partitionOf, personFrom } from './user-rows.ts';

export type FamilyColumns = {
  readonly state: Family['state'];
  readonly clientId: string;
  readonly scopes: string;
  readonly resources: string;
  readonly redirectUri: string;
  readonly createdAt: number;
  readonly authTime?: number;
  /** JSON of `oauth/person.ts`. */
  readonly person?: string;
  readonly codeHash: string;
  readonly codeChallenge: string;
  readonly codeExpiresAt: number;
  readonly absoluteExpiresAt: number;
  readonly familyBytesHash?: string;
  readonly currentHash?: string;
  readonly previousHash?: string;
  readonly salt?: string;
  readonly rotatedAt?: number;
  readonly graceUses?: number;
  readonly idleExpiresAt?: number;
  readonly revokedTokens?: string;
  readonly createdBy: string;
  readonly redeemedBy?: string;
  readonly rotatedBy?: string;
  readonly countedBy?: string;
  readonly endedBy?: string;
  readonly endReason?: EndReason;
  readonly endedAt?: number;
  readonly fencedBy?: string;
  readonly keepUntil: number;
};

/** The field in which a transition leaves the id of the attempt that made it. */
type WriteIdField = 'redeemedBy' | 'rotatedBy' | 'countedBy' | 'endedBy' | 'fencedBy';

/** `lost` carries what the row became meanwhile; undefined if it is gone. */
export type TransitionResult =
  | { readonly result: 'done' }
  | { readonly result: 'lost'; readonly current: Family | undefined };

type Ending = { readonly reason: EndReason; readonly at: number; readonly event?: HistoryEvent };

export type Families = {
  read(address: FamilyAddress): Promise<Family | undefined>;
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

export const openFamilies = (users: Table, random: Random): Families => {
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
    return row && familyFrom(row, address);
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
        return { whose: 'another', current: current && familyFrom(current, family.address) };
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
    redeem: (family, { lineage, absoluteExpiresAt, keepUntil }) =>
      transition(family, { state: 'active', lineage, absoluteExpiresAt, keepUntil }, { field: 'redeemedBy' }),
    rotate: (family, { lineage, keepUntil }) => transition(family, { lineage, keepUntil }, { field: 'rotatedBy' }),
    countGraceUse: async (family, at) => {
      const { lineage, rotatedBy } = family;
      if (lineage === undefined) throw new Error('a family without refresh tokens has no grace');
      // Another retry may still be on its way, however late: the window is for what comes after the first answer.
      const rotatedAt = undelivered.has(rotatedBy ?? '') ? at : lineage.rotatedAt;
      const used = { ...lineage, rotatedAt, graceUses: lineage.graceUses + 1 };
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
          { state: 'ended', endReason: reason, endedAt: at },
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

/** The insert of a new family in state `code`. */
export const familyInsert = (family: Omit<Family, 'etag' | 'modifiedAt'>): Change => ({ insert: rowOf(family) });

/** The conditional update that replaces a family's row: the row is wholly ours. */
export const familyChange = (family: Family, writeId: Partial<Record<WriteIdField, string>>): Change => ({
  update: { ...rowOf(family), ...writeId },
  etag: family.etag,
});

const rowOf = (family: Omit<Family, 'etag' | 'modifiedAt'>) => ({
  partitionKey: partitionOf(family.address.userKey),
  rowKey: familyRowKey(family.address),
  state: family.state,
  clientId: family.clientId,
  scopes: JSON.stringify(family.scopes),
  resources: JSON.stringify(family.resources),
  redirectUri: family.redirectUri,
  createdAt: family.createdAt,
  codeHash: base64url(family.codeHash),
  codeChallenge: family.codeChallenge,
  codeExpiresAt: family.codeExpiresAt,
  absoluteExpiresAt: family.absoluteExpiresAt,
  createdBy: family.createdBy,
  keepUntil: family.keepUntil,
  ...defined({
    authTime: family.authTime,
    person: family.person && JSON.stringify(family.person),
    redeemedBy: family.redeemedBy,
    rotatedBy: family.rotatedBy,
    countedBy: family.countedBy,
    endedBy: family.endedBy,
    endReason: family.endReason,
    endedAt: family.endedAt,
    revokedTokens: family.revokedTokens.length === 0 ? undefined : JSON.stringify(family.revokedTokens),
  }),
  ...(family.lineage === undefined ? {} : lineageColumns(family.lineage)),
});

const lineageColumns = (lineage: Lineage) => ({
  familyBytesHash: base64url(lineage.familyBytesHash),
  currentHash: base64url(lineage.currentHash),
  rotatedAt: lineage.rotatedAt,
  graceUses: lineage.graceUses,
  idleExpiresAt: lineage.idleExpiresAt,
  ...defined({
    previousHash: lineage.previousHash && base64url(lineage.previousHash),
    salt: lineage.salt && base64url(lineage.salt),
  }),
});

export const familyFrom = (row: Row<FamilyColumns>, address: FamilyAddress): Family => ({
  address,
  etag: row.etag,
  modifiedAt: row.timestamp,
  state: row.state,
  clientId: row.clientId,
  scopes: JSON.parse(row.scopes),
  resources: JSON.parse(row.resources),
  redirectUri: row.redirectUri,
  createdAt: row.createdAt,
  authTime: row.authTime,
  person: personFrom(row),
  codeHash: Buffer.from(row.codeHash, 'base64url'),
  codeChallenge: row.codeChallenge,
  codeExpiresAt: row.codeExpiresAt,
  absoluteExpiresAt: row.absoluteExpiresAt,
  lineage: lineageFrom(row),
  revokedTokens: row.revokedTokens === undefined ? [] : JSON.parse(row.revokedTokens),
  createdBy: row.createdBy,
  redeemedBy: row.redeemedBy,
  rotatedBy: row.rotatedBy,
  countedBy: row.countedBy,
  endedBy: row.endedBy,
  endReason: row.endReason,
  endedAt: row.endedAt,
  keepUntil: row.keepUntil,
});

const lineageFrom = (row: Row<FamilyColumns>): Lineage | undefined =>
  row.familyBytesHash === undefined || row.currentHash === undefined
    ? undefined
    : {
        familyBytesHash: Buffer.from(row.familyBytesHash, 'base64url'),
        currentHash: Buffer.from(row.currentHash, 'base64url'),
        previousHash: row.previousHash === undefined ? undefined : Buffer.from(row.previousHash, 'base64url'),
        salt: row.salt === undefined ? undefined : Buffer.from(row.salt, 'base64url'),
        rotatedAt: row.rotatedAt ?? row.createdAt,
        graceUses: row.graceUses ?? 0,
        idleExpiresAt: row.idleExpiresAt ?? row.absoluteExpiresAt,
      };

const defined = <T extends Record<string, unknown>>(columns: T): Partial<T> =>
  Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Partial<T>;
