/** What a token request makes of a family: by its row, or as this instance wrote it last, if it has kept that. */
import { OAuthError, Unavailable } from '../../oauth/errors.ts';
import { outdated, type Seen } from '../../oauth/grants/seen.ts';
import type { FamilyAddress } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';

/** A person does not take permissions back more often than that while one request is on its way. */
const attempts = 4;

/** Undefined when there is none. */
type Act<Result> = (seen: Seen | undefined) => Promise<Result | typeof outdated>;

/** What `act` makes of the row, again when it finds `outdated` what it was given. Throws what `act` throws, and `Unavailable`. */
export const byRow = async <Result>(
  address: FamilyAddress,
  { store: { families } }: Server,
  act: Act<Result>,
): Promise<Result> => {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const family = await families.read(address);
    const result = await act(family && { family, isCopy: false, isAgain: attempt > 1 });
    if (result !== outdated) return result;
  }
  throw new Unavailable('storage');
};

/**
 * The same by a copy first, where there is one. By that `act` may do no more than write under its ETag: what it refuses, or
 * finds `outdated`, is decided again by the row.
 */
export const byFamily = async <Result>(address: FamilyAddress, server: Server, act: Act<Result>): Promise<Result> => {
  const { families } = server.store;
  const copy = families.takeCopy(address);
  if (copy !== undefined) {
    const result = await unlessRefused(() => act({ family: copy, isCopy: true, isAgain: false }));
    if (result === outdated) families.distrust(address);
    else if (result !== refused) return result;
  }
  return byRow(address, server, act);
};

const refused = Symbol('refused');

const unlessRefused = async <Result>(act: () => Promise<Result>): Promise<Result | typeof refused> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof OAuthError) return refused;
    throw error;
  }
};
