/** What operators declare can be asked for on every instance within 15 seconds, and what they take back is gone as soon. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf, refusedWith } from '../../support/admin.ts';
import { answerOf, jwtPart } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { audited } from '../../support/audit.ts';
import { indexOf } from '../../support/index.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { freePolicy } from '../../support/policy.ts';
import { listWhen } from '../../support/revocations.ts';
import { createService, demoServices, isActive, okJson, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ hosts: 2 });
  const { operator } = demoServices(stack.issuer);
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(operator))(...args);
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

/** Longer than any instance goes by what it has read. */
const heardSeconds = 16;

const fileResource = 'https://api.assent.localhost';
const permission = (id: string) => ({ id, name: `Do ${id}`, description: `Whatever ${id} is.` });
const [see, pay] = [permission('invoices.see'), permission('invoices.pay')];

const declare = async (more: object = {}): Promise<string> => {
  const identifier = `https://${randomUUID()}.example`;
  const body = { identifier, name: 'Invoices', permissions: [see, pay], ...more };
  expect(await call('POST', 'catalogue', { body })).toMatchObject({ status: 201, body: { source: 'operators' } });
  await stack.clock.move(heardSeconds);
  return identifier;
};

const at = (identifier: string): string => `catalogue/resource?${new URLSearchParams({ identifier })}`;

const redeclare = async (identifier: string, more: object): Promise<void> => {
  const body = { identifier, name: 'Invoices', permissions: [see, pay], ...more };
  expect(await call('PUT', at(identifier), { body })).toMatchObject({ status: 200 });
  await stack.clock.move(heardSeconds);
};

const remove = async (identifier: string): Promise<void> => {
  expect(await call('DELETE', at(identifier))).toMatchObject({ status: 204 });
  await stack.clock.move(heardSeconds);
};

/** A service that is registered for both, and for the file's. */
const serviceFor = (identifier: string): Promise<Service> =>
  register(stack.issuer, {
    scope: 'invoices.see invoices.pay vso.work',
    assent_resource_server_of: [identifier],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  });

/** The same service, speaking to the other host. */
const elsewhere = ({ registration }: Service): Service => createService(stack.issuer, registration, stack.hosts[1]);

const scopeOf = async (service: Service, token: string) => (await okJson(service.introspect({ token }))).scope;

describe('a resource that operators declare', () => {
  it('can be asked for, is shown in its words, and is the audience of tokens, at every host', async () => {
    const resource = await declare();
    const service = await serviceFor(resource);
    const asked = new URL(service.authorization({ scope: 'invoices.see' }).url);
    asked.searchParams.append('resource', resource);
    const { html } = await approvalPageOf(alice, asked.href);
    expect(html).toContain(see.name);
    expect(html).toContain(see.description);
    const tokens = await service.tokens(alice, { scope: 'invoices.see', resource });
    expect(jwtPart(tokens.access_token, 'payload')).toMatchObject({ aud: resource, scope: 'invoices.see' });
    for (const one of [service, elsewhere(service)])
      expect(await scopeOf(one, tokens.access_token)).toBe('invoices.see');
    for (const host of stack.hosts) {
      const metadata = await okJson(fetch(`${host}/.well-known/oauth-authorization-server`));
      expect(metadata.scopes_supported).toContain(see.id);
      expect(metadata.protected_resources).toContain(resource);
      const document = `${host}/.well-known/oauth-protected-resource/${resource.slice('https://'.length)}`;
      expect(await okJson(fetch(document))).toMatchObject({ resource, scopes_supported: [see.id, pay.id] });
    }
  });

  it('is listed with what the file declares, and says where it comes from', async () => {
    const resource = await declare();
    const { body } = await call('GET', 'catalogue');
    const listed = body.resources as { declaration: { identifier: string }; source: string }[];
    const sourceOf = (name: string) => listed.find((one) => one.declaration.identifier === name)?.source;
    expect([sourceOf(fileResource), sourceOf(resource)]).toEqual(['file', 'operators']);
    const first = await call('GET', 'catalogue?limit=1');
    const after = String(new URLSearchParams({ after: String(first.body.next) }));
    const second = await call('GET', `catalogue?limit=1&${after}`);
    expect([first, second].map((one) => (one.body.resources as unknown[])[0])).toEqual(listed.slice(0, 2));
  });

  it('is made once by a request that is repeated with its key', async () => {
    const body = { identifier: `https://${randomUUID()}.example`, name: 'Once', permissions: [see] };
    const headers = { 'idempotency-key': randomUUID() };
    const answers = [];
    for (let time = 0; time < 2; time += 1) answers.push(await call('POST', 'catalogue', { body, headers }));
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(refusedWith(await call('POST', 'catalogue', { body }))).toEqual([409, 'conflict']);
  });
});

