/** FAPI 2.0 Security Profile (Final), as a client under it lives: pushed, bound, proven by keys, and nothing less. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, jwtPart } from '../../support/answer.ts';
import { assertionBy, assertionFields, type KeyPair, newKeyPair, signed } from '../../support/assertions.ts';
import { type DpopKey, newDpopKey, proofBy } from '../../support/dpop.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { administer, newPkce, okJson, postForm, refusalOf, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let key: KeyPair;
let dpop: DpopKey;
let clientId: string;
const redirectUri = 'https://bank.example/callback';

const metadataWith = (change: Readonly<Record<string, unknown>> = {}) => ({
  client_name: 'Bank of Fabrikam',
  redirect_uris: [redirectUri],
  scope: 'vso.work vso.code',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key.jwk] },
  assent_profile: 'fapi2',
  ...change,
});

const registering = (change: Readonly<Record<string, unknown>> = {}) =>
  administer(stack.issuer, { method: 'POST', path: 'apps', body: metadataWith(change) });

beforeAll(async () => {
  stack = await startStack({ settings: { CODE_SECONDS: '300' } });
  alice = personAt(stack);
  key = await newKeyPair('PS256');
  dpop = await newDpopKey();
  const registered = (await (await registering()).json()) as { client_id: string };
  clientId = registered.client_id;
});

afterAll(() => stack.stop());

const { verifier, challenge } = newPkce();

const assertion = (by = key, id = clientId) => assertionBy(by, { clientId: id, issuer: stack.issuer });

const post = async (path: string, fields: Readonly<Record<string, string>>, by = dpop, assertedBy = key) =>
  postForm(`${stack.issuer}/${path}`, assertionFields(await assertion(assertedBy), fields), {
    dpop: await proofBy(by, { url: `${stack.issuer}/${path}` }),
  });

const request = {
  response_type: 'code',
  redirect_uri: redirectUri,
  scope: 'openid vso.work',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

const pushedCode = async (): Promise<string> => {
  const answer = await post('par', request);
  const { request_uri: requestUri } = (await answer.json()) as { request_uri: string };
  const address = `${stack.issuer}/authorize?${new URLSearchParams({ client_id: clientId, request_uri: requestUri })}`;
  const url = await alice.authorize(address);
  expect(url.searchParams.get('iss')).toBe(stack.issuer);
  return url.searchParams.get('code') ?? '';
};

const redeem = async (code: string, by = dpop) =>
  post('token', { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }, by);

describe('a client under FAPI 2.0', () => {
  it('gets bound tokens for what it pushed, signed as the profile wants', async () => {
    const tokens = await okJson<TokenSet & { id_token: string }>(redeem(await pushedCode()));
    expect(tokens.token_type).toBe('DPoP');
    expect(jwtPart(tokens.access_token, 'payload').cnf).toEqual({ jkt: dpop.jkt });
    for (const token of [tokens.access_token, tokens.id_token]) expect(jwtPart(token, 'header').alg).toBe('PS256');
  });

  it('[RM04] is answered with a signature of the profile where it takes no other answer (Message Signing §5.4)', async () => {
    const registered = (await (await registering({ response_modes: ['jwt'] })).json()) as { client_id: string };
    const id = registered.client_id;
    const url = `${stack.issuer}/par`;
    const fields = assertionFields(await assertion(key, id), { ...request, prompt: 'consent' });
    const pushed = await postForm(url, fields, { dpop: await proofBy(dpop, { url }) });
    const { request_uri: requestUri } = (await pushed.json()) as { request_uri: string };
    const address = `${stack.issuer}/authorize?${new URLSearchParams({ client_id: id, request_uri: requestUri })}`;
    const answer = (await alice.authorize(address)).searchParams;
    expect([...answer.keys()]).toEqual(['response']);
    const response = answer.get('response') ?? '';
    expect(jwtPart(response, 'header').alg).toBe('PS256');
    expect(jwtPart(response, 'payload')).toMatchObject({ iss: stack.issuer, aud: id, code: expect.any(String) });
  });

  it('has its refresh tokens for good: they do not rotate, however often an answer is lost', async () => {
    const { refresh_token: token } = await okJson<TokenSet>(redeem(await pushedCode()));
    const refresh = { grant_type: 'refresh_token', refresh_token: token };
    for (let times = 0; times < 4; times++)
      expect(await okJson<TokenSet>(post('token', refresh))).toMatchObject({
        refresh_token: token,
        token_type: 'DPoP',
      });
    const parallel = await Promise.all(Array.from({ length: 10 }, () => post('token', refresh)));
    expect(new Set(parallel.map(({ status }) => status))).toEqual(new Set([200]));
    await okJson(post('revoke', { token }));
    expect(await refusalOf(post('token', refresh))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('has nothing left of rotating when it comes under the profile later', async () => {
    const created = await registering({ assent_profile: undefined, dpop_bound_access_tokens: true });
    const { client_id: id } = (await created.json()) as { client_id: string };
    const ask = async (path: string, fields: Readonly<Record<string, string>>) =>
      postForm(`${stack.issuer}/${path}`, assertionFields(await assertion(key, id), fields), {
        dpop: await proofBy(dpop, { url: `${stack.issuer}/${path}` }),
      });
    const { request_uri: requestUri } = (await (await ask('par', request)).json()) as { request_uri: string };
    const url = await alice.authorize(
      `${stack.issuer}/authorize?${new URLSearchParams({ client_id: id, request_uri: requestUri })}`,
    );
    const code = url.searchParams.get('code') ?? '';
    const first = await okJson<TokenSet>(
      ask('token', { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }),
    );
    const refresh = (token: string | undefined) =>
      ask('token', { grant_type: 'refresh_token', refresh_token: token ?? '' });
    const second = await okJson<TokenSet>(refresh(first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const body = metadataWith();
    expect((await administer(stack.issuer, { method: 'PUT', path: `apps/${id}`, body })).status).toBe(200);
    expect((await okJson<TokenSet>(refresh(second.refresh_token))).refresh_token).toBe(second.refresh_token);
    expect(await refusalOf(refresh(first.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('[AZ16] has codes of a minute, although others here have five', async () => {
    const code = await pushedCode();
    await stack.clock.move(61);
    try {
      const late = await postForm(
        `${stack.issuer}/token`,
        assertionFields(
          await assertionBy(
            key,
            { clientId, issuer: stack.issuer },
            { claims: { exp: Math.floor(Date.now() / 1000) + 60 } },
          ),
          { grant_type: 'authorization_code', code, code_verifier: verifier },
        ),
        { dpop: await proofBy(dpop, { url: `${stack.issuer}/token` }) },
      );
      expect(await refusalOf(late)).toEqual({ status: 400, error: 'invalid_grant' });
    } finally {
      await stack.clock.reset();
    }
  });

  it('[PR02] is refused a request that was not pushed', async () => {
    const plain = `${stack.issuer}/authorize?${new URLSearchParams({ client_id: clientId, ...request })}`;
    expect((await alice.authorize(plain)).searchParams.get('error')).toBe('invalid_request');
  });

  it('[PR05] is refused a push without redirect_uri, without PKCE, or without DPoP at the token', async () => {
    const { redirect_uri: _, ...noRedirect } = request;
    expect(await refusalOf(post('par', noRedirect))).toEqual({ status: 400, error: 'invalid_request' });
    const { code_challenge: __, code_challenge_method: ___, ...noPkce } = { ...request, nonce: 'n' };
    expect(await refusalOf(post('par', noPkce))).toEqual({ status: 400, error: 'invalid_request' });
    const unbound = postForm(
      `${stack.issuer}/token`,
      assertionFields(await assertion(), {
        grant_type: 'authorization_code',
        code: await pushedCode(),
        code_verifier: verifier,
      }),
    );
    expect(await refusalOf(unbound)).toEqual({ status: 400, error: 'invalid_dpop_proof' });
  });

  it('[CA10] is refused RS256: in assertions, proofs and request objects', async () => {
    const rsa = await newKeyPair('RS256');
    const both = { jwks: { keys: [key.jwk, rsa.jwk] } };
    const { client_id: id } = (await (await registering(both)).json()) as { client_id: string };
    const asserted = await assertionBy(rsa, { clientId: id, issuer: stack.issuer });
    expect(await refusalOf(postForm(`${stack.issuer}/par`, assertionFields(asserted, request)))).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    const weak = await newDpopKey('RS256');
    expect(await refusalOf(post('token', { grant_type: 'refresh_token', refresh_token: 'x' }, weak))).toEqual({
      status: 400,
      error: 'invalid_dpop_proof',
    });
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: id, aud: stack.issuer, nbf: now, exp: now + 60, client_id: id, ...request };
    const object = await signed(rsa, { claims });
    const good = await assertionBy(key, { clientId: id, issuer: stack.issuer });
    expect(await refusalOf(postForm(`${stack.issuer}/par`, assertionFields(good, { request: object })))).toEqual({
      status: 400,
      error: 'invalid_request_object',
    });
  });

  it('[JR05] must say in a request object from when it is good (FAPI 2.0 Message Signing §5.3.1)', async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: clientId, aud: stack.issuer, exp: now + 60, client_id: clientId, ...request };
    const without = await signed(key, { claims });
    expect(await refusalOf(post('par', { request: without }))).toEqual({
      status: 400,
      error: 'invalid_request_object',
    });
    const withIt = await signed(key, { claims: { ...claims, nbf: now } });
    expect((await post('par', { request: withIt })).status).toBe(201);
  });

  it('cannot be registered for less, and what the profile decides is shown', async () => {
    const shown = await answerOf(administer(stack.issuer, { method: 'GET', path: `apps/${clientId}` }));
    expect(shown.body).toMatchObject({
      assent_profile: 'fapi2',
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
    });
    for (const change of [
      { token_endpoint_auth_method: 'client_secret_basic' },
      { token_endpoint_auth_method: 'none' },
      { redirect_uris: ['http://localhost/cb'] },
      { redirect_uris: ['com.example.app:/cb'] },
      { token_endpoint_auth_signing_alg: 'RS256' },
      { id_token_signed_response_alg: 'RS256' },
      { userinfo_signed_response_alg: 'RS256' },
      { authorization_signed_response_alg: 'RS256' },
      { introspection_signed_response_alg: 'RS256' },
    ])
      expect(await refusalOf(registering(change))).toEqual({ status: 400, error: 'invalid_client_metadata' });
  });
});
