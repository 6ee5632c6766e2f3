import { setTimeout as sleep } from 'node:timers/promises';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { localMasterKey } from '../local/host/admin.ts';
import { users } from '../local/provider/users.ts';
import { clientKeyOf, userKeyOf } from '../src/oauth/tokens/locator.ts';
import { personAt, sessionOf, signedInAt } from './support/people.ts';
import type { Page, Person } from './support/person.ts';
import { changeRow, storedRows } from './support/rows.ts';
import {
  administer,
  basicAuth,
  demoServices,
  isActive,
  okJson,
  postForm,
  refusalOf,
  register,
  type TokenSet,
} from './support/service.ts';
import { type Stack, startStack } from './support/stack.ts';

const minute = 60;
const hour = 3_600;
const day = 24 * hour;

let stack: Stack;
let services: ReturnType<typeof demoServices>;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
});

afterAll(() => stack.stop());

const invalidGrant = { status: 400, error: 'invalid_grant' };

const ownToken = (): Promise<TokenSet> => okJson(services.nightly.token({ grant_type: 'client_credentials' }));

const pageAt = async (person: Person, url: string): Promise<Page> => {
  const arrival = await person.visit(url);
  if (arrival.kind !== 'page') throw new Error(`a page was expected, not ${arrival.location.href}`);
  return arrival;
};

/** True when the browser is asked to sign in at the upstream provider again. */
const mustSignIn = async (person: Person): Promise<boolean> => {
  const answer = await person.send(`${stack.issuer}/authorizations`);
  if (answer.status === 200) return false;
  expect(answer.headers.get('location')).toContain(stack.provider.issuer);
  return true;
};