describe('a permission that leaves a declaration', () => {
  it('leaves tokens at once: refreshed, introspected and of services alone, at every host; and is back with it', async () => {
    const resource = await declare();
    const service = await serviceFor(resource);
    const scope = 'invoices.see invoices.pay';
    const tokens = await service.tokens(alice, { scope, resource });
    const own = await ownTokenOf(service, { scope, resource });
    await redeclare(resource, { permissions: [see] });
    let { refresh_token: refreshToken } = tokens;
    for (const one of [service, elsewhere(service)]) {
      for (const token of [tokens.access_token, own]) expect(await scopeOf(one, token)).toBe('invoices.see');
      const next = await okJson<{ refresh_token: string; scope: string }>(one.refresh(refreshToken));
      expect(next.scope).toBe('invoices.see');
      refreshToken = next.refresh_token;
    }
    await redeclare(resource, {});
    expect(await okJson(elsewhere(service).refresh(refreshToken))).toMatchObject({
      scope: 'invoices.pay invoices.see',
    });
  });

  it('is told to APIs that check tokens by themselves, before it is gone; one that comes is not', async () => {
    const resource = await declare({ permissions: [see] });
    await redeclare(resource, {});
    const before = (await listWhen(stack.issuer, () => true)).not_before.everyone ?? 0;
    await redeclare(resource, { permissions: [see] });
    const list = await listWhen(stack.issuer, (one) => (one.not_before.everyone ?? 0) > before);
    expect(list.not_before.everyone ?? 0).toBeGreaterThan(before);
  });

  it('makes people be asked again where its words are others', async () => {
    const resource = await declare();
    const service = await serviceFor(resource);
    await service.tokens(alice, { scope: 'invoices.see', resource });
    const asked = new URL(service.authorization({ scope: 'invoices.see' }).url);
    asked.searchParams.append('resource', resource);
    expect((await alice.send(asked.href)).headers.get('location')).toContain('code=');
    await redeclare(resource, { permissions: [{ ...see, description: 'See and print.' }, pay] });
    expect((await approvalPageOf(alice, asked.href)).html).toContain('See and print.');
  });
});

describe('a resource that operators remove', () => {
  it('stops what services had there, and starts it again when it is declared again', async () => {
    const resource = await declare();
    const service = await serviceFor(resource);
    const { access_token: token, refresh_token: refreshToken } = await service.tokens(alice, {
      scope: 'invoices.see',
      resource,
    });
    await remove(resource);
    for (const one of [service, elsewhere(service)]) {
      expect(await isActive(one, token)).toBe(false);
      const { status, body } = await answerOf(one.refresh(refreshToken));
      expect([status, body.error]).toEqual([400, 'invalid_target']);
    }
    expect(refusedWith(await call('GET', at(resource)))).toEqual([404, 'not_found']);
    const body = { identifier: resource, name: 'Invoices', permissions: [see] };
    expect((await call('POST', 'catalogue', { body })).status).toBe(201);
    await stack.clock.move(heardSeconds);
    expect(await okJson(service.refresh(refreshToken))).toMatchObject({ scope: 'invoices.see' });
  });
});

describe('a type of authorization details that leaves a declaration', () => {
  it('leaves tokens that were for nothing else inactive', async () => {
    const type = `type-${randomUUID()}`;
    const field = { name: 'to', kind: 'text', label: 'To whom', required: true };
    const resource = await declare({ authorizationDetails: { [type]: { title: 'Pay once', fields: [field] } } });
    const service = await register(stack.issuer, {
      scope: 'invoices.see',
      assent_resource_server_of: [resource],
      authorization_details_types: [type],
    });
    const authorization_details = JSON.stringify([{ type, to: 'Contoso' }]);
    const { access_token: token } = await service.tokens(alice, { scope: undefined, resource, authorization_details });
    expect(await okJson(service.introspect({ token }))).toMatchObject({ authorization_details: [{ type }] });
    await redeclare(resource, {});
    expect(await isActive(service, token)).toBe(false);
  });
});

