/** RFC 6749 §3.1, §3.2: a parameter without a value is an omitted one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, redirectOf } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { type Code, demoServices, okJson, postForm, refusalOf, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let web: Service;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
  web = await register(stack.issuer);
  await web.tokens(alice);
});

afterAll(() => stack.stop());

const codeOf = (): Promise<Code> => web.code(alice);

describe('empty parameters at /authorize', () => {
  it.each([
    'max_age',
    'response_mode',
    'request',
    'request_uri',
    'resource',
    'redirect_uri',
    'state',
    'prompt',
    'nonce',
    'login_hint',
    'scope',
    'unknown',
  ])('[TK08] %s= is as good as left out', async (name) => {
    const person = name === 'scope' ? await signedInAt(stack, 'bob') : alice;
    const { url, verifier } = web.authorization({ [name]: '' });
    const answer = name === 'scope' ? await person.authorize(url) : await redirectOf(url, person);
    expect(answer.searchParams.get('error')).toBeNull();
    expect(answer.origin + answer.pathname).toBe('https://reports.fabrikam.example/callback');
    const code = answer.searchParams.get('code') ?? '';
    expect((await web.redeem({ code, verifier })).status).toBe(200);
  });

  it('[TK08] without a value, state does not come back', async () => {
    const { searchParams } = await redirectOf(web.authorization({ state: '' }).url, alice);
    expect([...searchParams.keys()].sort()).toEqual(['code', 'iss']);
    const refused = await redirectOf(web.authorization({ state: '', response_type: 'token' }).url, alice);
    expect(refused.searchParams.get('error')).toBe('unsupported_response_type');
    expect(refused.searchParams.has('state')).toBe(false);
  });

  it('redirect_uri= names none of several', async () => {
    const service = await register(stack.issuer, {
      redirect_uris: ['https://a.fabrikam.example/callback', 'https://b.fabrikam.example/callback'],
    });
    const response = await alice.send(service.authorization({ redirect_uri: '' }).url);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it.each([
    ['response_type', 'invalid_request'],
    ['code_challenge', 'invalid_request'],
  ])('%s= is as bad as left out', async (name, error) => {
    const answer = await redirectOf(web.authorization({ [name]: '' }).url, alice);
    expect([answer.searchParams.get('error'), answer.searchParams.has('code')]).toEqual([error, false]);
  });

  it.each([['state=&state=1'], ['max_age=&max_age='], ['prompt=&prompt=none'], ['unknown=&unknown=1']])(
    '[AZ07] %s is still sent twice',
    async (twice) => {
      const url = `${web.authorization({ state: undefined }).url}&${twice}`;
      const answer = await redirectOf(url, alice);
      expect([answer.searchParams.get('error'), answer.searchParams.has('code')]).toEqual(['invalid_request', false]);
    },
  );

  it.each(['client_id=', 'redirect_uri='])('%s beside one with a value is still sent twice: a page', async (empty) => {
    const response = await alice.send(`${web.authorization().url}&${empty}`);
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });

  it('resource= beside one with a value is that one', async () => {
    const { url } = web.authorization({ resource: 'https://api.assent.localhost' });
    expect((await redirectOf(`${url}&resource=`, alice)).searchParams.get('code')).toMatch(/^assent_ac_/);
  });
});

describe('empty parameters at /token', () => {
  it.each(['redirect_uri', 'resource', 'scope', 'client_id', 'unknown'])(
    '[TK08] %s= with a code is as good as left out',
    async (name) => {
      expect(await okJson(web.redeem(await codeOf(), { [name]: '' }))).toMatchObject({ scope: 'vso.code vso.work' });
    },
  );

  it.each(['resource', 'scope', 'client_id'])(
    '[TK08] %s= with a refresh token is as good as left out',
    async (name) => {
      const { refresh_token: token } = await web.tokens(alice);
      expect(await okJson(web.refresh(token, { [name]: '' }))).toMatchObject({ scope: 'vso.code vso.work' });
    },
  );

  it.each(['resource', 'scope'])('[TK08] %s= with client_credentials is as good as left out', async (name) => {
    const { nightly } = demoServices(stack.issuer);
    expect(await okJson(nightly.token({ grant_type: 'client_credentials', [name]: '' }))).toMatchObject({
      scope: 'vso.build vso.work',
    });
  });

  it.each(['redirect_uri', 'scope', 'code', 'unknown'])(
    '[TK07] an empty %s and one with a value are still two',
    async (name) => {
      const { code, verifier } = await codeOf();
      const fields = { grant_type: 'authorization_code', code, code_verifier: verifier };
      const twice = [
        ...Object.entries({ ...fields, [name]: '' }),
        [name, name === 'code' ? code : 'vso.work'] as const,
      ];
      expect(await refusalOf(web.token(twice))).toEqual({ status: 400, error: 'invalid_request' });
      expect((await web.redeem({ code, verifier })).status).toBe(200);
    },
  );

  it.each(['grant_type', 'code'])('%s= is as bad as left out', async (name) => {
    expect(await refusalOf(web.redeem(await codeOf(), { [name]: '' }))).toEqual({
      status: 400,
      error: 'invalid_request',
    });
  });

  it('code_verifier= is refused, and the code stays good', async () => {
    const { code, verifier } = await codeOf();
    expect(await refusalOf(web.redeem({ code, verifier: '' }))).toEqual({ status: 400, error: 'invalid_grant' });
    expect((await web.redeem({ code, verifier })).status).toBe(200);
  });

  it.each([
    ['demo-web', 401, 'invalid_client'],
    ['demo-native', 400, 'invalid_grant'],
  ])('client_secret= of %s is as good as left out', async (clientId, status, error) => {
    const fields = { grant_type: 'authorization_code', code: 'x', client_id: clientId, client_secret: '' };
    const answer = await answerOf(postForm(`${stack.issuer}/token`, fields));
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });
});
