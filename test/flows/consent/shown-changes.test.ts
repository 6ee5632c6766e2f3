/** What has changed about a service since the person allowed it something: they are told before they allow it more. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const [one, two] = ['https://one.fabrikam.example/cb', 'https://two.fabrikam.example/cb'];
const metadata = {
  client_name: 'Fabrikam Reports',
  organization_name: 'Fabrikam GmbH',
  client_uri: 'https://fabrikam.example/',
  redirect_uris: [one, two],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'vso.work vso.code vso.build',
};

let stack: Stack;
let alice: Person;
let call: Admin;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
  call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
});

afterAll(() => stack.stop());

/** What a person reads of the page, without its style sheet. */
const textOf = async (service: Service, changes: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { html } = await approvalPageOf(alice, service.authorization({ prompt: 'consent', ...changes }).url);
  return html
    .slice(html.indexOf('<main'))
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');
};

/** Allowed at the first of its addresses, and then changed. */
const allowedAndChanged = async (change: object): Promise<Service> => {
  const service = await register(stack.issuer, metadata);
  await service.tokens(alice, { scope: 'vso.work' });
  const path = `apps/${service.registration.clientId}`;
  expect(await call('PUT', path, { body: { ...metadata, ...change } })).toMatchObject({ status: 200 });
  await stack.restartHost();
  return service;
};

const heading = 'Changed since you allowed it';

describe('a service that the person allowed something', () => {
  it.each([
    ['its name', { client_name: 'Fabrikam Two' }, 'Its name was Fabrikam Reports'],
    ['its publisher', { organization_name: 'Northwind' }, 'Its publisher, by its own word, was Fabrikam GmbH'],
    ['its website', { client_uri: 'https://other.example/' }, 'Its website was https://fabrikam.example/'],
    ['its terms', { tos_uri: 'https://fabrikam.example/terms' }, 'What it says of itself'],
    ['its name in another language', { 'client_name#de': 'Berichte' }, 'What it says of itself'],
  ])('[CO13] shows that %s has changed', async (_, change, words) => {
    const text = await textOf(await allowedAndChanged(change));
    expect(text).toContain(heading);
    expect(text).toContain(words);
    expect(text).toContain('Approve only if you expected that.');
  });

  it('[CO13] shows that its answers now go elsewhere', async () => {
    const service = await register(stack.issuer, metadata);
    await service.tokens(alice, { scope: 'vso.work' });
    const text = await textOf(service, { redirect_uri: two });
    expect(text).toContain('Your answer went to one.fabrikam.example; now it goes to two.fabrikam.example');
  });

  it('shows which permissions are new, and those that the person allowed already', async () => {
    const service = await register(stack.issuer, metadata);
    await service.tokens(alice, { scope: 'vso.work' });
    const text = await textOf(service, { scope: 'vso.work vso.build' });
    expect(text).toMatch(/See your builds\s*New/);
    expect(text).toMatch(/You allowed 1 permission already\s*See your work items/);
    expect(text).not.toContain(heading);
  });

  it('shows no change when there is none, nor to a person who allowed nothing', async () => {
    const service = await register(stack.issuer, metadata);
    expect(await textOf(service)).not.toContain(heading);
    await service.tokens(alice);
    expect(await textOf(service)).not.toContain(heading);
  });
});
