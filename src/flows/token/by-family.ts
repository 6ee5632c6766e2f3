/** A refresh or a revocation goes by a family: as this instance wrote it last, if it has kept that, or else by the row. */
import { OAuthError, Unavailable } from '../../oauth/errors.ts';
import type { Family } from '../../oauth/grants/family.ts';
import { outdated, type Seen } from '../../oauth/grants/seen.ts';
import type { FamilyAddress } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';

/** Each answers a change of the row that came between. */
const attempts = 4;

/**
 * What `act` makes of the family. By a copy it may do no more than write under its ETag: what it refuses by a copy, or finds
 * `outdated`, is decided again by the row. Throws what `act` throws, and `Unavailable`.
 */
export const byFamily = async <Result>(
  address: FamilyAddress,
  { store: { families } }: Server,
  act: (seen: Seen | undefined) => Promise<Result | typeof outdated>,
): Promise<Result> => {
  const copy = families.takeCopy(address);
  if (copy !== undefined) {
    const result = await unlessRefused(() => act({ family: copy, isCopy: true }));
    if (result !== outdated) return result;
    families.distrust(address);
  }
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const result = await act(asRead(await families.read(address)));
    if (result !== outdated) return result;
  }
  throw new Unavailable('storage');
};

const asRead = (family: Family | undefined): Seen | undefined => family && { family, isCopy: false };

const unlessRefused = async <Result>(act: () => Promise<Result>): Promise<Result | typeof outdated> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof OAuthError) return outdated;
    throw error;
  }
};
