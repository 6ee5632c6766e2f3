/** "Manage authorizations" says what operators rule of each service that a person authorized. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { idOf, pageOf, textOf } from '../../support/managing.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { press, rule, ruleService } from '../../support/policy.ts';
import { demoServices, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let operate: Admin;
let alice: Person;
let resource: string;

beforeAll(async () => {
  stack = await startStack();
  operate = async (...call) => adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...call);
  alice = await signedInAt(stack);
  resource = (JSON.parse(stack.settings.RESOURCES ?? '[]') as { identifier: string }[])[0]?.identifier ?? '';
});

afterAll(() => stack.stop());
afterEach(() => rule(stack, operate));

const cardOf = async ({ registration }: Service): Promise<string> => {
  const { html } = await pageOf(alice, `${stack.issuer}/authorizations`);
  const cards = [...html.matchAll(/<article[\s\S]*?<\/article>/g)].map(([card]) => card);
  const id = idOf({ registration } as Service);
  return textOf({ html: cards.find((card) => card.includes(`/authorizations/${id}"`)) ?? 'no card' });
};

const detailOf = async (service: Service): Promise<string> =>
  textOf(await pageOf(alice, `${stack.issuer}/authorizations/${idOf(service)}`));

describe('the page says of a service', () => {
  it('that access is off for all of them, and nothing once it is on', async () => {
    const service = await register(stack.issuer, { client_name: 'Switched' });
    await service.tokens(alice, { scope: 'vso.work' });
    await rule(stack, operate, { third_party_access: 'off' });
    expect(await cardOf(service)).toContain('Operators have switched off access for all services.');
    expect(await detailOf(service)).toContain('Operators have switched off access for all services.');
    await rule(stack, operate);
    expect(await cardOf(service)).not.toContain('switched off');
  });

  it('that an operator has blocked it, or has to allow it first', async () => {
    const service = await register(stack.issuer, { client_name: 'Blocked' });
    await service.tokens(alice, { scope: 'vso.work' });
    const { clientId } = service.registration;
    await ruleService(stack, operate, { clientId, access: 'blocked' });
    expect(await cardOf(service)).toContain('Blocked by an operator.');
    await ruleService(stack, operate, { clientId, access: 'default' });
    await rule(stack, operate, { other_services: 'blocked' });
    expect(await cardOf(service)).toContain('An operator has to allow this service');
  });

  it('that the person must sign in again, or approve again', async () => {
    const service = await register(stack.issuer, { client_name: 'Aged' });
    await service.tokens(alice, { scope: 'vso.work' });
    await rule(stack, operate, { sign_in: { acr: ['urn:contoso:phishing-resistant'] } });
    expect(await cardOf(service)).toContain('until you have signed in again');
    await rule(stack, operate, { longest_authorization_seconds: 3_600 });
    await stack.clock.move(3_700);
    expect(await cardOf(service)).toContain('It must ask you before it connects again.');
  });

  it('what operators keep from it, what waits for them, and what they have approved for everyone', async () => {
    const service = await register(stack.issuer, { client_name: 'Partly' });
    await service.tokens(alice, { scope: 'vso.work vso.code' });
    await rule(stack, operate, { needs_operator: [{ resource, scope: 'vso.code' }] });
    expect(await cardOf(service)).toContain('do not let it use this at the moment: See your source code');
    const asking = await pageOf(alice, service.authorization({ scope: 'vso.code', prompt: 'consent' }).url);
    await press(alice, asking, 'ask operator');
    expect(await cardOf(service)).toContain('they have not decided yet: See your source code');
    const list = textOf(await pageOf(alice, `${stack.issuer}/authorizations`));
    expect(list).toContain('Waiting for an operator Partly See your source code Asked');
    await rule(stack, operate);

    const everyone = await register(stack.issuer, { client_name: 'For everyone' });
    const { clientId } = everyone.registration;
    const permissions = [{ resource, scope: 'vso.work' }];
    await ruleService(stack, operate, { clientId, access: 'approved_for_everyone', permissions });
    await everyone.tokens(alice, { scope: 'vso.work' });
    expect(await cardOf(everyone)).toContain('approved this for everyone, so nobody asked you: See your work items');
  });
});
