/** What the approval page says of a service and of each permission, from what operators and the person decided before. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalPageOf } from '../../support/approval.ts';
import { formsIn } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const pageOf = (person: Person, changes: Readonly<Record<string, string>>, service: Service): Promise<Page> =>
  approvalPageOf(person, service.authorization({ prompt: 'consent', ...changes }).url);

describe('the approval page', () => {
  it('shows no badge for a service that no operator has verified, whatever its name', async () => {
    const service = await register(stack.issuer, { client_name: 'Sign-in (account security)' });
    const { html } = await pageOf(alice, {}, service);
    expect(html).toContain('This service is not verified.');
    expect(html).not.toContain('>Verified by');
    const verified = await register(stack.issuer, { client_name: 'Fabrikam Planner', assent_verified: true });
    const page = await pageOf(alice, {}, verified);
    expect(page.html).toContain('>Verified by');
    expect(page.html).not.toContain('is not verified');
  });

  it('leaves unticked what was left out before, and marks what the service did not ask for then', async () => {
    const person = await signedInAt(stack, 'olga');
    const service = await register(stack.issuer, { client_name: 'Fabrikam Planner' });
    const first = await pageOf(person, { scope: 'vso.work vso.code' }, service);
    expect(first.html).not.toContain('>New<');
    await person.decide(first, { decision: 'approve', permissions: ['vso.work'] });
    const { html } = await pageOf(person, { scope: 'vso.work vso.code vso.build' }, service);
    const boxes = formsIn(html).flatMap(({ fields }) => fields.filter(({ name }) => name === 'permission'));
    expect(boxes.map(({ value, checked }) => [value, checked])).toEqual([
      ['vso.build', true],
      ['vso.code', false],
      ['vso.work', true],
    ]);
    expect(html.match(/>New</g)).toHaveLength(1);
    expect(html).toMatch(/See your builds<\/bdi><\/label>\s*<span class="badge">New</);
  });

  it('lists what is included within what includes it, the broadest first, and says that unticking it alone is not enough', async () => {
    const scope = 'vso.code vso.code_full vso.code_manage vso.code_write';
    const service = await register(stack.issuer, { scope });
    const { html } = await pageOf(alice, { scope }, service);
    const boxes = formsIn(html).flatMap(({ fields }) => fields.filter(({ name }) => name === 'permission'));
    expect(boxes.map(({ value }) => value)).toEqual(['vso.code_full', 'vso.code_manage', 'vso.code_write', 'vso.code']);
    expect(html.match(/<ul class="within">/g)).toHaveLength(1);
    const bringers = Array.from(html.matchAll(/Comes with (.*?), ticked or not/g), ([, names = '']) =>
      names.replace(/<[^>]*>/g, ''),
    );
    const [full, manage, write] = [
      'Control all of your source code',
      'Manage your repositories',
      'Change and delete your source code',
    ];
    expect(bringers).toEqual([full, `${full} and ${manage}`, `${full}, ${manage} and ${write}`]);
  });
});
