/** What people read of a service that wants to know who they are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAt } from '../../support/people.ts';
import { demoServices, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let web: Service;

beforeAll(async () => {
  stack = await startStack();
  ({ web } = demoServices(stack.issuer));
});

afterAll(() => stack.stop());

/** The text of a page, without its marks. */
const textOf = async (url: string, person = personAt(stack)): Promise<string> => {
  const page = await person.visit(url);
  if (page.kind !== 'page') throw new Error('no page');
  return page.html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
};

const approvalOf = (scope: string) => textOf(web.authorization({ scope }).url);

describe('the approval page of a sign-in', () => {
  it('asks whether to sign in, when it is nothing else', async () => {
    const text = await approvalOf('openid profile email');
    expect(text).toContain('Sign in to Contoso Boards?');
    expect(text).toMatch(/learns what is ticked\./);
    for (const name of ['Sign you in', 'See your name', 'See your e-mail address']) expect(text).toContain(name);
    expect(text).toContain('Always part of this approval.');
    expect(text).not.toContain('userinfo');
  });

  it('asks for permissions as ever, when they are asked for too', async () => {
    const text = await approvalOf('openid vso.work');
    expect(text).toContain('Allow Contoso Boards to act for you?');
    expect(text.indexOf('See your work items')).toBeLessThan(text.indexOf('Sign you in'));
    expect(text).not.toContain('See your name');
  });
});

describe('Manage authorizations', () => {
  it('lists what a service knows of the person beside what it may do', async () => {
    const bob = personAt(stack, 'bob');
    await bob.authorize(web.authorization({ scope: 'openid email vso.work' }).url, {
      decision: 'approve',
      permissions: ['vso.work'],
    });
    const text = await textOf(`${stack.issuer}/authorizations`, bob);
    expect(text).toMatch(/Your account: Sign you in/);
    const listed = text.slice(0, text.indexOf('Recent history'));
    expect(listed).toContain('See your work items');
    expect(listed).not.toContain('See your e-mail address');
  });
});
