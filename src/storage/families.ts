/** Family rows (see `oauth/family.ts` for the states, `user-rows.ts` for the keys). Every transition is one conditional write. */
import type { Clock, Random } from '../oauth/crypto.ts';
import type { EndReason, Family, Lineage, RevokedToken } from '../oauth/grants/family.ts';
import type { HistoryEvent } from '../oauth/grants/history.ts';
import type { Revocation } from '../oauth/grants/revocation.ts';
import { hasSameScopes, outdated, type Seen } from '../oauth/grants/seen.ts';
import type { Use } from '../oauth/grants/use.ts';
import type { FamilyAddress } from '../oauth/tokens/locator.ts';
import { endOf } from '../oauth/tokens/revocation-list.ts';
import { endedFamilySeconds, type FamilyColumns, familiesFrom, familyFrom, isWhole } from './family-rows.ts';
import { keyOf, type TransitionContext, transition } from './family-transition.ts';
import { createKept, type KeptOptions } from './kept.ts';
import { lost, untilWritten } from './retry.ts';
import type { Revocations } from './revocations.ts';
import type { Row, Table } from './table.ts';
import { createTurns, type Turns } from './turns.ts';
import { createUndelivered } from './undelivered.ts';
import { afterPrefix, familyPrefix, familyRowKey, partitionOf } from './user-rows.ts';

type Ending = { readonly reason: EndReason; readonly at: number; readonly event?: HistoryEvent };

type Activation = Pick<Family, 'lineage' | 'absoluteExpiresAt' | 'keepUntil' | 'use'>;

/** What a refresh does to its family. */
type RefreshStep =
  /** A new current token. */
  | { readonly kind: 'rotate'; readonly lineage: Lineage; readonly keepUntil: number; readonly use: Use }
  /** One more use of the previous token, at this instant (epoch seconds). */
  | { readonly kind: 'repeat'; readonly at: number }
  /** Another request has done already what this one wanted. */
  | { readonly kind: 'follow' };

export type FamilyOwner = Pick<FamilyAddress, 'userKey' | 'clientKey'>;

export type Families = {
  /** The family of an address. A code whose redemption nobody was told of reads as unspent. */
  read(address: FamilyAddress): Promise<Family | undefined>;
  /** What this instance wrote last, if it has kept that; nobody else gets it meanwhile. Proves nothing until `refresh` or `end` is done by it. */
  takeCopy(address: FamilyAddress): Family | undefined;
  /** A copy was outdated: others write this family too. */
  distrust(address: FamilyAddress): void;
  /** The families of one client and person, in whatever state, those of `named` in any case. One query. */
  ofClient(owner: FamilyOwner, named?: readonly Buffer[]): Promise<readonly Family[]>;
  /**
   * code -> active. True for exactly one caller, ever; `outdated` when the person has taken back a part of it meanwhile.
   * Throws `Unavailable` when the outcome is not known.
   */
  redeem(family: Family, active: Activation): Promise<boolean | typeof outdated>;
  /**
   * Carries out what is decided about the family, and decides again while other writes come first; refreshes of one process
   * wait for each other. Returns what was decided last, or `outdated` where a copy is; throws what `decide` throws, and `Unavailable`.
   */
  refresh<Step extends RefreshStep>(
    seen: Seen,
    first: Step,
    decide: (current: Family | undefined) => Step | typeof outdated,
  ): Promise<Step | typeof outdated>;
  /** Remembers an access token as revoked, as `decide` says of the tokens remembered so far; undefined changes nothing. */
  revokeToken(family: Family, decide: (current: Family) => readonly RevokedToken[] | undefined): Promise<void>;
  /** Ends the family whatever happens to it meanwhile; a no-op when it has ended. */
  end(family: Family, ending: Ending): Promise<void>;
};

/** Far more than a grant names: the others are left-overs that wait for the sweep. */
const rowsOfClientRead = 1_000;

type Context = TransitionContext & {
  readonly clock: Clock;
  readonly revocations: Revocations;
  readonly turns: Turns;
};

type Options = {
  readonly random: Random;
  readonly clock: Clock;
  readonly revocations: Revocations;
  readonly copies: Omit<KeptOptions, 'clock'>;
};

export const openFamilies = (users: Table, { copies, ...options }: Options): Families => {
  const context: Context = {
    users,
    ...options,
    turns: createTurns(),
    undelivered: createUndelivered(),
    copies: createKept<Family>({ clock: options.clock, ...copies }),
  };
  return {
    read: (address) => read(context, address),
    takeCopy: (address) => context.copies.take(keyOf(address)),
    distrust: (address) => context.copies.distrust(keyOf(address)),
    ofClient: (owner, named = []) => ofClient(context, owner, named),
    redeem: (family, active) => redeem(context, family, active),
    refresh: (seen, first, decide) => refresh(context, { seen, first, decide }),
    revokeToken: (family, decide) => revokeToken(context, family, decide),
    end: (family, ending) => end(context, family, ending),
  };
};

const read = async (context: Context, address: FamilyAddress): Promise<Family | undefined> => {
  const row = await context.users.read<FamilyColumns>(partitionOf(address.userKey), familyRowKey(address));
  return row && fromRow(context, row, address);
};

/** A redemption that nobody was told of is overwritten by the retry that 503 asked for. */
const fromRow = ({ undelivered }: Context, row: Row<FamilyColumns>, address: FamilyAddress): Family | undefined => {
  if (!isWhole(row)) return undefined;
  const family = familyFrom(row, address);
  return family.state === 'active' && undelivered.has(family.redeemedBy) ? { ...family, state: 'code' } : family;
};

