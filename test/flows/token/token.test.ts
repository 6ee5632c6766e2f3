import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../../support/answer.ts';
import { type Login, personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { sendRaw } from '../../support/raw.ts';
import { demoServices, okJson, postForm, refusalOf, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
});

afterAll(() => stack.stop());

const person = (login: Login = 'alice'): Person => personAt(stack, login);

describe('the token endpoint (OAuth 2.1 §3.2)', () => {
  for (const method of ['GET', 'PUT', 'HEAD', 'PATCH', 'DELETE']) {
    it(`[TK01] answers ${method} with 405 and Allow: POST, and reads nothing from the query`, async () => {
      const { code, verifier } = await services.native.code(person());
      const query = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'demo-native',
        code,
        code_verifier: verifier,
      });
      const answer = await sendRaw(stack.issuer, `/token?${query}`, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('POST');
      expect(answer.text).not.toContain('access_token');
      // The code in the query was not spent.
      expect((await services.native.redeem({ code, verifier })).status).toBe(200);
    });
  }

  it('[TK01] takes no parameter of a POST from the query', async () => {
    const query = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'demo-native' });
    const answer = await postForm(`${stack.issuer}/token?${query}`, {});
    expect(await refusalOf(answer)).toEqual({ status: 401, error: 'invalid_client' });
  });

  const mediaTypes: readonly [string | undefined, number][] = [
    ['application/json', 415],
    ['multipart/form-data; boundary=x', 415],
    ['text/plain', 415],
    [undefined, 415],
    ['', 415],
    ['application', 415],
    [';;;', 415],
    ['application/x-www-form-urlencoded/x', 415],
    ['application/x-www-form-urlencoded, text/plain', 415],
    ['application/x-www-form-urlencoded', 200],
    ['application/x-www-form-urlencoded; charset=UTF-8', 200],
    ['Application/X-WWW-Form-Urlencoded;charset="utf-8"', 200],
    // RFC 6749 appendix B: always UTF-8, and the type has no such parameter.
    ['application/x-www-form-urlencoded; charset=ISO-8859-1', 200],
    ['application/x-www-form-urlencoded; charset=us-ascii', 200],
    ['application/x-www-form-urlencoded; charset=utf8', 200],
  ];
  for (const [mediaType, status] of mediaTypes) {
    it(`[TK02] answers a body of type ${mediaType ?? 'unknown'} with ${status}`, async () => {
      const answer = await sendRaw(stack.issuer, '/token', {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa('demo-service:demo-service-secret')}`,
          ...(mediaType === undefined ? {} : { 'content-type': mediaType }),
        },
        body: 'grant_type=client_credentials',
      });
      expect(answer.status).toBe(status);
      const { error } = JSON.parse(answer.text) as { error?: string };
      expect(error).toBe(status === 200 ? undefined : 'invalid_request');
    });
  }

  it('[TK04][TK05] answers with a token, its type, its lifetime and its scope, and lets nobody store them', async () => {
    const answer = await services.web.redeem(await services.web.code(person()));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('pragma')).toBe('no-cache');
    expect(await answer.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'vso.code vso.work',
      refresh_token: expect.stringMatching(/^assent_rt_[\w-]+$/),
    });
  });

  it('[TK04] says which scope was granted when the person allowed less than was asked', async () => {
    const { url, verifier } = services.native.authorization();
    const answer = await person('bob').authorize(url, { decision: 'approve', permissions: ['vso.work'] });
    const code = answer.searchParams.get('code') ?? '';
    const tokens = await okJson<TokenSet>(services.native.redeem({ code, verifier }));
    expect(tokens.scope).toBe('vso.work');
  });

  const refusals: readonly [string, number, string, () => Promise<Response>][] = [
    ['no grant type', 400, 'invalid_request', () => services.web.token({})],
    ['an empty grant type', 400, 'invalid_request', () => services.web.token({ grant_type: '' })],
    ['the implicit grant', 400, 'unsupported_grant_type', () => services.web.token({ grant_type: 'implicit' })],
    [
      'the password grant',
      400,
      'unsupported_grant_type',
      () => services.web.token({ grant_type: 'password', username: 'alice', password: 'any' }),
    ],
    [
      'a grant type in capitals',
      400,
      'unsupported_grant_type',
      () => services.web.token({ grant_type: 'REFRESH_TOKEN' }),
    ],
    [
      'a code grant without code',
      400,
      'invalid_request',
      () => services.web.token({ grant_type: 'authorization_code' }),
    ],
    ['a garbage code', 400, 'invalid_grant', () => services.web.redeem({ code: 'x', verifier: 'y' })],
    ['a refresh without token', 400, 'invalid_request', () => services.web.token({ grant_type: 'refresh_token' })],
    ['a garbage refresh token', 400, 'invalid_grant', () => services.web.refresh('x')],
    ['an unknown client', 401, 'invalid_client', () => postForm(`${stack.issuer}/token`, { client_id: 'nobody' })],
    [
      'a device code of a client that may not use any',
      400,
      'unauthorized_client',
      () => services.web.token({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'x' }),
    ],
    [
      'a token exchange of a client without a policy for it',
      400,
      'unauthorized_client',
      () => services.web.token({ grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: 'x' }),
    ],
  ];
  for (const [what, status, error, send] of refusals) {
    it(`[TK05][TK25] refuses ${what} with ${error}, in JSON that nobody stores`, async () => {
      const answer = await send();
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('pragma')).toBe('no-cache');
      const text = await answer.clone().text();
      expect(await refusalOf(answer)).toEqual({ status, error });
      expect(text).toMatch(
        /^\{"error":"[\x20-\x21\x23-\x5b\x5d-\x7e]+","error_description":"[\x20-\x21\x23-\x5b\x5d-\x7e]+"\}$/,
      );
    });
  }

  for (const path of ['/token/', '/token/x', '/token/../token/x', '/introspect/x', '/revoke/x', '/api/admin/x']) {
    it(`[TK25] answers POST ${path} with 404 in JSON, and not a word about the machinery`, async () => {
      const answer = await sendRaw(stack.issuer, path, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'x',
      });
      if (path === '/token/') expect([404, 415]).toContain(answer.status);
      else expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toMatchObject({ error: expect.any(String) });
      const everything = `${answer.text}${JSON.stringify(answer.headers)}`;
      expect(everything).not.toMatch(/x-ms-|devstoreaccount|\/work\/|node_modules|\.cjs|at \w+ \(|azurite|RestError/i);
    });
  }

  const everyParameter: Readonly<Record<string, string>> = {
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: 'https://reports.fabrikam.example/callback',
    code_verifier: 'y',
    client_id: 'demo-native',
    client_secret: 'z',
    refresh_token: 'r',
    scope: 'vso.work',
    client_assertion: 'a',
    client_assertion_type: 'b',
    username: 'u',
    password: 'p',
    foo: 'bar',
  };
  for (const [name, value] of Object.entries(everyParameter)) {
    for (const second of [value, `${value}2`, '']) {
      it(`[TK07] refuses ${name} sent twice, the second time as "${second}"`, async () => {
        const fields: [string, string][] = [
          ['grant_type', 'refresh_token'],
          ['client_id', 'demo-native'],
          ['refresh_token', 'r'],
        ];
        const others = fields.filter(([one]) => one !== name);
        const answer = await postForm(`${stack.issuer}/token`, [...others, [name, value], [name, second]]);
        expect(await refusalOf(answer)).toEqual({ status: 400, error: 'invalid_request' });
      });
    }
  }

  it('[TK07] refuses a client_id in the body that differs from the one that authenticates', async () => {
    const answer = await services.web.token({
      grant_type: 'refresh_token',
      refresh_token: 'r',
      client_id: 'demo-native',
    });
    expect(await refusalOf(answer)).toEqual({ status: 400, error: 'invalid_request' });
  });

  it('[TK07] takes a client_id in the body that is the one that authenticates', async () => {
    const answer = await services.nightly.token({ grant_type: 'client_credentials', client_id: 'demo-service' });
    expect(answer.status).toBe(200);
  });

  it('[TK08] ignores a parameter that it does not know, and takes an empty scope for none', async () => {
    const answer = await services.nightly.token({ grant_type: 'client_credentials', foo: 'bar', scope: '', 'a.b': '' });
    expect(await okJson(answer)).toMatchObject({ scope: 'vso.build vso.work', expires_in: 600 });
  });
});

describe('client credentials (OAuth 2.1 §4.2)', () => {
  it('[TK17] are not for a public client', async () => {
    const answer = await services.native.token({ grant_type: 'client_credentials' });
    expect(await refusalOf(answer)).toEqual({ status: 400, error: 'unauthorized_client' });
  });

  it('[TK17] are not for a client that was not registered for them', async () => {
    const answer = await services.web.token({ grant_type: 'client_credentials' });
    expect(await refusalOf(answer)).toEqual({ status: 400, error: 'unauthorized_client' });
  });

  it('[TK17] give no refresh token, and name the client as the subject', async () => {
    const tokens = await okJson<TokenSet>(services.nightly.token({ grant_type: 'client_credentials' }));
    expect(Object.keys(tokens).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
    const claims = jwtPart(tokens.access_token, 'payload');
    expect(claims).toMatchObject({ sub: 'demo-service', client_id: 'demo-service' });
    expect(claims).not.toHaveProperty('sid');
  });

  it('give the scopes of Assent itself to operators only', async () => {
    const answer = await services.nightly.token({ grant_type: 'client_credentials', scope: 'assent.admin' });
    expect(await refusalOf(answer)).toEqual({ status: 400, error: 'invalid_scope' });
  });
});
