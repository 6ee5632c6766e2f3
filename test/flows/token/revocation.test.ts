import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownTokenOf } from '../../support/admin.ts';
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
import { unauthenticated } from './unauthenticated.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let other: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  services = demoServices(stack.issuer);
  other = await register(stack.issuer);
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const invalidClient = { status: 401, error: 'invalid_client' };

describe('revocation (RFC 7009)', () => {
  for (const [what, fields, headers] of unauthenticated) {
    it(`[RV01] refuses ${what} with invalid_client, and the token stays alive`, async () => {
      const { refresh_token: token } = await services.web.tokens(alice);
      const answer = postForm(`${stack.issuer}/revoke`, { token, ...fields }, headers);
      expect(await refusalOf(answer)).toEqual(invalidClient);
      expect(await isActive(services.web, token)).toBe(true);
    });
  }

  it('[RV01] lets a public client give its own token back', async () => {
    const { refresh_token: token } = await services.native.tokens(alice);
    expect((await services.native.revoke({ token })).status).toBe(200);
    expect(await refusalOf(services.native.refresh(token))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('[RV02] revokes no token of another client, and does not tell it from one that never was', async () => {
    const tokens = await services.web.tokens(alice);
    for (const thief of [other, services.native, services.nightly]) {
      for (const token of [
        tokens.refresh_token,
        tokens.access_token,
        `${tokens.refresh_token.slice(0, -4)}AAAA`,
        'x',
      ]) {
        const answer = await thief.revoke({ token });
        expect([answer.status, await answer.text()]).toEqual([200, '{}']);
      }
    }
    expect(await isActive(services.web, tokens.access_token)).toBe(true);
    expect((await services.web.refresh(tokens.refresh_token)).status).toBe(200);
  });

  for (const hint of ['access_token', 'refresh_token', 'garbage', '']) {
    it(`[RV04] finds and revokes a token of either kind whose hint is "${hint}"`, async () => {
      const tokens = await services.web.tokens(alice);
      const another = await services.web.tokens(alice);
      expect((await services.web.revoke({ token: tokens.access_token, token_type_hint: hint })).status).toBe(200);
      expect((await services.web.revoke({ token: another.refresh_token, token_type_hint: hint })).status).toBe(200);
      expect(await isActive(services.web, tokens.access_token)).toBe(false);
      expect(await isActive(services.web, another.refresh_token)).toBe(false);
    });
  }

  it('[RV05] a revoked refresh token takes its access tokens with it, those of earlier rotations too', async () => {
    const first = await services.web.tokens(alice);
    const second = await okJson<TokenSet>(services.web.refresh(first.refresh_token));
    expect((await services.web.revoke({ token: second.refresh_token })).status).toBe(200);
    expect(await isActive(services.web, first.access_token)).toBe(false);
    expect(await isActive(services.web, second.access_token)).toBe(false);
    expect(await refusalOf(services.web.refresh(second.refresh_token))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
  });

  it('[RV05] a revoked access token goes alone', async () => {
    const first = await services.web.tokens(alice);
    const second = await okJson<TokenSet>(services.web.refresh(first.refresh_token));
    expect((await services.web.revoke({ token: first.access_token })).status).toBe(200);
    expect(await isActive(services.web, first.access_token)).toBe(false);
    expect(await isActive(services.web, second.access_token)).toBe(true);
    const third = await okJson<TokenSet>(services.web.refresh(second.refresh_token));
    expect(await isActive(services.web, first.access_token)).toBe(false);
    expect(await isActive(services.web, third.access_token)).toBe(true);
  });

  it('answers the same however often a token is given back, and for what never was one (§2.2)', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    for (const one of [token, token, 'garbage', 'assent_rt_AAAA', 'a.b.c']) {
      const answer = await services.web.revoke({ token: one });
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    }
  });

  it('[RV07] refuses a request without token, and every method but POST; callback is nothing special', async () => {
    expect(await refusalOf(services.web.revoke({}))).toEqual({ status: 400, error: 'invalid_request' });
    expect(await refusalOf(services.web.revoke({ token: '' }))).toEqual({ status: 400, error: 'invalid_request' });
    const { refresh_token: token } = await services.web.tokens(alice);
    const got = await fetch(`${stack.issuer}/revoke?token=${token}&callback=alert`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await isActive(services.web, token)).toBe(true);
    const answer = await services.web.revoke({ token, callback: 'alert' });
    expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    expect(await isActive(services.web, token)).toBe(false);
  });

  const outages = ['reset-before', 'throttle'] as const;
  for (const kind of outages) {
    it(`[RV08] answers 503 with Retry-After, never 200, when storage does not (${kind})`, async () => {
      const tokens = await services.web.tokens(alice);
      const own = await ownTokenOf(services.nightly);
      stack.tableProxy.rule = () => ({ kind });
      try {
        for (const [service, token] of [
          [services.web, tokens.refresh_token],
          [services.web, tokens.access_token],
          [services.nightly, own],
        ] as const) {
          const answer = await service.revoke({ token });
          expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
          expect(await refusalOf(answer)).toEqual({ status: 503, error: 'temporarily_unavailable' });
        }
      } finally {
        stack.tableProxy.rule = undefined;
      }
      expect(await isActive(services.web, tokens.access_token)).toBe(true);
      expect((await services.web.revoke({ token: tokens.refresh_token })).status).toBe(200);
      expect(await isActive(services.web, tokens.access_token)).toBe(false);
    });
  }
});
