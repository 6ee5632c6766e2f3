import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signingKeyName } from '../../local/settings.ts';
import type { Fault } from '../../local/vault/faults.ts';
import { type Answer, answerOf, jwtPart } from '../support/answer.ts';
import { personAt } from '../support/people.ts';
import type { Person } from '../support/person.ts';
import { demoServices, okJson, type Service, type TokenSet } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Longer than an instance goes on with a list of versions. */
const listCacheSeconds = 61;
const longestAnswerMilliseconds = 30_000;

let stack: Stack;
let person: Person;
let web: Service;
let nightly: Service;

beforeAll(async () => {
  // Shares are another test's: here one client asks over and over while the vault throttles.
  stack = await startStack({ settings: { CLIENT_SHARE_PER_SECOND: '1000' } });
  const { issuer } = stack;
  person = personAt(stack);
  ({ web, nightly } = demoServices(issuer));
  await web.code(person);
});

afterAll(() => stack.stop());

type Fallible = {
  readonly what: string;
  readonly fault: Fault;
  readonly retryAfter?: string;
  readonly passes: boolean;
};

/** `passes`: a second attempt of the same request may succeed, so one fault costs the client nothing. */
const table: readonly Fallible[] = [
  { what: '429 without Retry-After', fault: { kind: 'throttle' }, passes: false },
  { what: '429 with Retry-After', fault: { kind: 'throttle', retryAfterSeconds: 7 }, retryAfter: '7', passes: false },
  { what: '500', fault: { kind: 'status', status: 500 }, passes: true },
  { what: '503', fault: { kind: 'status', status: 503 }, passes: true },
  { what: 'no answer', fault: { kind: 'hang' }, passes: true },
  { what: 'a wrong signature', fault: { kind: 'wrong-signature' }, passes: true },
];

/** Three requests that need a signature, and the same ones for a retry. */
const requestsNeedingSignature = async (): Promise<readonly (() => Promise<Answer>)[]> => {
  const code = await web.code(person);
  const { refresh_token: token } = await web.tokens(person);
  return [
    () => answerOf(web.redeem(code)),
    () => answerOf(web.refresh(token)),
    () => answerOf(nightly.token({ grant_type: 'client_credentials' })),
  ];
};

const statuses = (answers: readonly Answer[]): readonly number[] => answers.map(({ status }) => status);

const together = <T>(calls: readonly (() => Promise<T>)[]): Promise<T[]> => Promise.all(calls.map((call) => call()));

describe('[ER05] a vault that does not sign', () => {
  it.each(table)(
    '$what: 503 with Retry-After, no code is consumed and nothing rotates',
    async ({ fault, retryAfter }) => {
      const requests = await requestsNeedingSignature();
      stack.vault.faults.rule = ({ operation }) => (operation === 'sign' ? fault : undefined);
      const startedAt = performance.now();
      const refused = await together(requests).finally(() => {
        stack.vault.faults.rule = undefined;
      });
      expect(performance.now() - startedAt).toBeLessThan(longestAnswerMilliseconds);
      for (const { status, body, headers } of refused) {
        expect([status, body.error]).toEqual([503, 'temporarily_unavailable']);
        expect(headers.get('retry-after')).toMatch(retryAfter === undefined ? /^[1-9]\d*$/ : retryAfter);
      }
      const [redeemed, ...others] = await together(requests);
      expect(statuses([redeemed as Answer, ...others])).toEqual([200, 200, 200]);
      expect((await web.refresh(String(redeemed?.body.refresh_token))).status).toBe(200);
    },
  );

  it.each(table.filter(({ passes }) => passes))(
    '$what once: the second attempt signs, and nobody notices',
    async ({ fault }) => {
      for (const request of await requestsNeedingSignature()) {
        let isFirst = true;
        stack.vault.faults.rule = ({ operation }) => {
          if (operation !== 'sign' || !isFirst) return undefined;
          isFirst = false;
          return fault;
        };
        expect((await request()).status).toBe(200);
        expect(isFirst).toBe(false);
      }
      stack.vault.faults.rule = undefined;
    },
  );

  it('a list that cannot be read costs nothing while the old one is good', async () => {
    await stack.clock.move(listCacheSeconds);
    stack.vault.faults.rule = ({ operation }) =>
      operation === 'list' ? { kind: 'throttle', retryAfterSeconds: 1 } : undefined;
    const requests = await requestsNeedingSignature();
    expect(statuses(await together(requests))).toEqual([200, 200, 200]);
    expect((await fetch(`${stack.issuer}/.well-known/jwks.json`)).status).toBe(200);
    stack.vault.faults.rule = undefined;
  });

  it('the only version disabled: 503, nothing is consumed, and all goes on when there is one again', async () => {
    await stack.clock.move(listCacheSeconds);
    const requests = await requestsNeedingSignature();
    for (const { id } of stack.vault.versions(signingKeyName)) stack.vault.setEnabled(signingKeyName, id, false);
    const refused = await together(requests);
    expect(statuses(refused)).toEqual([503, 503, 503]);
    const next = await stack.vault.rotate(signingKeyName);
    await stack.clock.move(listCacheSeconds);
    // The code is older than its minute by now.
    const [, ...others] = await together(requests);
    expect(statuses(others)).toEqual([200, 200]);
    expect(jwtPart(String(others.at(-1)?.body.access_token), 'header').kid).toBe(next);
  });

  it('the version in use disabled: the next request is signed by the other one, at once', async () => {
    const old = await stack.vault.rotate(signingKeyName, { createdAt: Math.floor(Date.now() / 1000) - 7_200 });
    await stack.clock.move(listCacheSeconds);
    const kidOf = async () =>
      jwtPart((await okJson<TokenSet>(nightly.token({ grant_type: 'client_credentials' }))).access_token, 'header').kid;
    expect(await kidOf()).toBe(old);
    stack.vault.setEnabled(signingKeyName, old, false);
    const code = await web.code(person);
    const tokens = await okJson<TokenSet>(web.redeem(code));
    expect(jwtPart(tokens.access_token, 'header').kid).not.toBe(old);
    expect((await web.refresh(tokens.refresh_token)).status).toBe(200);
  });
});

describe('a sign-in, whose answer takes two signatures', () => {
  afterEach(() => {
    stack.vault.faults.rule = undefined;
  });

  it('[OI01] consumes nothing when the second one is not made', async () => {
    const code = await web.code(person, { scope: 'openid' });
    let signatures = 0;
    stack.vault.faults.rule = ({ operation }) => {
      if (operation !== 'sign') return undefined;
      signatures += 1;
      return signatures > 1 ? { kind: 'throttle' } : undefined;
    };
    const refused = await answerOf(web.redeem(code));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    stack.vault.faults.rule = undefined;
    expect(await okJson<TokenSet>(web.redeem(code))).toHaveProperty('id_token');
  });
});
