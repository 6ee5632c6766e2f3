/** RFC 9700, RFC 8252 §8.6, OAuth 2.1 §7.9: one decision gives one code, is remembered with care, and can be taken back. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalOf, approvalPageOf, codeIn, sendApproval } from '../../support/approval.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { type Form, formsIn } from '../../support/forms.ts';
import { sessionOf, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { demoServices, okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let web: Service;

/** Of this try: no other has a service of the same name, and nobody has allowed it anything. */
let name = '';
let round = 0;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
});

beforeEach(async () => {
  round += 1;
  name = `Fabrikam Reports ${round}`;
  web = await register(stack.issuer, {
    client_name: name,
    client_uri: 'https://fabrikam.example/',
    redirect_uris: ['https://reports.fabrikam.example/callback', 'https://other.fabrikam.example/callback'],
  });
});

afterAll(() => stack.stop());

const ask = (changes: Readonly<Record<string, string | undefined>> = {}, service = web) =>
  service.authorization({ prompt: 'consent', ...changes });

describe('one page, one code', () => {
  it('[CO10] twenty submissions at once give one grant and one code, and no failure', async () => {
    const person = await signedInAt(stack, 'olga');
    const { url, verifier } = ask();
    const page = await approvalPageOf(person, url);
    const responses = await Promise.all(Array.from({ length: 20 }, () => sendApproval(person, page)));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 303));
    const codes = new Set(responses.map(codeIn));
    expect(codes.size).toBe(1);
    const [code = ''] = codes;
    expect((await web.redeem({ code, verifier })).status).toBe(200);
    const { html } = (await person.visit(`${stack.issuer}/authorizations`)) as Page;
    expect(html.match(new RegExp(`You authorized <bdi>${name}<`, 'g'))).toHaveLength(1);
    expect(html).toContain('1 active');
  });

  it('[CO19] submitted again, it gives the same answer while the code is unspent, and a page afterwards', async () => {
    const { url, verifier } = ask();
    const page = await approvalPageOf(alice, url);
    const first = await sendApproval(alice, page);
    const again = await sendApproval(alice, page);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const tokens = await okJson<TokenSet>(web.redeem({ code: codeIn(first) ?? '', verifier }));
    await expectErrorPage(await sendApproval(alice, page));
    expect((await web.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('[CO19] submitted again with another decision, it can deny but never grant more', async () => {
    const { url } = ask({ scope: 'vso.work vso.code' });
    const page = await approvalPageOf(alice, url);
    const narrow = approvalOf(page);
    narrow.delete('permission');
    narrow.append('permission', 'vso.work');
    expect(codeIn(await sendApproval(alice, page, narrow))).toMatch(/^assent_ac_/);
    const wide = await sendApproval(alice, page);
    expect(codeIn(wide)).toBeUndefined();
  });
});

const revokeFormOf = ({ html }: Page, name: string): Form | undefined => {
  const cards = [...html.matchAll(/<article.*?<\/article>/gs)].map(([card]) => card);
  return formsIn(cards.find((card) => card.includes(name)) ?? '')[0];
};

describe('remembered consent (RFC 8252 §8.6)', () => {
  const silently = async (person: Person, service: Service): Promise<boolean> => {
    const arrival = await person.visit(service.authorization({ scope: 'vso.work' }).url);
    return arrival.kind === 'departure' && arrival.location.searchParams.has('code');
  };

  const services: readonly [string, boolean, Record<string, unknown>][] = [
    ['a client with a secret', true, {}],
    ['a public client at a claimed https address', true, { token_endpoint_auth_method: 'none' }],
    [
      'a public client on a loopback port',
      false,
      { token_endpoint_auth_method: 'none', redirect_uris: ['http://127.0.0.1/cb'] },
    ],
    [
      'a public client at localhost',
      false,
      { token_endpoint_auth_method: 'none', redirect_uris: ['http://localhost/cb'] },
    ],
    [
      'a public client with a scheme of its own',
      false,
      { token_endpoint_auth_method: 'none', redirect_uris: ['com.example.app:/cb'] },
    ],
  ];

  it.each(services)('[CO14] of %s answers in silence: %s', async (_name, isSilent, metadata) => {
    const person = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer, metadata);
    expect(await silently(person, service)).toBe(false);
    await service.code(person, { scope: 'vso.work' });
    expect(await silently(person, service)).toBe(isSilent);
  });

  it('[CO17] is listed, and revoking it there takes the tokens with it at once', async () => {
    const person = await signedInAt(stack, 'bob');
    const { api } = demoServices(stack.issuer);
    const service = await register(stack.issuer, { client_name: 'Revoked Reports' });
    const tokens = await service.tokens(person);
    expect(await okJson(api.introspect({ token: tokens.access_token }))).toMatchObject({ active: true });
    const page = (await person.visit(`${stack.issuer}/authorizations`)) as Page;
    const form = revokeFormOf(page, 'Revoked Reports');
    expect(form?.action).toBe('/authorizations/revoke');
    const after = (await person.submit(page, form ?? { action: '', method: '', fields: [] })) as Page;
    expect(after.html).toContain('has lost its access');
    expect(revokeFormOf(after, 'Revoked Reports')).toBeUndefined();
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await okJson(api.introspect({ token: tokens.access_token }))).toEqual({ active: false });
    expect(await silently(person, service)).toBe(false);
  });

  it('[CO17] cannot be revoked by a form from elsewhere, or with another browser’s token', async () => {
    const person = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer, { client_name: 'Kept Reports' });
    const { refresh_token: token } = await service.tokens(person);
    const page = (await person.visit(`${stack.issuer}/authorizations`)) as Page;
    const form = revokeFormOf(page, 'Kept Reports');
    const own = new URLSearchParams(form?.fields.map(({ name, value }) => [name, value] as [string, string]));
    const send = (who: Person, fields: URLSearchParams, headers: Record<string, string>, path = 'revoke') =>
      who.send(`${stack.issuer}/authorizations/${path}`, { method: 'POST', body: fields, headers });
    expect((await send(person, own, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await send(person, own, { origin: 'https://evil.test' }, 'revoke-all')).status).toBe(403);
    own.set('token', 'x');
    expect((await send(person, own, {})).status).toBe(403);
    expect((await send(await signedInAt(stack, 'alice'), own, {})).status).toBe(403);
    expect(sessionOf(person)).toBeDefined();
    expect((await service.refresh(token)).status).toBe(200);
  });
});