describe('what lasts minutes', () => {
  afterEach(() => stack.clock.reset());

  it('[AZ16] a code is good for 60 seconds', async () => {
    const alice = await signedInAt(stack);
    const [early, late] = [await services.web.code(alice), await services.web.code(alice)];
    await stack.clock.move(57);
    expect((await services.web.redeem(early)).status).toBe(200);
    await stack.clock.move(4);
    expect(await refusalOf(services.web.redeem(late))).toEqual(invalidGrant);
  });

  it('an access token is good for 10 minutes, for whoever verifies it and for whoever asks', async () => {
    const { access_token: token } = await services.web.tokens(await signedInAt(stack));
    const keys = createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`));
    const verified = () => jwtVerify(token, keys, { issuer: stack.issuer, typ: 'at+jwt', currentDate: new Date() });
    await stack.clock.move(10 * minute - 5);
    expect((await verified()).payload.client_id).toBe('demo-web');
    expect(await isActive(services.web, token)).toBe(true);
    await stack.clock.move(6);
    await expect(verified()).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
    expect(await isActive(services.web, token)).toBe(false);
  });

  it("an operator's token is good for 10 minutes at the admin API", async () => {
    const { access_token: token } = await okJson<TokenSet>(
      services.operator.token({ grant_type: 'client_credentials', scope: 'assent.admin' }),
    );
    const list = () => fetch(`${stack.issuer}/api/admin/apps`, { headers: { authorization: `Bearer ${token}` } });
    await stack.clock.move(10 * minute - 5);
    expect((await list()).status).toBe(200);
    await stack.clock.move(6);
    expect(await refusalOf(list())).toEqual({ status: 401, error: 'invalid_token' });
  });

  it('the token before the current one is good for 60 seconds more, and then costs nobody their access', async () => {
    const alice = await signedInAt(stack);
    const { refresh_token: first } = await services.web.tokens(alice);
    const { refresh_token: second } = await okJson<TokenSet>(services.web.refresh(first));
    await stack.clock.move(58);
    expect((await okJson<TokenSet>(services.web.refresh(first))).refresh_token).toBe(second);
    await stack.clock.move(4);
    expect(await refusalOf(services.web.refresh(first))).toEqual(invalidGrant);
    expect((await services.web.refresh(second)).status).toBe(200);
  });

  it('an approval page is good for 30 minutes', async () => {
    const bob = await signedInAt(stack, 'bob');
    const { url } = services.web.authorization({ prompt: 'consent' });
    const [early, late] = [await pageAt(bob, url), await pageAt(bob, url)];
    await stack.clock.move(30 * minute - 5);
    const approved = await bob.decide(early, { decision: 'approve' });
    expect(approved.kind === 'departure' && approved.location.searchParams.get('code')).toMatch(/^assent_ac_/);
    await stack.clock.move(6);
    const refused = await bob.decide(late, { decision: 'approve' });
    // Shown once more, with nothing approved.
    const shownAgain = refused.kind === 'page' ? refused.html : '';
    expect(shownAgain).toContain('Nothing has been approved yet');
    expect(shownAgain).toContain('name="decision"');
  });

  it('a sign-in may take 10 minutes', async () => {
    const begin = async (person: Person) => {
      const answer = await person.send(`${stack.issuer}/sign-in`);
      return answer.headers.get('location') ?? '';
    };
    const [quick, slow] = [personAt(stack, 'alice'), personAt(stack, 'alice')];
    const [quickUpstream, slowUpstream] = [await begin(quick), await begin(slow)];
    await stack.clock.move(10 * minute - 10);
    const arrived = await pageAt(quick, quickUpstream);
    expect([arrived.status, arrived.url.pathname]).toEqual([200, '/authorizations']);
    await stack.clock.move(11);
    const refused = await pageAt(slow, slowUpstream);
    expect([refused.status, refused.html.includes('was not begun here')]).toEqual([400, true]);
    expect(sessionOf(slow)).toBeUndefined();
  });
});

describe('what lasts hours', () => {
  afterEach(() => stack.clock.reset());

  it("a client's secret ends when it was said to", async () => {
    const service = await register(stack.issuer, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      scope: 'vso.work',
    });
    const { clientId } = service.registration;
    const path = `apps/${clientId}/secrets`;
    const added = await administer(stack.issuer, { method: 'POST', path, body: { expires_in: hour } });
    const { client_secret: secret = '' } = (await added.json()) as { client_secret?: string };
    const ask = () =>
      postForm(
        `${stack.issuer}/token`,
        { grant_type: 'client_credentials' },
        { authorization: basicAuth(clientId, secret) },
      );
    await stack.clock.move(hour - 5);
    expect((await ask()).status).toBe(200);
    await stack.clock.move(6);
    expect(await refusalOf(ask())).toEqual({ status: 401, error: 'invalid_client' });
    // The first one lasts a year.
    expect((await service.token({ grant_type: 'client_credentials' })).status).toBe(200);
  });

  it('[F25] a clock that goes back an hour brings nothing back that was spent, revoked or replaced', async () => {
    // An hour ahead, everything happens; the instance's own tokens are older than that.
    await ownToken();
    await stack.clock.move(hour);
    const alice = await signedInAt(stack);
    const spent = await services.web.code(alice);
    const ended = await okJson<TokenSet>(services.web.redeem(spent));
    const revoked = await services.web.tokens(alice);
    const { access_token: own } = await ownToken();
    const replaced = await services.web.tokens(alice);
    const second = await okJson<TokenSet>(services.web.refresh(replaced.refresh_token));
    const third = await okJson<TokenSet>(services.web.refresh(second.refresh_token));
    await services.web.revoke({ token: revoked.refresh_token });
    await services.nightly.revoke({ token: own });
    await stack.clock.move(-hour);

    expect(await refusalOf(services.web.redeem(spent))).toEqual(invalidGrant);
    expect(await refusalOf(services.web.refresh(ended.refresh_token))).toEqual(invalidGrant);
    expect(await refusalOf(services.web.refresh(revoked.refresh_token))).toEqual(invalidGrant);
    expect(await isActive(services.web, revoked.access_token)).toBe(false);
    expect(await okJson(services.nightly.introspect({ token: own }))).toEqual({ active: false });
    expect((await services.web.refresh(third.refresh_token)).status).toBe(200);
    expect(await refusalOf(services.web.refresh(replaced.refresh_token))).toEqual(invalidGrant);
    expect(await isActive(services.web, third.access_token)).toBe(false);
  });

  it('[F25] a clock that goes back an hour stops nobody: every cache looks again', async () => {
    await ownToken();
    await stack.clock.move(hour);
    const { refresh_token: token } = await services.web.tokens(await signedInAt(stack));
    await stack.clock.move(-hour);
    expect((await ownToken()).expires_in).toBe(600);
    expect((await services.web.refresh(token)).status).toBe(200);
    expect((await services.web.redeem(await services.web.code(await signedInAt(stack)))).status).toBe(200);
    expect((await fetch(`${stack.issuer}/readyz`)).status).toBe(200);
  });

  it('a session ends after 8 hours without use', async () => {
    const [idle, active] = [await signedInAt(stack), await signedInAt(stack)];
    await stack.clock.move(7 * hour);
    expect(await mustSignIn(active)).toBe(false);
    await stack.clock.move(hour + 5);
    expect([await mustSignIn(idle), await mustSignIn(active)]).toEqual([true, false]);
  });
});

/** Last in this file: the clock goes on from here and never back, as the emulators' own tokens do not either. */
describe('what lasts days', () => {
  it('a session ends after 24 hours however much it is used', async () => {
    const alice = await signedInAt(stack);
    for (let step = 0; step < 3; step++) {
      await stack.clock.move(7 * hour);
      expect(await mustSignIn(alice)).toBe(false);
    }
    await stack.clock.move(3 * hour + 5);
    expect(await mustSignIn(alice)).toBe(true);
  });

  it('a vault that is days old signs as a brand-new one did, and so does a new host', async () => {
    const keys = createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`));
    const kidOf = async (): Promise<string | undefined> => {
      const { access_token: token } = await ownToken();
      const verified = await jwtVerify(token, keys, { issuer: stack.issuer, currentDate: new Date() });
      return verified.protectedHeader.kid;
    };
    const before = await kidOf();
    await stack.clock.move(2 * day);
    expect(await kidOf()).toBe(before);
    await stack.restartHost();
    expect(await kidOf()).toBe(before);
  });

  it('the purge deletes what expired more than a day ago, and nothing else', async () => {
    const alice = await signedInAt(stack);
    const userKey = userKeyOf(stack.provider.issuer, users.find(({ login }) => login === 'alice')?.objectId ?? '');
    const partition = userKey.toString('hex');
    const now = () => Math.floor(Date.now() / 1000);
    const rows = () => storedRows(stack, 'users', partition);
    const keysOf = async (prefix: string) =>
      (await rows()).map(({ RowKey }) => RowKey).filter((key) => key.startsWith(prefix));

    const { refresh_token: kept } = await services.web.tokens(alice);
    const before = await rows();
    await services.web.code(alice);
    const made = (await rows()).filter(({ RowKey }) => before.every((row) => row.RowKey !== RowKey));
    const [unspent] = made;
    expect(made.map(({ RowKey }) => RowKey)).toEqual([
      expect.stringContaining(`family:${clientKeyOf('demo-web').toString('hex')}:`),
      expect.stringContaining('history:'),
    ]);
    const keepUntil = Number(unspent?.keepUntil);

    await purgeAt(userKey[0] ?? 0, keepUntil + 1, now);
    expect(now()).toBeLessThan(keepUntil + day);
    expect(await keysOf(unspent?.RowKey ?? '')).toEqual([unspent?.RowKey]);

    await purgeAt(userKey[0] ?? 0, keepUntil + day + 1, now);
    expect(await keysOf(unspent?.RowKey ?? '')).toEqual([]);
    const left = await rows();
    for (const row of left) if (row.keepUntil !== undefined) expect(Number(row.keepUntil) + day).toBeGreaterThan(now());
    // What has no end, or has not come to it: profile, grants, history, and the family in use.
    const kinds = new Set(left.map(({ RowKey }) => RowKey.split(':')[0]));
    expect([...kinds].sort()).toEqual(['audit', 'family', 'grant', 'history', 'profile', 'session']);
    expect((await services.web.refresh(kept)).status).toBe(200);
  });
});

/** Moves the clock, and runs the timer when the sweep has come to this slice. */
const purgeAt = async (slice: number, instant: number, now: () => number): Promise<void> => {
  await stack.clock.move(Math.max(instant, now()) - now());
  const cursor = { PartitionKey: 'sweep', RowKey: 'users', slice, after: '' };
  // The row that says where the sweep goes on is there from its first run.
  await purge();
  await changeRow(stack, 'deployment', cursor);
  await purge(slice);
};

const purge = async (slice?: number): Promise<void> => {
  const runs = () =>
    stack.hostOutput().split(`"event":"purged","slice":${slice === undefined ? '' : `${slice},`}`).length;
  const before = runs();
  const fired = await fetch(`${stack.issuer}/admin/functions/purge`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-functions-key': localMasterKey },
    body: '{}',
  });
  expect(fired.status).toBe(202);
  for (let waited = 0; runs() === before && waited < 2_400; waited++) await sleep(25);
  expect(runs()).toBeGreaterThan(before);
};
