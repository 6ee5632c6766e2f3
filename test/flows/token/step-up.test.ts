/** RFC 9470: what an API needs to know of how and when the person signed in, and how a service gets it what it wants. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../../support/answer.ts';
import { personAt } from '../../support/people.ts';
import { demoServices, okJson, register, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const [password, secondFactor] = ['urn:contoso:password', 'urn:contoso:second-factor'] as const;

let stack: Stack;
let services: ReturnType<typeof demoServices>;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
});

afterAll(() => stack.stop());

type SignIn = { readonly acr?: unknown; readonly auth_time?: unknown };

/** What an API reads, in the token or by asking. */
const toldOf = async ({ access_token: token }: TokenSet): Promise<SignIn> => {
  const { acr, auth_time: authTime } = jwtPart(token, 'payload');
  const said = await okJson<SignIn>(services.api.introspect({ token }));
  expect(said).toMatchObject({ acr, auth_time: authTime });
  return { acr, auth_time: authTime };
};

describe('step-up authentication (RFC 9470)', () => {
  it('[ST01] tells APIs the level, and services get another by asking for it, without openid', async () => {
    const alice = personAt(stack);
    const before = await services.web.tokens(alice);
    expect((await toldOf(before)).acr).toBe(password);
    // The API's challenge: acr_values="urn:contoso:second-factor".
    const after = await services.web.tokens(alice, { acr_values: secondFactor });
    expect((await toldOf(after)).acr).toBe(secondFactor);
    // Nothing is said in hindsight of a token that was there before.
    expect((await toldOf(before)).acr).toBe(password);
    const refreshed = await okJson<TokenSet>(services.web.refresh(before.refresh_token));
    expect((await toldOf(refreshed)).acr).toBe(password);
  });

  it('[ST02] tells APIs when, and a refresh makes no sign-in younger', async () => {
    const alice = personAt(stack);
    const before = await services.web.tokens(alice);
    const first = await toldOf(before);
    await stack.clock.move(400);
    try {
      const refreshed = await okJson<TokenSet>(services.web.refresh(before.refresh_token));
      expect(await toldOf(refreshed)).toEqual(first);
      // In silence, from the same session.
      expect(await toldOf(await services.web.tokens(alice))).toEqual(first);
      // The API's challenge: max_age="300".
      const after = await toldOf(await services.web.tokens(alice, { max_age: '300' }));
      expect(Number(after.auth_time) - Number(first.auth_time)).toBeGreaterThanOrEqual(400);
    } finally {
      await stack.clock.reset();
    }
  });

  it('[ST03] keeps both in what the token is exchanged for', async () => {
    const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const middle = await register(stack.issuer, {
      grant_types: [exchange],
      redirect_uris: [],
      scope: 'vso.work',
      assent_token_exchange: { from: ['demo-web'], to: ['https://api.assent.localhost'] },
    });
    const tokens = await services.web.tokens(personAt(stack), { acr_values: secondFactor });
    const exchanged = await okJson<TokenSet>(
      middle.token({
        grant_type: exchange,
        subject_token: tokens.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }),
    );
    expect(await toldOf(exchanged)).toEqual(await toldOf(tokens));
  });
});
