/** How an authorization is called outside of storage: by person and service, so that it stays when somebody authorizes anew. */
import type { FamilyOwner } from '../../storage/families.ts';

/** `<64 hex of the person>.<32 hex of the service>`, as the audit log and a person's own page have either. */
export const authorizationName = ({ userKey, clientKey }: FamilyOwner): string =>
  `${userKey.toString('hex')}.${clientKey.toString('hex')}`;

/** Its inverse; for a name of that shape. */
export const ownerNamed = (name: string): FamilyOwner => {
  const [userKey = '', clientKey = ''] = name.split('.');
  return { userKey: Buffer.from(userKey, 'hex'), clientKey: Buffer.from(clientKey, 'hex') };
};
