/** The longest life of an authorization. */
import { type Matter, passes, type Rule } from './matter.ts';
import { spanText } from './words.ts';

/** Judged by the approval, so that those from before the rule end earlier as well. */
export const longestAuthorization: Rule = (matter) => {
  const { longestAuthorizationSeconds: longest } = matter.policy;
  if (longest === undefined) return passes('an authorization lasts as long as the person was told');
  const endsAt = authorizationEndsAt(matter);
  return endsAt === undefined || matter.now < endsAt
    ? passes(`the approval is not older than ${spanText(longest)}`)
    : {
        outcome: 'refuses',
        reason: 'policy_authorization_too_old',
        because: `the approval is older than ${spanText(longest)}`,
      };
};

/** Epoch seconds; undefined for never, and while nobody has approved. */
export const authorizationEndsAt = ({
  policy: { longestAuthorizationSeconds: longest },
  approvedAt,
}: Pick<Matter, 'policy' | 'approvedAt'>): number | undefined =>
  longest === undefined || approvedAt === undefined ? undefined : approvedAt + longest;
