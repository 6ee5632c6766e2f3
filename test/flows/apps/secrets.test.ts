/** Two secrets whose times overlap: a service moves from one to the other, and nobody who authorized it notices. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appPageOf, idOf, registerApp, sendForm } from '../../support/apps.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { storedRows } from '../../support/rows.ts';
import { createService, okJson, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  olga = await signedInAt(stack, 'olga');
  alice = await signedInAt(stack, 'alice');
});

afterAll(() => stack.stop());

const secretsPage = (service: Service): Promise<Page> => appPageOf(olga, stack, `/${idOf(service)}/secrets`);

const withSecret = ({ registration }: Service, secret: string): Service =>
  createService(stack.issuer, { ...registration, secret });

const add = async (service: Service, days = '60', name = 'Production'): Promise<Response> =>
  sendForm(olga, await secretsPage(service), '/secrets', { name, days });

const secretsOf = async (service: Service) => {
  const row = (await storedRows(stack, 'clients')).find((one) => one.clientId === idOf(service));
  return JSON.parse(String(row?.secrets)) as { name?: string; createdAt: number; expiresAt: number; hash: string }[];
};

describe('secrets of a service', () => {
  it('last sixty days unless another time is chosen, have a name, and are kept as hashes', async () => {
    const service = await registerApp(olga, stack);
    await add(service, '30');
    const [first, second] = await secretsOf(service);
    expect((first?.expiresAt ?? 0) - (first?.createdAt ?? 0)).toBe(60 * 86_400);
    expect((second?.expiresAt ?? 0) - (second?.createdAt ?? 0)).toBe(30 * 86_400);
    expect([first?.name, second?.name]).toEqual(['First secret', 'Production']);
    expect(JSON.stringify([first, second])).not.toContain('assent_cs_');
  });

  it('are shown once, by the answer that made them', async () => {
    const service = await registerApp(olga, stack);
    const text = await (await add(service)).text();
    expect(text.match(/assent_cs_[\w-]{43}/g)).toHaveLength(1);
    expect((await secretsPage(service)).html).not.toContain('assent_cs_');
  });

  it('overlap: tokens live on while the service moves from the first to the second', async () => {
    const service = await registerApp(olga, stack);
    const tokens = await service.tokens(alice, { scope: 'vso.work' });
    const second = withSecret(service, /assent_cs_[\w-]{43}/.exec(await (await add(service)).text())?.[0] ?? '');
    const moved = await okJson<{ refresh_token: string }>(second.refresh(tokens.refresh_token));
    const page = await secretsPage(service);
    const first = /name="remove" value="([\w-]+)"/.exec(page.html)?.[1];
    expect((await sendForm(olga, page, '/secrets', { remove: first })).status).toBe(303);
    await okJson(second.refresh(moved.refresh_token));
    expect((await service.refresh(moved.refresh_token)).status).toBe(401);
  });

  it('are two at most, also when two tabs ask at once', async () => {
    const service = await registerApp(olga, stack);
    const page = await secretsPage(service);
    const ask = () => sendForm(olga, page, '/secrets', { name: 'Tab', days: '60' });
    const statuses = (await Promise.all([ask(), ask(), ask()])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await secretsOf(service)).toHaveLength(2);
    expect((await secretsPage(service)).html).toContain('Both are good.');
  });

  it.each(['0', '-1', '61', '3650', 'NaN', ''])('are not made for %j days', async (days) => {
    const service = await registerApp(olga, stack);
    expect((await add(service, days)).status).toBe(400);
  });

  it('that a service has none of are not made', async () => {
    const service = await registerApp(olga, stack, { proof: 'public' });
    expect((await secretsPage(service)).html).toContain('This service uses no secrets.');
    const other = await registerApp(olga, stack);
    const answer = await add(other);
    expect(answer.status).toBe(200);
    const body = new URLSearchParams({
      token: /name="token" value="([^"]+)"/.exec((await secretsPage(other)).html)?.[1] ?? '',
      days: '60',
    });
    const headers = { origin: stack.issuer, 'sec-fetch-site': 'same-origin' };
    const refused = await olga.send(`${stack.issuer}/apps/${idOf(service)}/secrets`, { method: 'POST', body, headers });
    expect(refused.status).toBe(400);
  });

  it('go when the service stops having any, and it gets one when it begins to', async () => {
    const service = await registerApp(olga, stack);
    const edit = () => appPageOf(olga, stack, `/${idOf(service)}/edit`);
    expect((await sendForm(olga, await edit(), '/edit', { proof: 'public' })).status).toBe(303);
    expect(await secretsOf(service)).toEqual([]);
    const answer = await sendForm(olga, await edit(), '/edit', { proof: 'secret' });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/assent_cs_[\w-]{43}/)]);
  });

  it('say when they end soon', async () => {
    const service = await registerApp(olga, stack);
    await add(service, '7');
    expect((await secretsPage(service)).html).toContain('Ends soon');
  });
});
