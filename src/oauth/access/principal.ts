/** Who administers: a client with a token of its own, or a person. */
import type { Role } from '../authorization/session.ts';

export type Principal = {
  readonly role: Role;
  readonly by: 'client' | 'person';
  /** A client_id, or a person's subject at the sign-in provider. */
  readonly id: string;
  /** For people to read; says nothing certain. */
  readonly name: string;
};

/** True if whoever has `role` may do what takes `needed`: auditors read, operators change as well. */
export const includesRole = (role: Role, needed: Role): boolean => role === 'operator' || needed === 'auditor';
