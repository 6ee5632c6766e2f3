/** What services do about themselves, what the rules refuse them, and rotations of keys are in the audit log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signingKeyName } from '../../../local/settings.ts';
import { type Admin, adminWith, ownTokenOf } from '../../support/admin.ts';
import { audited, fire } from '../../support/audit.ts';
import { type DocumentSite, startDocumentSite } from '../../support/client-documents.ts';
import { signedInAt } from '../../support/people.ts';
import { ruleService } from '../../support/policy.ts';
import { callRegister, ownMetadata, registerItself } from '../../support/registration.ts';
import { auditRows, type StoredRow, storedRows } from '../../support/rows.ts';
import { demoServices, okJson, refusalOf, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let site: DocumentSite;
let call: Admin;

beforeAll(async () => {
  stack = await startStack();
  site = await startDocumentSite();
  const { operator } = demoServices(stack.issuer);
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(operator))(...args);
});

afterAll(async () => {
  await site.stop();
  await stack.stop();
});

const isOf =
  (clientId: string, event: string) =>
  (row: StoredRow): boolean =>
    row.client === clientId && row.event === event;

const detailsOf = ({ details }: StoredRow): Record<string, unknown> => JSON.parse(String(details));

describe('a service that registers itself', () => {
  it('is in the log with what it says of itself, each time that it does', async () => {
    const { told } = await registerItself(stack.issuer);
    const clientId = String(told.client_id);
    const own = { path: `/${clientId}`, token: String(told.registration_access_token) };
    const { client_secret: secret } = told;
    const body = { ...ownMetadata, client_id: clientId, client_secret: secret, client_name: 'Tailspin Papers' };
    expect((await callRegister(stack.issuer, { ...own, method: 'PUT', body })).status).toBe(200);
    expect((await callRegister(stack.issuer, { ...own, method: 'DELETE' })).status).toBe(204);
    for (const [event, name] of [
      ['client.created', 'Tailspin Notes'],
      ['client.updated', 'Tailspin Papers'],
      ['client.deleted', 'Tailspin Papers'],
    ] as const) {
      const [row] = await audited(stack, isOf(clientId, event));
      expect(row).toMatchObject({ v: 1, actorKind: 'client', actor: clientId });
      expect(detailsOf(row as StoredRow).client).toMatchObject({ client_name: name });
      expect(String(row?.details)).not.toContain(String(secret));
    }
  });
});

describe('a service that is known by its document', () => {
  it('is in the log when it first gets something, and again when its document makes it another client', async () => {
    const name = 'audited';
    site.publish(name);
    const service = site.service(stack.issuer, name);
    const bob = await signedInAt(stack, 'bob');
    const isUse = isOf(site.addressOf(name), 'client.document_used');
    await service.tokens(bob);
    await audited(stack, isUse);
    site.publish(name, { redirect_uris: [service.registration.redirectUri, 'https://agent.tailspin.example/other'] });
    await stack.clock.move(700);
    await service.tokens(bob);
    const rows = await audited(stack, isUse, 2);
    expect(new Set(rows.map((row) => detailsOf(row).digest)).size).toBe(2);
  });
});

describe('what the rules refuse', () => {
  it('is in the log with its reason: once a day, however often it is asked for', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(await signedInAt(stack));
    const { clientId } = service.registration;
    await ruleService(stack, call, { clientId, access: 'blocked' });
    for (let time = 0; time < 3; time += 1)
      expect((await refusalOf(service.refresh(tokens.refresh_token))).error).toBe('unauthorized_client');
    const isRefusal = isOf(clientId, 'client.refused_by_rule');
    const [row] = await audited(stack, isRefusal);
    expect(row).toMatchObject({ v: 1, actorKind: 'client' });
    expect(detailsOf(row as StoredRow)).toMatchObject({ reason: 'policy_client_blocked' });
    expect((await auditRows(stack)).filter(isRefusal)).toHaveLength(1);
  });
});

describe('a key', () => {
  it('is in the log when it comes to be among those that verify tokens, and each once', async () => {
    const published = async (): Promise<readonly string[]> =>
      (await storedRows(stack, 'audit'))
        .filter(({ event }) => event === 'key.published')
        .map((row) => String(detailsOf(row).target))
        .toSorted();
    const kids = async (): Promise<readonly string[]> =>
      (await okJson<{ keys: { kid: string }[] }>(fetch(`${stack.issuer}/.well-known/jwks.json`))).keys
        .map(({ kid }) => kid)
        .toSorted();
    await fire(stack, 'audit-seal');
    await expect.poll(published, { timeout: 60_000 }).toEqual(await kids());
    const before = (await kids()).length;
    await stack.vault.rotate(signingKeyName);
    await stack.clock.move(120);
    await expect.poll(async () => (await kids()).length, { timeout: 60_000 }).toBeGreaterThan(before);
    await fire(stack, 'audit-seal');
    await expect.poll(published, { timeout: 60_000 }).toEqual(await kids());
  });
});
