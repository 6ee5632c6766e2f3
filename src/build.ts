/** Which build this is, for whoever compares a deployment with a checkout. */

// Written into the bundle when it is made (`scripts/bundle.mjs`).
declare const ASSENT_VERSION: string | undefined;
declare const ASSENT_COMMIT: string | undefined;

/** `version` of package.json. */
export const version: string = typeof ASSENT_VERSION === 'undefined' ? 'none' : ASSENT_VERSION;

/** The commit; empty where the bundle was not made in a repository. */
export const commit: string = typeof ASSENT_COMMIT === 'undefined' ? '' : ASSENT_COMMIT;
