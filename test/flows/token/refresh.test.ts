import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../../support/answer.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import {
  demoServices,
  isActive,
  okJson,
  postForm,
  refusalOf,
  register,
  type Service,
  type TokenSet,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const graceSeconds = 60;
const graceUses = 4;
const daySeconds = 86_400;

let stack: Stack;
let services: ReturnType<typeof demoServices>;
/** The same services, spoken to at the second host. */
let elsewhere: ReturnType<typeof demoServices>;
let other: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({
    hosts: 2,
    settings: { REFRESH_GRACE_SECONDS: String(graceSeconds), REFRESH_GRACE_USES: String(graceUses) },
  });
  services = demoServices(stack.issuer);
  elsewhere = demoServices(stack.issuer, stack.hosts[1]);
  other = await register(stack.issuer);
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const invalidGrant = { status: 400, error: 'invalid_grant' };

const rotate = (token: string, more?: Record<string, string>): Promise<TokenSet> =>
  okJson<TokenSet>(services.web.refresh(token, more));

describe('refreshing (OAuth 2.1 §4.3)', () => {
  it('[RF01] a refresh token is worth nothing to another client, confidential or public, and stays alive', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    expect(await refusalOf(other.refresh(token))).toEqual(invalidGrant);
    expect(await refusalOf(services.native.refresh(token))).toEqual(invalidGrant);
    expect((await rotate(token)).refresh_token).not.toBe(token);

    const native = await services.native.tokens(alice);
    expect(await refusalOf(services.web.refresh(native.refresh_token))).toEqual(invalidGrant);
    expect((await services.native.refresh(native.refresh_token)).status).toBe(200);
  });

  it('[RF02] a confidential client must authenticate to refresh', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    const fields = { grant_type: 'refresh_token', refresh_token: token, client_id: 'demo-web' };
    const invalidClient = { status: 401, error: 'invalid_client' };
    expect(await refusalOf(postForm(`${stack.issuer}/token`, fields))).toEqual(invalidClient);
    expect(await refusalOf(postForm(`${stack.issuer}/token`, { ...fields, client_secret: 'demo-api-secret' }))).toEqual(
      invalidClient,
    );
    expect((await services.web.refresh(token)).status).toBe(200);
  });

  it('[RF10] gives the scope of the grant when none is asked for', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    const tokens = await rotate(token);
    expect(tokens.scope).toBe('vso.code vso.work');
    expect(jwtPart(tokens.access_token, 'payload')).toMatchObject({ scope: 'vso.code vso.work' });
  });

  it('[RF10] narrows one access token and not the grant: the next refresh has it all again', async () => {
    const { refresh_token: first } = await services.web.tokens(alice);
    const narrow = await rotate(first, { scope: 'vso.work' });
    expect(narrow.scope).toBe('vso.work');
    expect((await rotate(narrow.refresh_token)).scope).toBe('vso.code vso.work');
  });

  it('[RF16] refuses a resource outside the grant with invalid_target, and nothing has rotated', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    const refused = services.web.refresh(token, { resource: 'https://elsewhere.example/api' });
    expect(await refusalOf(refused)).toEqual({ status: 400, error: 'invalid_target' });
    // Past the grace window a rotated token would be a replay.
    await stack.clock.move(graceSeconds + 2);
    expect((await services.web.refresh(token)).status).toBe(200);
    await stack.clock.reset();
  });

  it('[RF16] refuses a scope outside the grant with invalid_scope, and nothing has rotated', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    for (const scope of ['vso.work vso.build', 'assent.admin', 'vso.work  vso.code', 'nothing'])
      expect(await refusalOf(services.web.refresh(token, { scope }))).toEqual({ status: 400, error: 'invalid_scope' });
    await stack.clock.move(graceSeconds + 2);
    expect((await services.web.refresh(token)).status).toBe(200);
    await stack.clock.reset();
  });

  it('[RF14] rotates for clients with a secret and without', async () => {
    for (const service of [services.web, services.native]) {
      const { refresh_token: token } = await service.tokens(alice);
      const rotated = await okJson<TokenSet>(service.refresh(token));
      expect(rotated.refresh_token).not.toBe(token);
    }
  });
});

