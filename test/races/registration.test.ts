/** A client that takes back its registration while a person approves it: whoever is told yes, nothing is issued to nobody. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/oauth/tokens/revocation-list.ts';
import { approvalPageOf, codeIn, sendApproval } from '../support/approval.ts';
import { signedInAt } from '../support/people.ts';
import { createPerson, type Person } from '../support/person.ts';
import { callRegister, registerItself } from '../support/registration.ts';
import { listAt } from '../support/revocations.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ hosts: 2 });
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const otherHost = (): string => String(stack.hosts[1]);

const takeBack = (told: Readonly<Record<string, unknown>>) =>
  callRegister(otherHost(), {
    method: 'DELETE',
    path: `/${told.client_id}`,
    token: String(told.registration_access_token),
  });

describe('a client that takes back its registration', () => {
  it('gets no code from an instance that still knows it, and its end is no news to anybody', async () => {
    const { service, told } = await registerItself(stack.issuer);
    const page = await approvalPageOf(alice, service.authorization().url);
    expect((await takeBack(told)).status).toBe(204);
    const answer = await sendApproval(alice, page);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(await answer.text()).toContain('not registered');
    expect((await listAt(stack.issuer)).not_before.client_id).not.toHaveProperty(digestOf(String(told.client_id)));
  });

  it('while it is approved: either there is a code and the end is told, or there is none', async () => {
    for (let round = 0; round < Number(process.env.RACE_ROUNDS ?? 8); round++) {
      const { service, told } = await registerItself(stack.issuer);
      const person = createPerson({ login: 'bob', issuer: stack.issuer, providerIssuer: stack.provider.issuer });
      const page = await approvalPageOf(person, service.authorization().url);
      const [approved, removed] = await Promise.all([sendApproval(person, page), takeBack(told)]);
      expect([200, 204, 409]).toContain(removed.status);
      const isTold = async () =>
        digestOf(String(told.client_id)) in (await listAt(stack.issuer, otherHost())).not_before.client_id;
      if (removed.status === 204 && codeIn(approved) !== undefined)
        await expect.poll(isTold, { timeout: 60_000 }).toBe(true);
    }
  });
});