const ofClient = async (context: Context, owner: FamilyOwner, named: readonly Buffer[]): Promise<readonly Family[]> => {
  const found = await familiesOf(context, owner);
  if (found.length < rowsOfClientRead) return found;
  const missing = named.filter((id) => !found.some(({ address }) => address.familyId.equals(id)));
  const others = await Promise.all(missing.map((familyId) => read(context, { ...owner, familyId })));
  return [...found, ...others.filter((one) => one !== undefined)];
};

const familiesOf = async ({ users }: Context, { userKey, clientKey }: FamilyOwner): Promise<readonly Family[]> => {
  const prefix = familyPrefix(clientKey);
  const rows: Row<FamilyColumns>[] = [];
  for await (const page of users.pages<FamilyColumns>(partitionOf(userKey), prefix, afterPrefix(prefix))) {
    rows.push(...page);
    if (rows.length >= rowsOfClientRead) break;
  }
  return familiesFrom(userKey, rows);
};

/** Still unspent if only a request that got no answer came between: its fence, or its own redemption. */
const redeem = (context: Context, family: Family, active: Activation): Promise<boolean | typeof outdated> =>
  untilWritten<Family | undefined, boolean | typeof outdated>(
    family,
    () => read(context, family.address),
    async (current) => {
      if (current?.state !== 'code') return false;
      if (!hasSameScopes(current, family)) return outdated;
      const changes = { ...active, ...oneMoreToken(current, context), state: 'active' } as const;
      const done = await transition(context, current, changes, { field: 'redeemedBy' });
      return done ? true : lost;
    },
  );

type Refreshing<Step> = {
  readonly seen: Seen;
  readonly first: Step;
  readonly decide: (current: Family | undefined) => Step | typeof outdated;
};

type Attempt<Step> = { readonly current: Family | undefined; readonly step: Step | typeof outdated };

const refresh = <Step extends RefreshStep>(
  context: Context,
  { seen: { family, isCopy }, first, decide }: Refreshing<Step>,
): Promise<Step | typeof outdated> => {
  const again = async (): Promise<Attempt<Step>> => {
    const current = await read(context, family.address);
    return { current, step: decide(current) };
  };
  return context.turns.take(keyOf(family.address), async (waited) =>
    untilWritten<Attempt<Step>, Step | typeof outdated>(
      waited ? await again() : { current: family, step: first },
      again,
      async ({ current, step }) => {
        if (current === undefined || step === outdated || step.kind === 'follow') return step;
        const done =
          step.kind === 'rotate' ? await rotate(context, current, step) : await repeat(context, current, step.at);
        if (done) return step;
        // Whoever came before may have done so long ago: no word of this request is to be taken for good at its time.
        return isCopy && current === family ? outdated : lost;
      },
    ),
  );
};

const rotate = (
  context: Context,
  family: Family,
  { lineage, keepUntil, use }: Extract<RefreshStep, { kind: 'rotate' }>,
): Promise<boolean> => {
  const changes = { lineage, keepUntil, use, ...oneMoreToken(family, context) };
  return transition(context, family, changes, { field: 'rotatedBy' });
};

/** Events tell of them later, all at once (`token-counts.ts`). */
const oneMoreToken = ({ tokens, tokensSince }: Family, { clock }: Context) => ({
  tokens: tokens + 1,
  tokensSince: tokensSince === 0 ? clock() : tokensSince,
});

/** An answer that we owed is no use of the previous token; the window is for what comes after it. */
const repeat = async (context: Context, family: Family, at: number): Promise<boolean> => {
  const { lineage, rotatedBy } = family;
  if (lineage === undefined) throw new Error('a family without refresh tokens has no grace');
  const isOwed = context.undelivered.has(rotatedBy);
  const used = isOwed ? { ...lineage, rotatedAt: at } : { ...lineage, graceUses: lineage.graceUses + 1 };
  const changes = { lineage: used, ...oneMoreToken(family, context) };
  const done = await transition(context, family, changes, { field: 'countedBy' });
  if (done) context.undelivered.remove(rotatedBy);
  return done;
};

const revokeToken = (
  context: Context,
  family: Family,
  decide: (current: Family) => readonly RevokedToken[] | undefined,
): Promise<void> =>
  untilWritten<Family | undefined, void>(
    family,
    () => read(context, family.address),
    async (current) => {
      const revokedTokens = current?.state === 'active' ? decide(current) : undefined;
      if (current === undefined || revokedTokens === undefined) return undefined;
      await context.revocations.announce(newIn(revokedTokens, current));
      return (await transition(context, current, { revokedTokens }, { field: 'countedBy' })) ? undefined : lost;
    },
  );

const newIn = (tokens: readonly RevokedToken[], { revokedTokens: known }: Family): readonly Revocation[] =>
  tokens.filter(({ jti }) => !known.some((one) => one.jti === jti)).map(({ jti }) => ({ kind: 'token', jti }));

const end = (context: Context, family: Family, { reason, at, event }: Ending): Promise<void> =>
  untilWritten<Family | undefined, void>(
    family,
    () => read(context, family.address),
    async (current) => {
      if (current === undefined || current.state === 'ended') return undefined;
      // Before its first tokens nobody else has heard of it.
      if (current.state === 'active') await context.revocations.announce([endOf(current.address, current.resources)]);
      const ended = { state: 'ended', endReason: reason, endedAt: at, keepUntil: at + endedFamilySeconds } as const;
      return (await transition(context, current, ended, { field: 'endedBy', event })) ? undefined : lost;
    },
  );
