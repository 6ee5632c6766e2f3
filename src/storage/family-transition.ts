/** One arrow of a family (see `oauth/grants/family.ts`): a conditional write that is brought to a known end, and remembered. */
import { base64url, type Random } from '../oauth/crypto.ts';
import type { Family } from '../oauth/grants/family.ts';
import type { HistoryEvent } from '../oauth/grants/history.ts';
import type { FamilyAddress } from '../oauth/tokens/locator.ts';
import { type FamilyColumns, familyChange, type WriteIdField } from './family-rows.ts';
import type { Kept } from './kept.ts';
import { settle } from './settle.ts';
import type { Table } from './table.ts';
import type { Undelivered } from './undelivered.ts';
import { eventInsert, familyRowKey, partitionOf } from './user-rows.ts';

export type TransitionContext = {
  readonly users: Table;
  readonly random: Random;
  readonly undelivered: Undelivered;
  readonly copies: Kept<Family>;
};

/** One text for both keys. */
export const keyOf = (address: FamilyAddress): string => `${partitionOf(address.userKey)} ${familyRowKey(address)}`;

type Mark = { readonly field: WriteIdField; readonly event?: HistoryEvent | undefined };

/** True if the write is in the row; false if another came before it. Throws `Unavailable` after fencing. */
export const transition = async (
  context: TransitionContext,
  family: Family,
  changes: Partial<Family>,
  { field, event }: Mark,
): Promise<boolean> => {
  const { users, random, undelivered } = context;
  const { address } = family;
  const writeId = base64url(random(16));
  const update = familyChange(family, changes, { [field]: writeId });
  const told = event === undefined ? [] : [eventInsert(address.userKey, { ...event, family: nameOf(address) }, random)];
  try {
    const settled = await settle<undefined>({
      attempt: () => users.write([update, ...told]),
      readBack: async () => {
        const current = await users.read<FamilyColumns>(partitionOf(address.userKey), familyRowKey(address));
        if (current?.[field] === writeId) return { whose: 'ours' };
        return current?.etag === family.etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
      },
      fence: () => users.write([familyChange(family, {}, { fencedBy: writeId })]),
    });
    if (settled.result !== 'done') return false;
    keep(context, { ...family, ...changes, [field]: writeId }, settled.etag);
    return true;
  } catch (error) {
    if (field === 'redeemedBy' || field === 'rotatedBy') undelivered.add(writeId);
    throw error;
  }
};

/** As it has just been written; what has ended is written no more. */
const keep = ({ copies }: TransitionContext, family: Family, etag: string | undefined): void => {
  const key = keyOf(family.address);
  if (family.state === 'ended' || etag === undefined) copies.take(key);
  else copies.put(key, { ...family, etag });
};

const nameOf = ({ familyId }: FamilyAddress): string => familyId.toString('hex');
