/** What a service's requests were refused for is shown to its owners, in words, and is nobody else's. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appPageOf, idOf, registerApp } from '../../support/apps.ts';
import { indexPartitionOf } from '../../support/index.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { putRow } from '../../support/rows.ts';
import { createService, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;

beforeAll(async () => {
  stack = await startStack();
  olga = await signedInAt(stack, 'olga');
});

afterAll(() => stack.stop());

const patience = { timeout: 60_000, interval: 200 };

const shown = async (service: Service): Promise<string> => (await appPageOf(olga, stack, `/${idOf(service)}`)).html;

/** Kinds of refusal on the page: the word on the wire, and how many there were. */
const errorsOn = (html: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...html.matchAll(/<li>([\d,]+) × <code dir="ltr">(\w+)<\/code>/g)].map(([, times, error]) => [
      error,
      Number(times?.replace(',', '')),
    ]),
  );

describe('the errors of a service', () => {
  it('are none before there is one, and people who authorized it are counted', async () => {
    const service = await registerApp(olga, stack);
    expect(await shown(service)).toContain('None that we know of.');
    await service.tokens(olga, { scope: 'vso.work' });
    await expect.poll(() => shown(service), patience).toMatch(/People who have authorized it<\/dt><dd>1<\/dd>/);
  });

  it('are counted by what its code sees, a wrong redirect address too, and explained', async () => {
    const service = await registerApp(olga, stack);
    const { registration } = service;
    const guessing = createService(stack.issuer, { ...registration, secret: `assent_cs_${'x'.repeat(43)}` });
    for (let times = 0; times < 3; times++) expect((await guessing.refresh('nonsense')).status).toBe(401);
    expect((await service.refresh('nonsense')).status).toBe(400);
    const page = await olga.visit(service.authorization({ redirect_uri: 'https://evil.example/' }).url);
    expect(page).toMatchObject({ kind: 'page', status: 400 });
    // What was counted is written down once a minute, by whatever is asked next.
    await stack.clock.move(61);
    const expected = { invalid_client: 3, invalid_grant: 1, invalid_request: 1 };
    await expect.poll(async () => errorsOn(await shown(service)), patience).toEqual(expected);
    const html = await shown(service);
    expect(html).toContain('It did not prove that it is your service');
    expect(html).toContain('A redirect address that is not registered.');
    await stack.clock.reset();
  });

  it('are those of the last seven days that the service could mend: not what a person or an operator decided', async () => {
    const service = await registerApp(olga, stack);
    const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const put = (ago: number, counts: Readonly<Record<string, number>>): Promise<void> =>
      putRow(stack, 'index', {
        PartitionKey: indexPartitionOf(idOf(service)),
        RowKey: `errors:${day(ago)}`,
        counts: JSON.stringify(counts),
      });
    await put(0, { client_secret_expired: 1_000, authorization_pending: 7, consent_required_without_prompt: 7 });
    await put(5, { client_secret_expired: 234, refresh_token_unknown: 5, temporarily_unavailable: 7 });
    await put(8, { client_secret_expired: 9 });
    const html = await shown(service);
    expect(Object.entries(errorsOn(html))[0]).toEqual(['invalid_client', 1_234]);
    expect(html).not.toMatch(/authorization_pending|consent_required|temporarily_unavailable/);
  });

  it('are nobody else’s', async () => {
    const service = await registerApp(olga, stack);
    const alice = await signedInAt(stack, 'alice');
    expect((await appPageOf(alice, stack, `/${idOf(service)}`)).status).toBe(404);
  });
});
