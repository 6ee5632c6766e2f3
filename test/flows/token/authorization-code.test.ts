import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../../support/answer.ts';
import { type Login, personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import {
  administer,
  challengeOf,
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

let stack: Stack;
let services: ReturnType<typeof demoServices>;
/** Other people's clients, with the same redirect URIs, so that nothing but the client_id tells them apart. */
let other: Service;
let otherPublic: Service;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  other = await register(stack.issuer, { redirect_uris: [services.web.registration.redirectUri] });
  otherPublic = await register(stack.issuer, {
    token_endpoint_auth_method: 'none',
    redirect_uris: [services.native.registration.redirectUri],
  });
});

afterAll(() => stack.stop());

const people = new Map<string, Person>();
const person = (login: Login = 'alice'): Person => {
  const known = people.get(login) ?? personAt(stack, login);
  people.set(login, known);
  return known;
};

const invalidGrant = { status: 400, error: 'invalid_grant' };

describe('authorization codes (OAuth 2.1 §4.1.3)', () => {
  it('[TK10] a valid replay ends what came of the code: access token and refresh token are dead', async () => {
    const code = await services.web.code(person());
    const tokens = await okJson<TokenSet>(services.web.redeem(code));
    expect(await isActive(services.web, tokens.access_token)).toBe(true);
    expect(await refusalOf(services.web.redeem(code))).toEqual(invalidGrant);
    expect(await isActive(services.web, tokens.access_token)).toBe(false);
    expect(await isActive(services.web, tokens.refresh_token)).toBe(false);
    expect(await refusalOf(services.web.refresh(tokens.refresh_token))).toEqual(invalidGrant);
  });

  it('takes a redirect URI without a path with the slash that browsers add, and nothing more than that', async () => {
    const service = await register(stack.issuer, { redirect_uris: ['https://host.fabrikam.example'] });
    const code = await service.code(person());
    for (const uri of [
      'https://host.fabrikam.example//',
      'https://host.fabrikam.example/?',
      'https://host.fabrikam.exampl/',
    ])
      expect(await refusalOf(service.redeem(code, { redirect_uri: uri }))).toEqual(invalidGrant);
    const { access_token } = await okJson<TokenSet>(
      service.redeem(code, { redirect_uri: 'https://host.fabrikam.example/' }),
    );
    expect(await isActive(service, access_token)).toBe(true);
  });

  it('[TK11] an invalid replay changes nothing: wrong client, verifier, redirect URI, garbage suffix, right prefix', async () => {
    const code = await services.web.code(person());
    const tokens = await okJson<TokenSet>(services.web.redeem(code));
    const changed = `${code.code.slice(0, -2)}${code.code.endsWith('AA') ? 'BA' : 'AA'}`;
    const replays: readonly Promise<Response>[] = [
      other.redeem(code),
      services.native.redeem(code),
      services.web.redeem({ ...code, verifier: 'x'.repeat(43) }),
      services.web.redeem(code, { redirect_uri: 'https://elsewhere.example/cb' }),
      services.web.redeem({ ...code, code: `${code.code}AAAA` }),
      services.web.redeem({ ...code, code: `${code.code} ` }),
      services.web.redeem({ ...code, code: changed }),
      services.web.redeem({ ...code, code: code.code.slice(0, 60) }),
      services.web.token({ grant_type: 'authorization_code', code: code.code }),
    ];
    for (const replay of replays) expect(await refusalOf(replay)).toEqual(invalidGrant);
    expect(await isActive(services.web, tokens.access_token)).toBe(true);
    expect((await services.web.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('[TK13] a code is worth nothing to another client, confidential or public, and stays whole for its own', async () => {
    const code = await services.web.code(person());
    expect(await refusalOf(other.redeem(code))).toEqual(invalidGrant);
    expect(await refusalOf(services.native.redeem(code))).toEqual(invalidGrant);
    expect((await services.web.redeem(code)).status).toBe(200);

    const native = await services.native.code(person());
    expect(await refusalOf(otherPublic.redeem(native))).toEqual(invalidGrant);
    expect(await refusalOf(services.web.redeem(native))).toEqual(invalidGrant);
    expect((await services.native.redeem(native)).status).toBe(200);
  });

  it('a refused code says to its own client, and to the log, what to mend', async () => {
    const { web } = services;
    const fresh = () => web.code(person());
    const described = async (answer: Promise<Response>): Promise<unknown> =>
      ((await (await answer).json()) as { error_description?: unknown }).error_description;
    const code = await fresh();
    const bare = { grant_type: 'authorization_code', code: code.code };
    expect(await described(web.token(bare))).toMatch(/^code_verifier is missing; turn on PKCE \(S256\)/);
    expect(await described(web.redeem({ ...code, verifier: 'x'.repeat(43) }))).toMatch(/^code_verifier is not the one/);
    expect(await described(web.redeem(code, { redirect_uri: 'https://elsewhere.example/cb' }))).toMatch(
      /^redirect_uri differs/,
    );
    // Nobody else learns that the code is good.
    for (const answer of [other.token(bare), services.native.token(bare)])
      expect(await described(answer)).toBe('the code is not valid');
    await okJson(web.redeem(code));
    expect(await described(web.redeem(code))).toMatch(/was used before/);
    expect(await described(web.redeem(code))).toBe('the code was used before');
    const late = await fresh();
    await stack.clock.move(61);
    expect(await described(web.redeem(late))).toBe('the code has expired');
    await stack.clock.reset();
    // Refusals are summed up once a minute.
    await described(other.token(bare));
    for (const reason of ['code_verifier_missing', 'code_verifier_wrong', 'redirect_uri_differs', 'code_expired'])
      await expect.poll(() => stack.hostOutput()).toContain(`"reason":"${reason}"`);
  });

  it('[TK16] a public client must say who it is', async () => {
    const { code, verifier } = await services.native.code(person());
    const fields = { grant_type: 'authorization_code', code, code_verifier: verifier };
    expect(await refusalOf(postForm(`${stack.issuer}/token`, fields))).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    expect((await services.native.redeem({ code, verifier })).status).toBe(200);
  });

  it('a code goes with its own verifier only, and not with its challenge', async () => {
    const code = await services.native.code(person());
    for (const verifier of [challengeOf(code.verifier), '', `${code.verifier} `, code.verifier.slice(1)])
      expect(await refusalOf(services.native.redeem({ ...code, verifier }))).toEqual(invalidGrant);
    expect((await services.native.redeem(code)).status).toBe(200);
  });
});

describe('every way in which a redemption can be wrong, and every combination of them', () => {
  const wrongs = ['client', 'expiry', 'use', 'verifier', 'redirect URI'] as const;
  const combinations = Array.from({ length: 31 }, (_, index) =>
    wrongs.filter((_wrong, bit) => ((index + 1) & (1 << bit)) !== 0),
  );

  /** Codes for all, fresh and spent ones, made before the clock moves. */
  it('[TK14] refuses all 31 combinations of wrong client, expiry, use, verifier and redirect URI', async () => {
    const bob = personAt(stack, 'bob');
    const redirectUri = services.web.registration.redirectUri ?? '';
    const make = async (combination: readonly string[]) => {
      const code = await services.web.code(bob);
      if (combination.includes('use')) await okJson(services.web.redeem(code, { redirect_uri: redirectUri }));
      return { combination, code };
    };
    const redeem = ({ combination, code }: Awaited<ReturnType<typeof make>>): Promise<Response> => {
      const service = combination.includes('client') ? other : services.web;
      const verifier = combination.includes('verifier') ? 'v'.repeat(43) : code.verifier;
      const uri = combination.includes('redirect URI') ? 'https://elsewhere.example/cb' : redirectUri;
      return service.redeem({ ...code, verifier }, { redirect_uri: uri });
    };
    const inTime = combinations.filter((combination) => !combination.includes('expiry'));
    const late = combinations.filter((combination) => combination.includes('expiry'));
    expect([inTime.length, late.length]).toEqual([15, 16]);
    // The control: with nothing wrong it works.
    expect((await redeem(await make([]))).status).toBe(200);
    for (const combination of inTime)
      expect([combination, await refusalOf(redeem(await make(combination)))]).toEqual([combination, invalidGrant]);
    const made = [];
    for (const combination of late) made.push(await make(combination));
    await stack.clock.move(61);
    for (const one of made)
      expect([one.combination, await refusalOf(redeem(one))]).toEqual([one.combination, invalidGrant]);
    await stack.clock.reset();
  });
});

describe('the strings that are given out', () => {
  it('[TK19] no two of 300 tokens share their jti, and each has 128 bits of it', async () => {
    const issue = async () => okJson<TokenSet>(services.nightly.token({ grant_type: 'client_credentials' }));
    const tokens: TokenSet[] = [];
    while (tokens.length < 300) tokens.push(...(await Promise.all(Array.from({ length: 20 }, issue))));
    const ids = tokens.map(({ access_token: token }) => {
      const { jti } = jwtPart(token, 'payload') as { jti: string };
      return jti;
    });
    expect(new Set(ids).size).toBe(300);
    for (const id of ids) expect(Buffer.from(id, 'base64url').length).toBeGreaterThanOrEqual(16);
  });

  it('[TK19] codes and refresh tokens carry 256 secret bits, unrelated to each other and to the access token', async () => {
    const bytesOf = (text: string) => Buffer.from(text.slice('assent_xx_'.length), 'base64url');
    const rounds = [];
    for (let round = 0; round < 8; round++) {
      const code = await services.web.code(person());
      rounds.push({ code: code.code, tokens: await okJson<TokenSet>(services.web.redeem(code)) });
    }
    const secrets = rounds.flatMap(({ code, tokens }) => [
      bytesOf(code).subarray(-32).toString('hex'),
      bytesOf(tokens.refresh_token).subarray(-32).toString('hex'),
      bytesOf(tokens.refresh_token).subarray(64, 88).toString('hex'),
    ]);
    expect(new Set(secrets).size).toBe(24);
    for (const secret of secrets) expect(new Set(secret.match(/../g)).size).toBeGreaterThan(12);
    for (const { tokens } of rounds) {
      const [, payload = '', signature = ''] = tokens.access_token.split('.');
      const bytes = `${Buffer.from(payload, 'base64url').toString('hex')}${Buffer.from(signature, 'base64url').toString('hex')}`;
      for (const secret of secrets) expect(bytes).not.toContain(secret);
    }
  });
});

describe('one kind of token in the place of another', () => {
  it('[TK20] is refused in every place, and changes nothing', async () => {
    const spent = await services.web.code(person());
    const tokens = await okJson<TokenSet>(services.web.redeem(spent));
    const fresh = await services.web.code(person());
    const requestUri = 'urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c';
    const idToken = `${btoa('{"alg":"RS256","typ":"JWT"}')}.${btoa('{"iss":"x"}')}.AAAA`.replaceAll('=', '');

    const asCode = [tokens.access_token, tokens.refresh_token, requestUri, idToken];
    for (const code of asCode)
      expect(await refusalOf(services.web.redeem({ code, verifier: fresh.verifier }))).toEqual(invalidGrant);
    const asRefreshToken = [tokens.access_token, fresh.code, spent.code, requestUri, idToken];
    for (const token of asRefreshToken) expect(await refusalOf(services.web.refresh(token))).toEqual(invalidGrant);
    // The prefix of one kind on the bytes of the other.
    const swapped = [
      fresh.code.replace('assent_ac_', 'assent_rt_'),
      tokens.refresh_token.replace('assent_rt_', 'assent_ac_'),
    ];
    for (const token of swapped) {
      expect(await refusalOf(services.web.refresh(token))).toEqual(invalidGrant);
      expect(await refusalOf(services.web.redeem({ code: token, verifier: fresh.verifier }))).toEqual(invalidGrant);
    }
    const asBearer = [fresh.code, spent.code, tokens.refresh_token, tokens.access_token, idToken, requestUri];
    for (const token of asBearer) {
      const answer = await fetch(`${stack.issuer}/api/admin/apps`, { headers: { authorization: `Bearer ${token}` } });
      expect(await refusalOf(answer)).toEqual({ status: 401, error: 'invalid_token' });
    }
    for (const token of [fresh.code, spent.code, idToken, requestUri])
      expect(await isActive(services.web, token)).toBe(false);

    expect(await isActive(services.web, tokens.access_token)).toBe(true);
    expect((await services.web.redeem(fresh)).status).toBe(200);
    expect((await services.web.refresh(tokens.refresh_token)).status).toBe(200);
  });
});

describe('what happens between approval and redemption', () => {
  it('[TK22] a person whose authorizations were voided meanwhile gives nothing any more', async () => {
    // Not in the second in which another try voided hers.
    await stack.clock.move(2);
    const olga = personAt(stack, 'olga');
    const code = await services.web.code(olga);
    const held = await services.web.tokens(olga);
    const { users } = await import('../../../local/provider/users.ts');
    const subject = users.find(({ login }) => login === 'olga')?.objectId;
    // Whatever was issued in the second of the order is void, too.
    const answer = await administer(stack.issuer, { method: 'POST', path: 'not-before', body: { subject } });
    expect(answer.status).toBe(200);
    expect(await refusalOf(services.web.redeem(code))).toEqual(invalidGrant);
    expect(await refusalOf(services.web.refresh(held.refresh_token))).toEqual(invalidGrant);
    expect(await isActive(services.web, held.access_token)).toBe(false);
    // Other people's are as good as before.
    expect((await services.web.redeem(await services.web.code(person()))).status).toBe(200);
  });

  it('[TK23] a client deleted meanwhile gets nothing', async () => {
    const doomed = await register(stack.issuer);
    const code = await doomed.code(person());
    const path = `apps/${doomed.registration.clientId}`;
    expect((await administer(stack.issuer, { method: 'DELETE', path })).status).toBe(204);
    expect(await refusalOf(doomed.redeem(code))).toEqual({ status: 401, error: 'invalid_client' });
  });

  it('[TK23] a code of a redirect URI that was removed meanwhile is void', async () => {
    const moving = await register(stack.issuer);
    const code = await moving.code(person());
    const body = {
      client_name: 'Fabrikam Reports',
      redirect_uris: ['https://new.fabrikam.example/callback'],
      scope: 'vso.work vso.code',
    };
    const path = `apps/${moving.registration.clientId}`;
    expect((await administer(stack.issuer, { method: 'PUT', path, body })).status).toBe(200);
    expect(await refusalOf(moving.redeem(code))).toEqual(invalidGrant);
  });
});
