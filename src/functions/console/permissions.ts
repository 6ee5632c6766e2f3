/** The permissions of the catalogue, as forms of the console offer them. */
import { ruledPermission } from '../../flows/operators/policy.ts';
import { isOurOwn } from '../../oauth/access/resources.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { OfferedPermission } from '../../pages/console/frame.ts';
import type { Visit } from './visit.ts';

/** Those in force, the built-in ones as well, which no declaration lists; the value of each is its resource and its scope, a space between them. */
export const offeredPermissions = ({ server }: Pick<Visit, 'server'>): readonly OfferedPermission[] =>
  server.resources
    .filter((one) => !isOurOwn(one))
    .flatMap(({ identifier, name: of, permissions }) =>
      [...permissions.values()].map(({ id, name }) => ({ value: `${identifier} ${id}`, scope: id, name, of })),
    );

type Ruled = { readonly resource: string; readonly scope: string };

/** The value of a permission that a rule names: rules spell resources in one way, whatever way the catalogue does. */
export const valueIn = (ruled: Ruled, offered: readonly OfferedPermission[]): string => {
  const name = ruledPermission(ruled);
  return offered.find(({ value }) => ruledPermission(permissionFrom(value)) === name)?.value ?? name;
};

/** What such a value names. Throws `operation_malformed`. */
export const permissionFrom = (value: string): Ruled => {
  const space = value.indexOf(' ');
  if (space < 1) throw new OAuthError('operation_malformed', 'choose a permission from the list');
  return { resource: value.slice(0, space), scope: value.slice(space + 1) };
};
