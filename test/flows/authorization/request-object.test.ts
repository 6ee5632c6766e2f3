/** Signed authorization requests (RFC 9101), by value. */
import { CompactSign } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertionBy, assertionFields, type KeyPair, newKeyPair, signed } from '../../support/assertions.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { newPkce, okJson, postForm, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let key: KeyPair;
let service: Service;
let clientId: string;
const redirectUri = 'https://reports.fabrikam.example/callback';

beforeAll(async () => {
  stack = await startStack();
  alice = personAt(stack);
  key = await newKeyPair('PS256');
  service = await register(stack.issuer, { jwks: { keys: [key.jwk] } });
  clientId = service.registration.clientId;
});

afterAll(() => stack.stop());

type Change = Parameters<typeof signed>[1];

const { verifier, challenge } = newPkce();

const objectBy = (by: KeyPair, change: Change = {}, id = clientId): Promise<string> => {
  const now = Math.floor(Date.now() / 1000);
  const right = {
    iss: id,
    aud: stack.issuer,
    nbf: now,
    exp: now + 300,
    client_id: id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'vso.work',
    state: 'signed-state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  return signed(by, { header: { typ: 'oauth-authz-req+jwt' }, ...change, claims: { ...right, ...change.claims } });
};

const addressOf = (request: string, more: Readonly<Record<string, string>> = {}) =>
  `${stack.issuer}/authorize?${new URLSearchParams({ client_id: clientId, request, ...more })}`;

describe('a request object at the authorization endpoint (RFC 9101 §5)', () => {
  it('leads to a code for what was signed, through sign-in and approval', async () => {
    const bob = personAt(stack, 'bob');
    const answer = await bob.authorize(addressOf(await objectBy(key)));
    expect(answer.searchParams.get('state')).toBe('signed-state');
    const code = { code: answer.searchParams.get('code') ?? '', verifier };
    expect(await okJson<TokenSet>(service.redeem(code))).toMatchObject({ scope: 'vso.work' });
  });

  it('[JR02] takes nothing from outside of it', async () => {
    const more = { state: 'added', scope: 'vso.code', redirect_uri: 'https://evil.example/', response_type: 'token' };
    const answer = await alice.authorize(addressOf(await objectBy(key), more));
    expect([answer.origin, answer.searchParams.get('state')]).toEqual([
      'https://reports.fabrikam.example',
      'signed-state',
    ]);
  });

  it.each(['\u{d800}', 'two\r\nlines', '\0'])('says nothing that no address could say: %j', async (state) => {
    const object = await objectBy(key, { claims: { state } });
    const browser = await alice.send(addressOf(object));
    expect([browser.status, browser.headers.get('location')]).toEqual([400, null]);
  });

  it('is not nested without end', async () => {
    const now = Math.floor(Date.now() / 1000);
    const right = JSON.stringify({ iss: clientId, aud: stack.issuer, nbf: now, exp: now + 300 }).slice(0, -1);
    const payload = `${right},"claims":${'['.repeat(5_700)}${']'.repeat(5_700)}}`;
    const object = await new CompactSign(Buffer.from(payload))
      .setProtectedHeader({ alg: key.alg })
      .sign(key.privateKey);
    const posted = await postForm(`${stack.issuer}/authorize`, { client_id: clientId, request: object });
    expect(posted.status).toBe(400);
  });

  it('comes by POST as well', async () => {
    const body = new URLSearchParams({ client_id: clientId, request: await objectBy(key) });
    const response = await alice.send(`${stack.issuer}/authorize`, { method: 'POST', body });
    expect(response.headers.get('location')).toMatch(/^\/authorize\?client_id=[^&]+&request_uri=urn/);
  });

  it('answers what is wrong with its content at its redirect URI', async () => {
    const answer = await alice.authorize(addressOf(await objectBy(key, { claims: { scope: 'vso.nothing' } })));
    expect(answer.searchParams.get('error')).toBe('invalid_scope');
  });

  it('shows a page for a redirect URI that is not the client’s, signed or not', async () => {
    const request = await objectBy(key, { claims: { redirect_uri: 'https://evil.example/' } });
    const arrival = await alice.visit(addressOf(request));
    expect(arrival.kind === 'page' && arrival.status).toBe(400);
  });

  const now = Math.floor(Date.now() / 1000);
  const refused: readonly (readonly [string, string, () => Promise<string>])[] = [
    ['[JR01]', 'another key', async () => objectBy(await newKeyPair('PS256'))],
    [
      '[JR01]',
      'no signature',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await objectBy(key)).split('.')[1]}.`,
    ],
    ['[JR01]', 'a signature that was cut', async () => (await objectBy(key)).slice(0, -4)],
    ['[JR02]', 'another client inside', () => objectBy(key, { claims: { client_id: 'demo-web' } })],
    ['[JR02]', 'another issuer', () => objectBy(key, { claims: { iss: 'demo-web' } })],
    ['[JR04]', 'a request inside', () => objectBy(key, { claims: { request: 'x' } })],
    ['[JR04]', 'a request_uri inside', () => objectBy(key, { claims: { request_uri: 'https://x.example' } })],
    ['[JR05]', 'no exp', () => objectBy(key, { claims: { exp: undefined } })],
    ['[JR05]', 'an exp that is over', () => objectBy(key, { claims: { exp: now - 100 } })],
    ['[JR05]', 'an exp of tomorrow', () => objectBy(key, { claims: { exp: now + 86_400 } })],
    ['[JR05]', 'an nbf of two hours ago', () => objectBy(key, { claims: { nbf: now - 7_200 } })],
    ['[JR05]', 'an nbf of later', () => objectBy(key, { claims: { nbf: now + 300 } })],
    ['[JR05]', 'another audience', () => objectBy(key, { claims: { aud: 'https://evil.example' } })],
    ['[JR05]', 'no audience', () => objectBy(key, { claims: { aud: undefined } })],
    ['[JR08]', 'an access token’s type', () => objectBy(key, { header: { typ: 'at+jwt' } })],
    ['[JR08]', 'an assertion’s type', () => objectBy(key, { header: { typ: 'client-authentication+jwt' } })],
    ['[JR10]', 'garbage', async () => 'x'],
    ['[JR10]', 'a header that is null', async () => `${Buffer.from('null').toString('base64url')}.e30.x`],
    [
      '[JR10]',
      'a payload that is a list',
      async () =>
        `${Buffer.from('{"alg":"PS256"}').toString('base64url')}.${Buffer.from('[1]').toString('base64url')}.x`,
    ],
  ];
  it.each(refused)('%s is a page with %s, and at /par invalid_request_object', async (_id, _what, make) => {
    const request = await make();
    await expectErrorPage(await alice.send(addressOf(request)));
    const { secret = '' } = service.registration;
    const pushed = postForm(`${stack.issuer}/par`, { client_id: clientId, client_secret: secret, request });
    expect(await refusalOf(pushed)).toEqual({ status: 400, error: 'invalid_request_object' });
  });

  it('[JR05] takes clocks that are a little ahead, and the issuer among others', async () => {
    const soon = Math.floor(Date.now() / 1000) + 8;
    const request = await objectBy(key, { claims: { nbf: soon, aud: ['https://other.example', stack.issuer] } });
    expect((await alice.authorize(addressOf(request))).searchParams.get('code')).toBeTruthy();
  });

  it('[JR04] is a page beside a request_uri (RFC 9101 §5)', async () => {
    const more = { request_uri: 'urn:ietf:params:oauth:request_uri:x' };
    await expectErrorPage(await alice.send(addressOf(await objectBy(key), more)));
  });

  it('of a client that is not known, or is not named, is a page', async () => {
    const request = await objectBy(key);
    await expectErrorPage(
      await alice.send(`${stack.issuer}/authorize?${new URLSearchParams({ client_id: 'nobody', request })}`),
    );
    await expectErrorPage(await alice.send(`${stack.issuer}/authorize?${new URLSearchParams({ request })}`));
  });
});

describe('a client that must sign its requests (RFC 9101 §10.5)', () => {
  it('is refused plain ones at its redirect URI and at /par, and may push signed ones', async () => {
    const strict = await register(stack.issuer, { jwks: { keys: [key.jwk] }, require_signed_request_object: true });
    const { clientId: id, secret = '' } = strict.registration;
    const plain = strict.authorization();
    expect((await alice.authorize(plain.url)).searchParams.get('error')).toBe('invalid_request');
    const fields = [...new URL(plain.url).searchParams] as [string, string][];
    const push = (pairs: readonly [string, string][]) =>
      postForm(`${stack.issuer}/par`, [...pairs, ['client_id', id], ['client_secret', secret]]);
    const named = fields.filter(([name]) => name !== 'client_id');
    expect(await refusalOf(push(named))).toEqual({ status: 400, error: 'invalid_request' });
    const accepted = await push([['request', await objectBy(key, {}, id)]]);
    expect(accepted.status).toBe(201);
    const { request_uri: requestUri } = (await accepted.json()) as { request_uri: string };
    const address = `${stack.issuer}/authorize?${new URLSearchParams({ client_id: id, request_uri: requestUri })}`;
    expect((await alice.authorize(address)).searchParams.get('code')).toBeTruthy();
  });

  it('that must push too is refused a signed request that a browser brings', async () => {
    const strict = await register(stack.issuer, {
      jwks: { keys: [key.jwk] },
      require_signed_request_object: true,
      require_pushed_authorization_requests: true,
    });
    const { clientId: id } = strict.registration;
    const request = await objectBy(key, {}, id);
    const address = `${stack.issuer}/authorize?${new URLSearchParams({ client_id: id, request })}`;
    expect((await alice.authorize(address)).searchParams.get('error')).toBe('invalid_request');
  });

  it('takes the one algorithm that it is registered for', async () => {
    const strict = await register(stack.issuer, { jwks: { keys: [key.jwk] }, request_object_signing_alg: 'ES256' });
    const { clientId: id } = strict.registration;
    const request = await objectBy(key, {}, id);
    await expectErrorPage(
      await alice.send(`${stack.issuer}/authorize?${new URLSearchParams({ client_id: id, request })}`),
    );
  });
});

describe('a client with an assertion', () => {
  it('pushes a request object with it', async () => {
    const keyed = await register(stack.issuer, {
      jwks: { keys: [key.jwk] },
      token_endpoint_auth_method: 'private_key_jwt',
    });
    const { clientId: id } = keyed.registration;
    const assertion = await assertionBy(key, { clientId: id, issuer: stack.issuer });
    const request = await objectBy(key, {}, id);
    expect((await postForm(`${stack.issuer}/par`, assertionFields(assertion, { request }))).status).toBe(201);
  });
});
