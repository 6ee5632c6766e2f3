/** A person has everything about themselves deleted: it is gone everywhere, however the deletion is interrupted. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { userKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { type Everything, everythingOf } from '../../support/everything.ts';
import { eraseMe, formTokenIn, pageOf, textOf } from '../../support/managing.ts';
import { type Login, personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { auditRows, type StoredRow, storedRows } from '../../support/rows.ts';
import { isActive, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { tellDue } from '../../support/sign-out.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { startTold, type Told } from '../../support/told.ts';

let stack: Stack;
let told: Told;

beforeAll(async () => {
  [stack, told] = await Promise.all([startStack({ throughProxy: true }), startTold()]);
});

afterAll(() => Promise.all([stack.stop(), told.stop()]));

const userOf = (login: Login) => users.find((user) => user.login === login);

const partitionOf = (login: Login): string =>
  userKeyOf(stack.provider.issuer, userOf(login)?.objectId ?? '').toString('hex');

const rowsOf = (login: Login): Promise<readonly StoredRow[]> => storedRows(stack, 'users', partitionOf(login));

/** Runs the timer until it has nothing more to do for the person, as it would within some minutes. */
const waitUntilErased = (login: Login) =>
  expect
    .poll(
      async () => {
        await stack.clock.move(301);
        await tellDue(stack);
        return (await rowsOf(login)).map(({ RowKey }) => RowKey);
      },
      { timeout: 60_000 },
    )
    .toEqual([]);

const dead = { status: 400, error: 'invalid_grant' };

describe('erasing oneself', () => {
  let olga: Everything;
  let page: { readonly html: string };

  beforeAll(async () => {
    olga = await everythingOf(stack, 'olga', { backchannel_logout_uri: told.uri });
    page = await eraseMe(olga.person, stack.issuer);
  });

  it('ends every session, every authorization and every token at once, and tells services', async () => {
    const { person, service, tokens } = olga;
    expect(textOf(page)).toContain('You are erased');
    expect((await person.send(`${stack.issuer}/authorizations`)).status).toBe(303);
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual(dead);
    expect(await isActive(service, tokens.access_token)).toBe(false);
    const audiences = told.deliveries.map(({ body }) => decodeJwt(body.get('logout_token') ?? '').aud);
    expect(audiences).toContain(service.registration.clientId);
  });

  it('leaves nothing of the person in any table, but the audit log and for a day what ended', async () => {
    await waitUntilErased('olga');
    const left = { name: userOf('olga')?.name ?? 'nobody', key: partitionOf('olga') };
    for (const table of ['users', 'clients', 'requests', 'deployment', 'index']) {
      const text = (await storedRows(stack, table))
        .filter(({ PartitionKey }) => !PartitionKey.startsWith('revo'))
        .map((row) => JSON.stringify(row))
        .filter((row) => row.includes(left.name) || row.includes(left.key));
      expect(text, table).toEqual([]);
    }
    const acts = (await auditRows(stack)).filter(({ event }) => event === 'person.erased');
    expect(acts).toHaveLength(1);
  });

  it('leaves a service that the person alone looked after to operators, and says so in the audit log', async () => {
    const clientId = olga.app.registration.clientId;
    const [row] = (await storedRows(stack, 'clients')).filter((one) => JSON.stringify(one).includes(clientId));
    expect(row).toBeDefined();
    const left = (await auditRows(stack)).filter(
      ({ event, client }) => event === 'client.owner_removed' && client === clientId,
    );
    expect(left.map(({ details }) => JSON.parse(String(details)))).toEqual([{ owners: 0, target: clientId }]);
    expect(stack.hostOutput()).toContain(`"event":"client_without_owner","client_id":"${clientId}"`);
    // It goes on for whoever uses it.
    const bob = await signedInAt(stack, 'bob');
    expect((await olga.app.tokens(bob)).access_token).toMatch(/^ey/);
  });

  it('begins anew for whoever signs in again', async () => {
    const again = await signedInAt(stack, 'olga');
    const list = await pageOf(again, `${stack.issuer}/authorizations`);
    expect(textOf(list)).toContain('No service can use your data.');
    expect((await again.visit(olga.service.authorization().url)).kind).toBe('page');
  });
});

