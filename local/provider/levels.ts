/** How sure the local provider is of who signed in: the levels that `acr_values` can ask for (OpenID Connect Core §2). */

type Level = { readonly acr: string; readonly amr: readonly string[] };

/** What everybody signs in with, and what can be asked for beside it (RFC 8176 names the methods). */
const levels: readonly [Level, ...Level[]] = [
  { acr: 'urn:contoso:password', amr: ['pwd'] },
  { acr: 'urn:contoso:second-factor', amr: ['pwd', 'otp', 'mfa'] },
];

export const acrValues: readonly string[] = levels.map(({ acr }) => acr);

/** The first level that is asked for and known. */
export const levelFor = (asked: unknown): Level =>
  String(asked ?? '')
    .split(' ')
    .flatMap((one) => levels.find(({ acr }) => acr === one) ?? [])[0] ?? levels[0];

/** True if the person has to sign in again for a level that is asked for. */
export const isAnotherLevel = (asked: unknown, current: string | undefined): boolean =>
  asked !== undefined && levelFor(asked).acr !== current;
