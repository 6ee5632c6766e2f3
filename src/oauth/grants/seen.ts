/** What a decision about a family goes by. */
import type { Family } from './family.ts';

export type Seen = {
  readonly family: Family;
  /** As this instance has written it some time ago (`storage/kept.ts`); else as the row was read. */
  readonly isCopy: boolean;
  /** Read anew in the same request, after it had been good: what others did meanwhile is no theft. */
  readonly isAgain: boolean;
};

/** False when the person has taken back a part of what tokens were signed for. */
export const hasSameScopes = (a: Pick<Family, 'scopes'>, b: Pick<Family, 'scopes'>): boolean =>
  a.scopes.join() === b.scopes.join();

/** What was seen says no longer what is so: everything is to be decided anew, by the row. */
export const outdated = Symbol('outdated');
