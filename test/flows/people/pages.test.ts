/** RFC 6749 §10.13, OAuth 2.1 §7.11: what every page carries; and what overload looks like. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../../support/answer.ts';
import { approvalPageOf, sendApproval } from '../../support/approval.ts';
import { formsIn } from '../../support/forms.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { demoServices, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let web: Service;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  alice = await signedInAt(stack);
  web = demoServices(stack.issuer).web;
});

afterAll(() => stack.stop());

const stranger = (path: string, init: RequestInit = {}) =>
  fetch(`${stack.issuer}${path}`, { redirect: 'manual', ...init });
const asAlice = (path: string, init?: RequestInit) => alice.send(`${stack.issuer}${path}`, init);

const staleApproval = async (): Promise<Response> => {
  const page = await approvalPageOf(alice, web.authorization({ prompt: 'consent' }).url);
  return sendApproval(alice, page, new URLSearchParams(new URL(page.url).searchParams));
};

const signedOut = async (): Promise<Response> => {
  const person = await signedInAt(stack, 'bob');
  const page = (await person.visit(`${stack.issuer}/sign-out`)) as Page;
  const form = formsIn(page.html).find(({ action }) => action === '/sign-out');
  const fields = new URLSearchParams(form?.fields.map(({ name, value }) => [name, value] as [string, string]));
  return person.send(`${stack.issuer}/sign-out`, { method: 'POST', body: fields });
};

/** Name -> how to get it, and its status. */
const pages: readonly [string, () => Promise<Response>, number][] = [
  ['the approval page', () => alice.send(web.authorization({ prompt: 'consent' }).url), 200],
  ['an approval that is refused', staleApproval, 400],
  ['the list of authorizations', () => asAlice('/authorizations'), 200],
  ['the start page', () => stranger('/'), 200],
  ['the start page of somebody', () => asAlice('/'), 200],
  ['signing out', () => asAlice('/sign-out'), 200],
  ['having signed out', signedOut, 200],
  ['signing out without a session', () => stranger('/sign-out'), 200],
  ['a sign-in that was not begun here', () => stranger('/sign-in/callback?state=x&code=y'), 400],
  ['an authorization request of nobody', () => stranger('/authorize'), 400],
  ['an address where nothing is', () => stranger('/nothing/here'), 404],
  ['a method that is not supported', () => stranger('/authorize', { method: 'DELETE' }), 405],
  [
    'a form from elsewhere',
    () => asAlice('/authorizations/revoke', { method: 'POST', headers: { origin: 'https://evil.test' } }),
    403,
  ],
  [
    'a form of another type',
    () => asAlice('/consent', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
    415,
  ],
];

/** They may be in a popup of the service, which must still know it when it is back. */
const leadsToService = new Set([
  'the approval page',
  'an approval that is refused',
  'a sign-in that was not begun here',
  'an authorization request of nobody',
  'a method that is not supported',
  'a form of another type',
]);

describe('every page', () => {
  it.each(pages)('[CO01][CO02][CO04] cannot be framed, scripted, sniffed or kept: %s', async (name, get, status) => {
    const response = await get();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = (response.headers.get('content-security-policy') ?? '').split('; ');
    expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]));
    expect(policy.join(';')).not.toMatch(/unsafe|script-src|\*|https?:/);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': leadsToService.has(name) ? 'unsafe-none' : 'same-origin',
      'referrer-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    });
    expect(await response.text()).not.toMatch(/<script|\son\w+="|javascript:/i);
  });

  it('[CO02] sends its forms to this server only, except the approval, whose answer goes on to the service', async () => {
    const policyOf = async (get: () => Promise<Response>) => (await get()).headers.get('content-security-policy');
    expect(await policyOf(() => asAlice('/authorizations'))).toContain("form-action 'self'");
    expect(await policyOf(() => alice.send(web.authorization({ prompt: 'consent' }).url))).not.toContain('form-action');
  });

  it('has nothing to say to a callback full of markup', async () => {
    const text = await (
      await stranger(
        `/sign-in/callback?${new URLSearchParams({ error: '<script>1</script>', error_description: '"><img src=x>' })}`,
      )
    ).text();
    expect(text).not.toMatch(/<script|<img/i);
  });
});

describe('storage that is overloaded', () => {
  it('[ER05] is 503 temporarily_unavailable with Retry-After, and no word of the store', async () => {
    const { nightly } = demoServices(stack.issuer);
    const { refresh_token: token } = await web.tokens(alice);
    stack.tableProxy.rule = () => ({ kind: 'throttle', retryAfterSeconds: 7 });
    const [refused, ready, people] = await Promise.all([
      answerOf(web.refresh(token)),
      answerOf(stranger('/readyz')),
      asAlice('/authorizations'),
    ]);
    const metadata = await stranger('/.well-known/oauth-authorization-server');
    stack.tableProxy.rule = undefined;
    expect([refused.status, refused.body.error]).toEqual([503, 'temporarily_unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.text).not.toMatch(/azure|table|ServerBusy|devstore/i);
    expect([ready.status, people.status, metadata.status]).toEqual([503, 503, 200]);
    expect(people.headers.get('retry-after')).not.toBeNull();
    expect((await web.refresh(token)).status).toBe(200);
    expect((await nightly.token({ grant_type: 'client_credentials' })).status).toBe(200);
  });
});
