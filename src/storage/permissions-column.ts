/** Hundreds of permissions in one column, which holds 32,768 characters: their resources' identifiers are most of the text. */
import { byResource, fromResources } from '../oauth/grants/grant.ts';
import { json, mapped } from './columns.ts';

/** One permission, or those of one resource. */
export type ListedPermission = string | readonly [resource: string, scopes: string];

/** Single ones are of rows from before they were told by resource, and of what has no resource. */
export const fromListed = (listed: readonly ListedPermission[]): readonly string[] =>
  listed.flatMap((one) => (typeof one === 'string' ? [one] : fromResources([one])));

export const permissions = mapped<readonly string[], readonly ListedPermission[]>(json(), byResource, fromListed);