describe('a refresh token that was replaced (RFC 9700 §4.14.2)', () => {
  it('[RF04] ends its family when it comes too late: the newest refresh token and every access token', async () => {
    const first = await services.web.tokens(alice);
    const second = await rotate(first.refresh_token);
    await stack.clock.move(60 * graceSeconds + 2);
    expect(await isActive(services.web, second.refresh_token)).toBe(true);
    expect(await refusalOf(services.web.refresh(first.refresh_token))).toEqual(invalidGrant);
    expect(await isActive(services.web, second.refresh_token)).toBe(false);
    expect(await refusalOf(services.web.refresh(second.refresh_token))).toEqual(invalidGrant);
    await stack.clock.reset();
  });

  it('[RF04] ends its family when it is older than the one before the current, inside the window too', async () => {
    const first = await services.web.tokens(alice);
    const second = await rotate(first.refresh_token);
    const third = await rotate(second.refresh_token);
    expect(await refusalOf(services.web.refresh(first.refresh_token))).toEqual(invalidGrant);
    expect(await refusalOf(services.web.refresh(third.refresh_token))).toEqual(invalidGrant);
    expect(await isActive(services.web, third.access_token)).toBe(false);
  });

  it('[RF05] is served once long after the window, while nobody has used its successor: an answer was lost', async () => {
    const first = await services.web.tokens(alice);
    const second = await rotate(first.refresh_token);
    await stack.clock.move(graceSeconds * 20);
    expect((await rotate(first.refresh_token)).refresh_token).toBe(second.refresh_token);
    await stack.clock.move(graceSeconds);
    expect(await refusalOf(services.web.refresh(first.refresh_token))).toEqual(invalidGrant);
    expect((await services.web.refresh(second.refresh_token)).status).toBe(200);
    await stack.clock.reset();
  });

  it('[RF04] ends its family when five rotations in a row needed it: two hold the lineage', async () => {
    const uses = () =>
      stack.hostOutput().match(/"event":"previous_refresh_token_used","client_id":"demo-web".*"streak":4/g)?.length ??
      0;
    const before = uses();
    let { refresh_token: token } = await services.web.tokens(alice);
    for (let rotation = 1; rotation < 5; rotation++) {
      const { refresh_token: next } = await rotate(token);
      // The thief rides along: the token that the owner has just replaced.
      expect((await rotate(token)).refresh_token).toBe(next);
      token = next;
    }
    const { refresh_token: last } = await rotate(token);
    expect(await refusalOf(services.web.refresh(token))).toEqual(invalidGrant);
    expect(await refusalOf(services.web.refresh(last))).toEqual(invalidGrant);
    expect(uses() - before).toBe(1);
  });

  it('[RF04] ends nothing when lost answers come with good ones between them', async () => {
    let { refresh_token: token } = await services.web.tokens(alice);
    for (let rotation = 0; rotation < 12; rotation++) {
      const { refresh_token: next } = await rotate(token);
      if (rotation % 3 !== 2) expect((await rotate(token)).refresh_token).toBe(next);
      token = next;
    }
    expect((await services.web.refresh(token)).status).toBe(200);
  });

  it('[RF04] changes nothing when a character of it was altered: only what was issued can be a replay', async () => {
    const { refresh_token: first } = await services.web.tokens(alice);
    const { refresh_token: second } = await rotate(first);
    for (const token of [first, second])
      for (let at = 'assent_rt_'.length; at < token.length; at += 7) {
        const altered = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
        expect(await refusalOf(services.web.refresh(altered))).toEqual(invalidGrant);
      }
    expect((await services.web.refresh(second)).status).toBe(200);
  });

  it('[RF04] leaves other families of the same person and client alone', async () => {
    const attacked = await services.web.tokens(alice);
    const untouched = await services.web.tokens(alice);
    await rotate((await rotate(attacked.refresh_token)).refresh_token);
    expect(await refusalOf(services.web.refresh(attacked.refresh_token))).toEqual(invalidGrant);
    expect((await services.web.refresh(untouched.refresh_token)).status).toBe(200);
  });

  it('[RF04] tells the person what happened', async () => {
    const { refresh_token: first } = await services.native.tokens(alice);
    const second = await okJson<TokenSet>(services.native.refresh(first));
    await okJson(services.native.refresh(second.refresh_token));
    expect(await refusalOf(services.native.refresh(first))).toEqual(invalidGrant);
    const page = await alice.visit(`${stack.issuer}/authorizations`);
    expect(page.kind === 'page' && page.html).toContain(
      'An old key of <bdi>Contoso Boards for desktop</bdi> was used again',
    );
  });

  it('[RF05] gives the same successor again inside the window, and the family lives', async () => {
    const first = await services.web.tokens(alice);
    const second = await rotate(first.refresh_token);
    await stack.clock.move(graceSeconds - 5);
    const again = await rotate(first.refresh_token);
    expect(again.refresh_token).toBe(second.refresh_token);
    expect((await rotate(second.refresh_token)).refresh_token).not.toBe(second.refresh_token);
    await stack.clock.reset();
  });

  it('[RF05] passes every check again inside the window: client, scope and resource', async () => {
    const { refresh_token: first } = await services.web.tokens(alice);
    const { refresh_token: second } = await rotate(first);
    expect(await refusalOf(other.refresh(first))).toEqual(invalidGrant);
    expect(await refusalOf(services.web.refresh(first, { scope: 'vso.build' }))).toEqual({
      status: 400,
      error: 'invalid_scope',
    });
    expect((await services.web.refresh(second)).status).toBe(200);
  });

  it(`[RF07] is taken ${graceUses} times inside the window and no more, and the family lives on`, async () => {
    const { refresh_token: first } = await services.web.tokens(alice);
    const { refresh_token: second } = await rotate(first);
    for (let use = 0; use < graceUses; use++) expect((await rotate(first)).refresh_token).toBe(second);
    expect(await refusalOf(services.web.refresh(first))).toEqual(invalidGrant);
    expect((await services.web.refresh(second)).status).toBe(200);
  });

  it('[RF08] 50 at once have one successor, and it works', async () => {
    const { refresh_token: token } = await services.native.tokens(alice);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? services : elsewhere).native.refresh(token)),
    );
    const successors = new Set<string>();
    for (const answer of answers) {
      const { refresh_token: successor, error } = (await answer.json()) as { refresh_token?: string; error?: string };
      if (answer.status === 200) successors.add(successor ?? '');
      // Beyond the count of the window; or told to try again.
      else expect([400, 503]).toContain(answer.status);
      if (answer.status === 400) expect(error).toBe('invalid_grant');
    }
    expect(successors.size).toBe(1);
    const [successor = ''] = successors;
    expect((await services.native.refresh(successor)).status).toBe(200);
  });

  it('[RF13] is refused by a second host, and by one that was started anew', async () => {
    const { refresh_token: first } = await services.web.tokens(alice);
    const { refresh_token: second } = await rotate(first);
    const { refresh_token: third } = await rotate(second);
    expect(await refusalOf(elsewhere.web.refresh(first))).toEqual(invalidGrant);
    await stack.restartHost(1);
    for (const token of [first, second, third])
      expect(await refusalOf(elsewhere.web.refresh(token))).toEqual(invalidGrant);
  });
});

/** Last in this file: the clock stays where it was moved to. */
describe('how long a refresh token lives', () => {
  it('[RF11] 90 days of idleness end it', async () => {
    const kept = await services.web.tokens(alice);
    const idle = await services.web.tokens(alice);
    await stack.clock.move(89 * daySeconds);
    const { refresh_token: next } = await rotate(kept.refresh_token);
    await stack.clock.move(daySeconds + 1);
    expect(await refusalOf(services.web.refresh(idle.refresh_token))).toEqual(invalidGrant);
    expect((await services.web.refresh(next)).status).toBe(200);
  });

  it('[RF11] 365 days end it however often it is used: rotation does not extend that', async () => {
    let { refresh_token: token } = await services.web.tokens(alice);
    for (let month = 0; month < 6; month++) {
      await stack.clock.move(60 * daySeconds);
      ({ refresh_token: token } = await rotate(token));
    }
    await stack.clock.move(5 * daySeconds - 60);
    ({ refresh_token: token } = await rotate(token));
    await stack.clock.move(61);
    expect(await refusalOf(services.web.refresh(token))).toEqual(invalidGrant);
  });
});
