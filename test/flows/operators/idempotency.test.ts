/** Creations with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): however often they are asked for, once. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf, webMetadata } from '../../support/admin.ts';
import { storedRows } from '../../support/rows.ts';
import { demoServices, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...args);
});

afterEach(() => {
  stack.tableProxy.rule = undefined;
});

afterAll(() => stack.stop());

const create = (key: string, path = 'apps', body: unknown = webMetadata) =>
  call('POST', path, { body, headers: { 'idempotency-key': key } });

const named = async (name: string): Promise<number> =>
  (await storedRows(stack, 'clients')).filter((row) => row.name === name).length;

describe('a creation that is repeated with its key', () => {
  it('is answered alike, its secret and where it lies included, and happens once', async () => {
    const name = `Fabrikam ${randomUUID()}`;
    const key = randomUUID();
    const body = { ...webMetadata, client_name: name };
    const first = await create(key, 'apps', body);
    const again = await create(`"${key}"`, 'apps', body);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.body.client_secret).toMatch(/^assent_cs_/);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await named(name)).toBe(1);
  });

  it.each([
    ['a secret', 'apps/{client_id}/secrets', { expires_in: 600 }],
    ['a registration token', 'registration-tokens', { uses: 3 }],
  ])('is one for %s as well', async (_what, route, body) => {
    const key = randomUUID();
    const { clientId } = (await register(stack.issuer)).registration;
    const path = route.replace('{client_id}', clientId);
    const first = await create(key, path, body);
    expect([first.status, (await create(key, path, body)).body]).toEqual([201, first.body]);
  });

  it('is refused when it is another one by now: 422', async () => {
    const key = randomUUID();
    await create(key);
    const other = await create(key, 'apps', { ...webMetadata, client_name: 'Another' });
    expect(other).toMatchObject({ status: 422, body: { error: 'invalid_request' } });
    expect(other.headers.get('content-type')).toBe('application/problem+json');
  });

  it('comes ten times at once: one is made, and the others get its answer or hear that it is at work', async () => {
    const name = `Fabrikam ${randomUUID()}`;
    const key = randomUUID();
    const body = { ...webMetadata, client_name: name };
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(key, 'apps', body)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect(await named(name)).toBe(1);
    expect((await create(key, 'apps', body)).text).toBe(made[0]?.text);
  });

  it('is nobody else’s: another operator’s key of the same letters is another key', async () => {
    const key = randomUUID();
    const first = await create(key);
    const operator = await register(stack.issuer, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      scope: 'assent.admin',
      assent_operator: true,
    });
    const second = adminWith(stack.issuer, await ownTokenOf(operator));
    const answer = await second('POST', 'apps', { body: webMetadata, headers: { 'idempotency-key': key } });
    expect(answer.body.client_id).not.toBe(first.body.client_id);
    const elsewhere = await create(key, 'registration-tokens', {});
    expect(elsewhere.status).toBe(201);
  });

  it('was refused before, and is right by now: it happens', async () => {
    const key = randomUUID();
    expect((await create(key, 'apps/demo-native/secrets', {})).status).toBe(400);
    expect((await create(key, 'apps/nobody/secrets', {})).status).toBe(404);
    expect((await create(key, 'apps', { ...webMetadata, scope: 'vso.nothing' })).status).toBe(400);
    expect((await create(key)).status).toBe(201);
  });

  it.each(['short', '', 'ümlaut-ümlaut', 'x'.repeat(201), '"12345678', 'a b c d e f'])(
    'needs a key that is one: %.12s',
    async (key) => {
      const answer = await create(Buffer.from(key).toString('latin1'));
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    },
  );
});

describe('what is kept of it', () => {
  it('opens for nobody who reads the tables: neither key nor secret nor answer is there', async () => {
    const key = randomUUID();
    const { body } = await create(key, 'apps', { ...webMetadata, client_name: 'Tailspin Unseen' });
    const rows = (await storedRows(stack, 'requests')).filter((row) => row.RowKey === 'creation');
    expect(rows.length).toBeGreaterThan(0);
    const text = JSON.stringify(rows);
    for (const secret of [key, String(body.client_secret), 'Tailspin', String(body.client_id)])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
  });
});

describe('a creation whose answer is lost', () => {
  const isInsert = ({ method, path, bodyStart }: { method: string; path: string; bodyStart: string }, name: string) =>
    method === 'POST' && path.startsWith('/clients') && bodyStart.includes(name);

  it('by storage that stays away after it was written: the repetition finds what was made, with its secret', async () => {
    const name = `Fabrikam ${randomUUID()}`;
    const key = randomUUID();
    const body = { ...webMetadata, client_name: name };
    let isAway = false;
    stack.tableProxy.rule = (request) => {
      if (!isAway && isInsert(request, name)) {
        isAway = true;
        return { kind: 'status-500-after-commit' };
      }
      return isAway ? { kind: 'throttle' } : undefined;
    };
    expect((await create(key, 'apps', body)).status).toBe(503);
    stack.tableProxy.rule = undefined;
    expect(await named(name)).toBe(1);
    // Nobody could say that the first one has ended.
    await stack.clock.move(61);
    const again = await create(key, 'apps', body);
    await stack.clock.reset();
    expect([again.status, await named(name)]).toEqual([201, 1]);
    const secret = String(again.body.client_secret);
    const proof = await demoServices(stack.issuer).web.token({ grant_type: 'client_credentials' });
    expect(proof.status).toBe(400);
    const authorization = `Basic ${Buffer.from(`${again.body.client_id}:${secret}`).toString('base64')}`;
    const introspection = await fetch(`${stack.issuer}/introspect`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ token: 'x' }),
    });
    expect(introspection.status).toBe(200);
  });

  it('by a process that is killed: the repetition goes on in its place', async () => {
    const name = `Fabrikam ${randomUUID()}`;
    const key = randomUUID();
    const body = { ...webMetadata, client_name: name };
    stack.tableProxy.rule = (request) => (isInsert(request, name) ? { kind: 'hang-after-commit' } : undefined);
    const lost = create(key, 'apps', body).catch(() => undefined);
    await expect.poll(() => named(name), { timeout: 60_000 }).toBe(1);
    stack.tableProxy.rule = undefined;
    await stack.restartHost();
    await lost;
    await stack.clock.move(61);
    const again = await create(key, 'apps', body);
    await stack.clock.reset();
    expect([again.status, await named(name)]).toEqual([201, 1]);
    expect(again.body.client_secret).toMatch(/^assent_cs_/);
  });
});

describe('a key', () => {
  it('is forgotten after a day', async () => {
    const key = randomUUID();
    const first = await create(key);
    await stack.clock.move(86_401);
    // Nothing sets the clock back: the tables' tokens of that day would not be valid yet.
    const later = await create(key);
    expect(later.status).toBe(201);
    // The same names are made of the same key: it is the client that there is.
    expect(later.body.client_id).toBe(first.body.client_id);
  });
});
