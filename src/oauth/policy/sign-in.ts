/** Conditions on the sign-in that an authorization rests on. */
import { type Matter, passes, type Rule, type SignInFacts, type Verdict } from './matter.ts';
import type { SignInRule } from './policy.ts';
import { spanText } from './words.ts';

/** How the person proved who they are. */
export const signInLevel: Rule = ({ policy, signIn }) => {
  const { acr } = policy.signIn;
  if (acr.length === 0) return passes('any level of sign-in will do');
  const wanted = acr.join(' or ');
  return isAtLevel(signIn, policy.signIn)
    ? passes(`the sign-in was at the level ${signIn.acr}`)
    : {
        outcome: 'refuses',
        reason: 'policy_sign_in_level',
        because: `the sign-in was at ${signIn.acr === undefined ? 'no known level' : `the level ${signIn.acr}`}, and ${wanted} is required`,
      };
};

/** And when. The session's beginning counts where the provider did not say. */
export const signInAge: Rule = ({ policy, signIn, now }): Verdict => {
  const { maxAgeSeconds } = policy.signIn;
  if (maxAgeSeconds === undefined) return passes('any age of sign-in will do');
  const age = now - signedInAt(signIn);
  return age <= maxAgeSeconds
    ? passes(`the sign-in is ${spanText(age)} old, of ${spanText(maxAgeSeconds)} at most`)
    : {
        outcome: 'refuses',
        reason: 'policy_sign_in_too_old',
        because: `the sign-in is ${spanText(age)} old, and ${spanText(maxAgeSeconds)} is the most`,
      };
};

const signedInAt = ({ authTime, sessionAt }: SignInFacts): number => authTime ?? sessionAt;

/** True unless the sign-in was at a level that is not enough. */
const isAtLevel = ({ acr }: Pick<SignInFacts, 'acr'>, rule: SignInRule): boolean =>
  rule.acr.length === 0 || (acr !== undefined && rule.acr.includes(acr));

/** When the sign-in will be too old, in epoch seconds; undefined for never. */
export const signInEndsAt = ({ policy, signIn }: Pick<Matter, 'policy' | 'signIn'>): number | undefined =>
  policy.signIn.maxAgeSeconds === undefined ? undefined : signedInAt(signIn) + policy.signIn.maxAgeSeconds + 1;

/** What a request needs of a sign-in, and what the rule needs beside it. */
export const ruledNeeds = <N extends { readonly maxAgeSeconds: number | undefined }>(
  needs: N,
  { acr, maxAgeSeconds }: SignInRule,
): N & { readonly ruledAcr: readonly string[] } => {
  const ages = [needs.maxAgeSeconds, maxAgeSeconds].filter((one) => one !== undefined);
  return { ...needs, ruledAcr: acr, maxAgeSeconds: ages.length === 0 ? undefined : Math.min(...ages) };
};

/** True if nothing has to be signed in again for. A provider that does not say when is taken at its word for nothing. */
export const meetsSignInRule = (
  session: { readonly acr: string | undefined; readonly authTime: number | undefined },
  rule: SignInRule,
  now: number,
): boolean =>
  isAtLevel(session, rule) && (rule.maxAgeSeconds === undefined || now - (session.authTime ?? 0) <= rule.maxAgeSeconds);
