/** Every grant there is, a page at a time, for whoever ends what a rule names wherever it lies (rows: see `user-rows.ts`). */
import type { StoredGrant } from '../oauth/grants/grant.ts';
import type { FamilyOwner } from './families.ts';
import { type GrantColumns, grantFrom } from './grant-rows.ts';
import { sliceName, slices } from './slices.ts';
import type { Page, Table } from './table.ts';

type OwnedGrant = { readonly owner: FamilyOwner; readonly grant: StoredGrant };

export type AllGrants = {
  /** `after` is what the page before named; a page may be empty while there is a next one. One call. Throws `Unavailable`. */
  page(
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly grants: readonly OwnedGrant[]; readonly next: string | undefined }>;
};

type Place = { readonly slice: number; readonly after?: string | undefined };

export const grantKeys = { from: 'grant:', to: 'grant;' };

export const openAllGrants = (users: Table): AllGrants => ({
  page: async (after, limit) => {
    const place: Place = after === undefined ? { slice: 0 } : (JSON.parse(after) as Place);
    const page: Page<GrantColumns> = await users.page(sliceName(place.slice), sliceName(place.slice + 1), {
      size: limit,
      after: place.after,
      rowKeys: grantKeys,
    });
    const grants = page.rows.map((row) => ({
      owner: {
        userKey: Buffer.from(row.partitionKey, 'hex'),
        clientKey: Buffer.from(row.rowKey.slice(grantKeys.from.length), 'hex'),
      },
      grant: grantFrom(row),
    }));
    const next = page.next === undefined ? { slice: place.slice + 1 } : { slice: place.slice, after: page.next };
    return { grants, next: next.slice === slices ? undefined : JSON.stringify(next) };
  },
});
