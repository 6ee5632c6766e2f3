/** Pushed authorization requests (RFC 9126). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../support/answer.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { personAt } from '../../support/people.ts';
import { approvalForm, type Page, type Person } from '../../support/person.ts';
import { addressOf, push, pushed, pushFields, tokensFor } from '../../support/pushed.ts';
import { demoServices, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let service: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  service = await register(stack.issuer);
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const pageAt = async (person: Person, url: string): Promise<Page> => {
  const arrival = await person.visit(url);
  if (arrival.kind !== 'page') throw new Error(`left for ${arrival.location}`);
  return arrival;
};

describe('a pushed request (RFC 9126 §2)', () => {
  it('[PR01] gets a name that cannot be guessed, for less than ten minutes, in an answer that nobody stores', async () => {
    const response = await push(stack.issuer, service).response;
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(await response.json()).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 90,
    });
  });

  it('leads to a code and to tokens, as if it had been asked in the address', async () => {
    const request = await pushed(stack.issuer, service, { scope: 'vso.work', state: 'pushed-state' });
    const answer = await alice.authorize(request.url);
    expect([answer.searchParams.get('state'), answer.searchParams.get('iss')]).toEqual(['pushed-state', stack.issuer]);
    expect(await tokensFor<TokenSet>(service, request, answer)).toMatchObject({ scope: 'vso.work' });
  });

  it('[AZ23] shows nothing of itself: not in cookies, addresses or hidden fields, nor on the way through the sign-in', async () => {
    const newcomer = personAt(stack, 'bob');
    const secretState = 'a-state-that-nobody-sees';
    const request = await pushed(stack.issuer, service, { state: secretState });
    const first = await newcomer.send(request.url);
    expect(first.status).toBe(303);
    expect(`${first.headers.get('location')} ${first.headers.getSetCookie()}`).not.toContain(secretState);
    const page = await pageAt(newcomer, request.url);
    expect(page.html).not.toContain(secretState);
    expect(page.url.href).not.toContain(secretState);
    const names = approvalForm(page)?.fields.map(({ name }) => name);
    expect(new Set(names)).toEqual(
      new Set(['client_id', 'request_uri', 'approval', 'permission', 'lasting', 'decision']),
    );
  });

  it('ignores what the address says beside its name (RFC 9126 §4)', async () => {
    const request = await pushed(stack.issuer, service, { state: 'right' });
    const answer = await alice.authorize(
      `${request.url}&state=wrong&scope=vso.code&redirect_uri=https://evil.example/`,
    );
    expect([answer.origin, answer.searchParams.get('state')]).toEqual(['https://reports.fabrikam.example', 'right']);
  });

  it('[PR04] is taken from nobody who cannot prove to be the client', async () => {
    const { clientId } = service.registration;
    const fields = [...new URL(service.authorization().url).searchParams] as [string, string][];
    const wrong = { ...service, registration: { clientId, secret: 'wrong' } };
    const none = { ...service, registration: { clientId } };
    for (const one of [wrong, none])
      expect(await refusalOf(pushFields(stack.issuer, one, fields))).toEqual({ status: 401, error: 'invalid_client' });
    const others = fields.map(([name, value]): [string, string] => [name, name === 'client_id' ? 'demo-web' : value]);
    expect(await refusalOf(pushFields(stack.issuer, service, others))).toEqual({
      status: 400,
      error: 'invalid_request',
    });
  });

  it.each([
    ['a redirect URI that is not registered', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ['an unknown scope', { scope: 'vso.nothing' }, 'invalid_scope'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['an unknown resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
    ['a request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
    ['a request object that is none', { request: 'e30.e30.' }, 'invalid_request_object'],
  ])('[PR05] is refused at once with %s', async (_, change, error) => {
    const { url } = service.authorization(change as Record<string, string | undefined>);
    const fields = [...new URL(url).searchParams] as [string, string][];
    expect(await refusalOf(pushFields(stack.issuer, service, fields))).toEqual({ status: 400, error });
  });

  it('[PR10] comes by POST, in a body of a sensible size', async () => {
    expect((await fetch(`${stack.issuer}/par`)).status).toBe(405);
    const big = pushFields(stack.issuer, service, [['state', 'x'.repeat(70_000)]]);
    expect((await big).status).toBe(413);
  });

  it.each([
    ['state', 4_097],
    ['nonce', 4_097],
    ['login_hint', 4_097],
    ['acr_values', 4_097],
    ['claims', 40_000],
  ])('has no %s of %i characters', async (name, length) => {
    const value = name === 'claims' ? `{"userinfo":{"${'x'.repeat(length)}":null}}` : 'x'.repeat(length);
    expect(await refusalOf(push(stack.issuer, service, { [name]: value }).response)).toMatchObject({
      status: 400,
      error: 'invalid_request',
    });
  });

  it('may be longer than any address', async () => {
    const request = await pushed(stack.issuer, service, { state: 's'.repeat(4_096), login_hint: 'h'.repeat(4_000) });
    const answer = await alice.authorize(request.url);
    expect(answer.searchParams.get('state')).toHaveLength(4_096);
    const { response } = push(stack.issuer, service, { state: 's'.repeat(4_097) });
    expect(await refusalOf(response)).toEqual({ status: 400, error: 'invalid_request' });
  });
});

describe('the name of a pushed request', () => {
  it('[PR08] is good for looking twice, and for one answer', async () => {
    const request = await pushed(stack.issuer, service, { prompt: 'consent' });
    await pageAt(alice, request.url);
    const page = await pageAt(alice, request.url);
    const end = await alice.decide(page, { decision: 'approve' });
    expect(end.kind === 'departure' && end.location.searchParams.get('code')).toBeTruthy();
    const html = await expectErrorPage(await alice.send(request.url));
    expect(html).toContain('used already');
  });

  it('[PR08] gives the same page submitted twice the same code, and a second page nothing', async () => {
    const request = await pushed(stack.issuer, service, { prompt: 'consent' });
    const [first, second] = [await pageAt(alice, request.url), await pageAt(alice, request.url)];
    const codes = [];
    for (const page of [first, first]) {
      const end = await alice.decide(page, { decision: 'approve' });
      codes.push(end.kind === 'departure' ? end.location.searchParams.get('code') : end.status);
    }
    expect(codes[0]).toBe(codes[1]);
    const late = await alice.decide(second, { decision: 'approve' });
    expect(late.kind === 'page' && late.html).toContain('already');
  });

  it('[PR08] is used up by a refusal', async () => {
    const request = await pushed(stack.issuer, service, { prompt: 'consent' });
    const end = await alice.decide(await pageAt(alice, request.url), { decision: 'deny' });
    expect(end.kind === 'departure' && end.location.searchParams.get('error')).toBe('access_denied');
    await expectErrorPage(await alice.send(request.url));
  });

  it('[PR07] is good for 90 seconds, and for whoever was sent away to sign in before they were over', async () => {
    const waiting = personAt(stack, 'bob');
    const [late, inTime] = [
      await pushed(stack.issuer, service),
      await pushed(stack.issuer, service, { prompt: 'consent' }),
    ];
    const page = await pageAt(waiting, inTime.url);
    const away = personAt(stack, 'olga');
    const signIn = await away.send(inTime.url);
    try {
      await stack.clock.move(91);
      const answer = await alice.send(late.url);
      expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request_uri');
      expect(await away.visit(new URL(signIn.headers.get('location') ?? ''))).toMatchObject({
        kind: 'page',
        status: 200,
      });
      const end = await waiting.decide(page, { decision: 'approve' });
      expect(end.kind === 'departure' && end.location.searchParams.get('code')).toBeTruthy();
    } finally {
      await stack.clock.reset();
    }
  });

  it('[PR07] belongs to its client, and one that was never ours is a page', async () => {
    const request = await pushed(stack.issuer, service);
    const other = await register(stack.issuer);
    await expectErrorPage(await alice.send(addressOf(stack.issuer, other, request.requestUri)));
    const made = 'urn:ietf:params:oauth:request_uri:';
    for (const unknown of [`${made}${'A'.repeat(43)}`, `${made}x`, made])
      await expectErrorPage(await alice.send(addressOf(stack.issuer, service, unknown)));
  });

  it('of another server is refused at the client, and never fetched', async () => {
    const { url } = service.authorization({ request_uri: 'https://evil.example/request.jwt' });
    const answer = await alice.send(url);
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).toBe('request_uri_not_supported');
  });
});

describe('a client that must push (RFC 9126 §6)', () => {
  it('[PR02] is refused everything else, at its redirect URI', async () => {
    const strict = await register(stack.issuer, { require_pushed_authorization_requests: true });
    const answer = await alice.send(strict.authorization().url);
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request');
    const request = await pushed(stack.issuer, strict);
    expect((await alice.authorize(request.url)).searchParams.get('code')).toBeTruthy();
  });

  it('[PR02] and a deployment that says so refuses everybody’s', async () => {
    const strict = await startStack({ settings: { REQUIRE_PAR: 'true' } });
    try {
      const document = await answerOf(fetch(`${strict.issuer}/.well-known/oauth-authorization-server`));
      expect(document.body.require_pushed_authorization_requests).toBe(true);
      const { web } = demoServices(strict.issuer);
      const answer = await fetch(web.authorization().url, { redirect: 'manual' });
      expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request');
      const request = await pushed(strict.issuer, web);
      expect((await personAt(strict).authorize(request.url)).searchParams.get('code')).toBeTruthy();
    } finally {
      await strict.stop();
    }
  });
});
