/** The signed list of what ended lately, made anew when that changes, and at least once a minute while somebody asks. */
import type { Clock } from '../../oauth/crypto.ts';
import type { DeploymentKeys } from '../../oauth/tokens/deployment-keys.ts';
import {
  digestOf,
  type Known,
  relevantSince,
  revocationListOf,
  revocationListType,
} from '../../oauth/tokens/revocation-list.ts';
import type { Signer } from '../../signing/signer.ts';
import type { Revocations } from '../../storage/revocations.ts';

/** `version` is the same on all instances for what a resource server need not fetch again. */
type SignedList = { readonly jws: string; readonly version: string };

/** The list as it is now, three seconds old at most. Throws `Unavailable`. */
export type RevocationLists = () => Promise<SignedList>;

type Parts = {
  readonly issuer: string;
  readonly accessTokenSeconds: number;
  readonly clock: Clock;
  readonly revocations: Pick<Revocations, 'since'>;
  readonly signer: Pick<Signer, 'sign'>;
  readonly keys: () => Promise<Pick<DeploymentKeys, 'locator' | 'subject'>>;
};

/** A list that changed in nothing is signed again so often, so that one from long ago cannot pass for today's. */
const signedAgainSeconds = 60;

/** A resource server that hears nothing newer for so long has no list any more. */
const lifetimeSeconds = 300;

export const createRevocationLists = ({ issuer, clock, signer, ...parts }: Parts): RevocationLists => {
  let signed: { readonly version: string; readonly jws: Promise<string> } | undefined;
  const contentOf = createContents(parts);
  return async () => {
    const now = clock();
    const content = await contentOf(relevantSince(now, parts.accessTokenSeconds));
    const version = digestOf(`${Math.floor(now / signedAgainSeconds)} ${content}`);
    if (signed?.version !== version) {
      const claims = { iss: issuer, iat: now, exp: now + lifetimeSeconds, ...JSON.parse(content) };
      const own = { version, jws: signer.sign(revocationListType, claims) };
      signed = own;
      own.jws.catch(() => {
        if (signed === own) signed = undefined;
      });
    }
    return { version, jws: await signed.jws };
  };
};

/** The claims as JSON, put together anew only when there is something new. */
const createContents = ({ revocations, keys }: Pick<Parts, 'revocations' | 'keys'>) => {
  let made: { readonly from: Known; readonly content: string } | undefined;
  return async (since: number): Promise<string> => {
    const known = await revocations.since(since);
    const isSame = made?.from.revocations === known.revocations && made.from.completeSince === known.completeSince;
    if (made === undefined || !isSame)
      made = { from: known, content: JSON.stringify(revocationListOf(known, since, await keys())) };
    return made.content;
  };
};
