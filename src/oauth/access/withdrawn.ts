/** What a person takes back of what they allowed before. */
import { includedIn } from './included.ts';
import { isIdentityScope, isRequired } from './openid-scopes.ts';
import { type Resource, resourceKey } from './resources.ts';
import { findPermission, type Target } from './target.ts';

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

/**
 * Those of `allowed` that go with a permission which is taken back: they include it, or mean nothing without it (OpenID
 * Connect Core §5.4: the other scopes are about whoever `openid` signs in).
 */
export const dependents = (
  permission: string,
  allowed: readonly string[],
  known: readonly Resource[],
): readonly string[] => {
  const gone = findPermission(permission, known);
  if (gone === undefined) return [];
  return allowed.filter((one) => {
    const other = one === permission ? undefined : findPermission(one, known);
    if (other === undefined || other.resource !== gone.resource) return false;
    const { permission: kept, resource } = other;
    return isRequired(gone.permission.id) || includedIn(kept, resource).some(({ id }) => id === gone.permission.id);
  });
};
