/** What a person takes back of what they allowed before. */
import { isIdentityScope } from './openid-scopes.ts';
import { resourceKey } from './resources.ts';
import type { Target } from './target.ts';

/**
 * True if what the scope means at one of these resources is among the permissions that were taken back (`permissionsAt`). Who
 * the person is has one place of its own, whatever the resources are.
 */
export const isWithdrawn = (
  scope: string,
  withdrawn: readonly string[],
  { resources }: Pick<Target, 'resources'>,
): boolean =>
  isIdentityScope(scope)
    ? withdrawn.some((one) => one.endsWith(` ${scope}`))
    : resources.some((resource) => withdrawn.includes(`${resourceKey(resource)} ${scope}`));
