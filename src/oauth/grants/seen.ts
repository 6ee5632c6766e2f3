/** What a decision about a family goes by. */
import type { Family } from './family.ts';

/** As the row was read; or a copy, as this instance has written it some time ago (`storage/kept.ts`). */
export type Seen = { readonly family: Family; readonly isCopy: boolean };

/** What was seen says no longer what is so: everything is to be decided anew, by the row. */
export const outdated = Symbol('outdated');
