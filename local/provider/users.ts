/** The people of the local directory. They sign in by name, with any password. */
import { createHash } from 'node:crypto';

export type User = {
  readonly login: string;
  readonly name: string;
  /** The provider's `sub`: differs from `oid`, as in Entra ID, so that code which confuses them is caught. */
  readonly subject: string;
  /** Object id: the same in every application. */
  readonly objectId: string;
  readonly preferredUsername: string;
  readonly roles: readonly string[];
};

const digest = (text: string): Buffer => createHash('sha256').update(`assent local user ${text}`).digest();

const guid = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');

/** The same ids at every start, so that stored authorizations stay theirs. */
const user = (login: string, name: string, roles: readonly string[] = []): User => ({
  login,
  name,
  subject: digest(`sub ${login}`).toString('base64url'),
  objectId: guid(digest(`oid ${login}`)),
  preferredUsername: `${login}@contoso.example`,
  roles,
});

export const users: readonly User[] = [
  user('alice', 'Alice Adams'),
  user('bob', 'Bob Baker'),
  user('olga', 'Olga Operator', ['Assent.Operator']),
  user('audrey', 'Audrey Auditor', ['Assent.Auditor']),
];

/** By login name or account name, in any letter case. */
export const findUser = (typed: string): User | undefined => {
  const wanted = typed.trim().toLowerCase();
  return users.find(({ login, preferredUsername }) => wanted === login || wanted === preferredUsername);
};
