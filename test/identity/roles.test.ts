import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { signedInBy } from '../../src/identity/signed-in.ts';

const signIn = {
  issuer: 'https://login.example',
  subjectClaim: 'sub',
  operators: ['chosen'],
  operatorRole: 'Assent.Operator',
  auditorRole: 'Assent.Auditor',
} as unknown as Config['signIn'];

const roleOf = (roles: unknown, sub = 'someone') => signedInBy({ sub, roles }, signIn).role;

describe('who may administer', () => {
  it.each([
    ['the role of operators', ['Assent.Operator'], 'operator'],
    ['the same as deployments from before spell it', ['assent.operator'], 'operator'],
    ['the role of auditors', ['Assent.Auditor'], 'auditor'],
    ['both roles', ['Assent.Auditor', 'Assent.Operator'], 'operator'],
    ['one role that is no list', 'Assent.Operator', 'operator'],
    ['a role that only begins alike', ['Assent.Operators', 'Assent.Operator2', 'Operator'], undefined],
    ['no role', undefined, undefined],
  ])('%s', (_, roles, expected) => expect(roleOf(roles)).toBe(expected));

  it('whom the deployment names is an operator without any role', () =>
    expect(roleOf(undefined, 'chosen')).toBe('operator'));
});