describe('a change of the catalogue', () => {
  it('is looked ahead at, and changes nothing by that', async () => {
    const resource = await declare();
    const { body } = await call('POST', 'catalogue/preview', { body: { identifier: resource } });
    expect(JSON.stringify(body)).toMatch(/every service that has something at Invoices.*Go on without it/);
    expect((await call('GET', at(resource))).status).toBe(200);
  });

  it('says how many people hold what goes, by service', async () => {
    const resource = await declare();
    const service = await serviceFor(resource);
    const { clientId } = service.registration;
    await service.tokens(await signedInAt(stack), { scope: 'invoices.see invoices.pay', resource });
    await expect.poll(async () => (await indexOf(stack, clientId)).count, { timeout: 60_000, interval: 100 }).toBe(1);
    const declaration = { identifier: resource, name: 'Invoices', permissions: [see] };
    const { body } = await call('POST', 'catalogue/preview', { body: { identifier: resource, declaration } });
    expect(JSON.stringify(body)).toContain(`"client_id":"${clientId}","service":"Fabrikam Reports","people":1`);
  });

  it('says that a rule names what goes', async () => {
    const resource = await declare();
    const needs_operator = [{ resource, scope: pay.id }];
    await call('PUT', 'policy', { body: { ...freePolicy, needs_operator } });
    const { body } = await call('POST', 'catalogue/preview', { body: { identifier: resource } });
    expect(JSON.stringify(body)).toContain('It names invoices.pay as needing an operator');
    await call('PUT', 'policy', { body: freePolicy });
  });

  it('is in the audit log with who made it and what it takes', async () => {
    const resource = await declare();
    await redeclare(resource, { permissions: [see] });
    await remove(resource);
    const rows = await audited(stack, ({ details }) => String(details).includes(resource), 3);
    const of = (event: string) => rows.find((row) => row.event === event);
    expect(of('catalogue.resource_declared')).toMatchObject({ actorKind: 'operator' });
    expect(JSON.parse(String(of('catalogue.resource_changed')?.details))).toMatchObject({ removed: pay.id });
    expect(of('catalogue.resource_removed')).toBeDefined();
  });

  it.each([
    ['a parent that is not there', { permissions: [{ ...see, inheritsFrom: 'x' }] }],
    [
      'a cycle',
      {
        permissions: [
          { ...see, inheritsFrom: pay.id },
          { ...pay, inheritsFrom: see.id },
        ],
      },
    ],
    ['a permission that is not described', { permissions: [{ id: 'a', name: 'Do a' }] }],
    ['an algorithm of no key', { signingAlgorithm: 'ES256' }],
    [
      'more than there is room for',
      {
        permissions: Array.from({ length: 80 }, (_, index) => ({
          ...permission(`p${index}`),
          description: 'x'.repeat(500),
        })),
      },
    ],
  ])('is refused for %s', async (_, more) => {
    const body = { identifier: 'https://refused.example', name: 'Refused', permissions: [see], ...more };
    expect(refusedWith(await call('POST', 'catalogue', { body }))).toEqual([400, 'invalid_request']);
  });

  it('is refused for what is ours, and for what the file declares', async () => {
    const own = `${stack.issuer}/api/admin`;
    const refusal = async (method: string, path: string, identifier: string) =>
      refusedWith(await call(method, path, { body: { identifier, name: 'X', permissions: [see] } }));
    expect(await refusal('POST', 'catalogue', own)).toEqual([400, 'invalid_request']);
    expect(await refusal('POST', 'catalogue', `${fileResource}/`)).toEqual([409, 'conflict']);
    expect(await refusal('PUT', at(fileResource), fileResource)).toEqual([409, 'conflict']);
    expect(refusedWith(await call('DELETE', at(fileResource)))).toEqual([409, 'conflict']);
    expect(await call('GET', at(fileResource))).toMatchObject({
      status: 200,
      body: { source: 'file', in_force: true },
    });
  });

  it('is made by one of those who change it at the same time, and never against what all must hold to', async () => {
    const authorizationDetails = { [`type-${randomUUID()}`]: { title: 'Pay once', fields: [] } };
    const token = await ownTokenOf(demoServices(stack.issuer).operator);
    const race = async (index: number): Promise<number> => {
      const identifier = `https://raced-${index}-${randomUUID()}.example`;
      const body = JSON.stringify({ identifier, name: 'Raced', permissions: [see], authorizationDetails });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const address = `${stack.hosts[index % 2]}/api/admin/catalogue`;
      return (await fetch(address, { method: 'POST', headers, body })).status;
    };
    const statuses = (await Promise.all([0, 1, 2, 3, 4, 5].map(race))).toSorted();
    expect(statuses[0]).toBe(201);
    for (const status of statuses.slice(1)) expect([400, 409]).toContain(status);
  });

  it('of a version that somebody has replaced is refused', async () => {
    const resource = await declare();
    const { headers } = await call('GET', at(resource));
    const version = headers.get('etag') ?? '';
    await redeclare(resource, { name: 'Invoices of all' });
    const stale = await call('DELETE', at(resource), { headers: { 'if-match': version } });
    expect(refusedWith(stale)).toEqual([412, 'precondition_failed']);
  });
});