describe('erasing oneself and coming back at once', () => {
  it('keeps what is new: the timer deletes what was there before, and no more', async () => {
    const first = await signedInAt(stack, 'audrey');
    const old = await register(stack.issuer);
    const before = await old.tokens(first);
    await eraseMe(first, stack.issuer);
    await stack.clock.move(2);
    const again = await signedInAt(stack, 'audrey');
    const service = await register(stack.issuer);
    const tokens = await service.tokens(again);
    await expect
      .poll(
        async () => {
          await stack.clock.move(301);
          await tellDue(stack);
          return JSON.stringify(await rowsOf('audrey')).includes(old.registration.clientId);
        },
        { timeout: 60_000 },
      )
      .toBe(false);
    expect((await service.refresh(tokens.refresh_token)).status).toBe(200);
    expect((await again.send(`${stack.issuer}/sessions`)).status).toBe(200);
    expect(await refusalOf(old.refresh(before.refresh_token))).toEqual(dead);
  });
});

describe('the form', () => {
  it('deletes nothing without the tick, or from a page of somebody else', async () => {
    const person = await signedInAt(stack, 'bob');
    const page = await pageOf(person, `${stack.issuer}/my-data/erase`);
    const post = (fields: Readonly<Record<string, string>>, origin = stack.issuer) =>
      person.send(`${stack.issuer}/my-data/erase`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin, 'sec-fetch-site': origin === stack.issuer ? 'same-origin' : 'cross-site' },
      });
    const token = formTokenIn(page);
    const unticked = await post({ token });
    expect([unticked.status, textOf({ html: await unticked.text() })]).toEqual([
      200,
      expect.stringContaining('Nothing was deleted.'),
    ]);
    expect((await post({ token, confirmed: 'yes' }, 'https://evil.example')).status).toBe(403);
    expect((await post({ token: 'x', confirmed: 'yes' })).status).toBe(403);
    expect((await person.send(`${stack.issuer}/sessions`)).status).toBe(200);
  });
});

describe('an erasure that is killed', () => {
  type Case = { readonly person: Person; readonly service: Service; readonly tokens: TokenSet };

  const begun = async (): Promise<Case> => {
    const person = personAt(stack, 'alice');
    const service = await register(stack.issuer, { backchannel_logout_uri: told.uri });
    return { person, service, tokens: await service.tokens(person, { scope: 'openid vso.work' }) };
  };

  /** Sends the form, and kills the host at that call to storage; gives whether it came so far. */
  const killedAt = async (step: number, { person }: Case): Promise<boolean> => {
    const page = await pageOf(person, `${stack.issuer}/my-data/erase`);
    let [calls, isReached]: [number, (value: boolean) => void] = [0, () => undefined];
    const reached = new Promise<boolean>((resolve) => {
      isReached = resolve;
    });
    stack.tableProxy.rule = () => {
      calls += 1;
      if (calls < step) return undefined;
      isReached(true);
      return { kind: 'hang' };
    };
    const answer = person
      .send(`${stack.issuer}/my-data/erase`, {
        method: 'POST',
        body: new URLSearchParams({ token: formTokenIn(page), confirmed: 'yes' }),
        headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
      })
      .then(
        () => false,
        () => false,
      );
    const isKilled = await Promise.race([reached, answer]);
    await stack.killHost();
    await answer;
    stack.tableProxy.rule = undefined;
    await stack.restartHost();
    return isKilled;
  };

  it.each([4, 6, 8, 10, 12])('at call %i is finished by the timer, or asked for once more', async (step) => {
    const one = await begun();
    await killedAt(step, one);
    const sessions = await one.person.send(`${stack.issuer}/sessions`);
    // Before it was written down nothing has happened: then the person asks again.
    const isWrittenDown = JSON.stringify(await storedRows(stack, 'deployment')).includes(partitionOf('alice'));
    if (!isWrittenDown && sessions.status === 200) await eraseMe(one.person, stack.issuer);
    await waitUntilErased('alice');
    expect(await refusalOf(one.service.refresh(one.tokens.refresh_token))).toEqual(dead);
    expect(await isActive(one.service, one.tokens.access_token)).toBe(false);
    const audiences = told.deliveries.map(({ body }) => decodeJwt(body.get('logout_token') ?? '').aud);
    expect(audiences).toContain(one.service.registration.clientId);
  });
});
