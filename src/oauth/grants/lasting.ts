/** For how long a person allows what they allow: they choose it on the approval page. */

/**
 * `once` is for this sign-in: an access token, no refresh token, and nothing remembered, so that the next request asks again. The
 * other two are remembered, and refreshed, until they end.
 */
const lastings = ['once', '30 days', 'until revoked'] as const;

export type Lasting = (typeof lastings)[number];

/** What the approval page has chosen as it opens, and what an answer without a choice means. */
export const usualLasting: Lasting = 'until revoked';

const thirtyDaysSeconds = 30 * 86_400;

/** The choice that a form sent; undefined for one that no page of ours offers. */
export const lastingIn = (text: string | undefined): Lasting | undefined =>
  text === undefined ? usualLasting : lastings.find((one) => one === text);

/** What bounds an authorization. */
export type LastingLimits = {
  /** The longest life of an authorization session. */
  readonly refreshAbsoluteSeconds: number;
  /** What operators rule; undefined for nothing. */
  readonly longestAuthorizationSeconds?: number | undefined;
};

/** The longest that a person can allow anything, in seconds. */
export const longestSeconds = ({ refreshAbsoluteSeconds, longestAuthorizationSeconds }: LastingLimits): number =>
  Math.min(refreshAbsoluteSeconds, longestAuthorizationSeconds ?? Number.POSITIVE_INFINITY);

/** After how many seconds what was allowed so ends at the latest; of `once` it is what is remembered of the answer that ends. */
export const secondsOf = (lasting: Lasting, limits: LastingLimits): number =>
  lasting === '30 days' ? Math.min(thirtyDaysSeconds, longestSeconds(limits)) : longestSeconds(limits);

/** The choices that differ: thirty days are none where nothing lasts longer. */
export const offeredLastings = (limits: LastingLimits): readonly Lasting[] =>
  lastings.filter((one) => one !== '30 days' || longestSeconds(limits) > thirtyDaysSeconds);
