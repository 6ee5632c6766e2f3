/** OAuth 2.1 §7.11, RFC 6749 §10.12-10.14: the person's decision is theirs, made once, on a page that says what it is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalOf, approvalPageOf, codeIn, sendApproval } from '../../support/approval.ts';
import { expectErrorPage } from '../../support/expectations.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { okJson, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let web: Service;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
  web = await register(stack.issuer, {
    client_name: 'Fabrikam Reports',
    client_uri: 'https://fabrikam.example/',
    redirect_uris: ['https://reports.fabrikam.example/callback', 'https://other.fabrikam.example/callback'],
  });
});

afterAll(() => stack.stop());

const ask = (changes: Readonly<Record<string, string | undefined>> = {}, service = web) =>
  service.authorization({ prompt: 'consent', ...changes });

const pageOf = (person: Person, changes = {}, service = web): Promise<Page> =>
  approvalPageOf(person, ask(changes, service).url);

const changed = (page: Page, name: string, value: string | undefined): URLSearchParams => {
  const fields = approvalOf(page);
  if (value === undefined) fields.delete(name);
  else fields.set(name, value);
  return fields;
};

describe('the approval page', () => {
  it('[CO13] names the service, where its answer goes, the account, and each permission in words', async () => {
    const { html } = await pageOf(alice, { scope: 'vso.work vso.code' });
    for (const words of [
      'Fabrikam Reports',
      'reports.fabrikam.example',
      'https://fabrikam.example/',
      'Not verified by',
      'Alice Adams',
      'alice@contoso.example',
      'See your work items',
      'See your source code',
      'Azure DevOps (demo)',
      stack.issuer,
    ])
      expect(html).toContain(words);
    const boxes = formsIn(html).flatMap(({ fields }) => fields.filter(({ name }) => name === 'permission'));
    expect(boxes.map(({ value, type }) => [value, type])).toEqual([
      ['vso.code', 'checkbox'],
      ['vso.work', 'checkbox'],
    ]);
  });

  it('approves what is ticked and no more, and never narrows what was not asked about', async () => {
    const person = await signedInAt(stack, 'bob');
    const { url, verifier } = ask({ scope: 'vso.work vso.code' });
    const page = await approvalPageOf(person, url);
    const end = await person.decide(page, { decision: 'approve', permissions: ['vso.work'] });
    const code = end.kind === 'departure' ? (end.location.searchParams.get('code') ?? '') : '';
    expect(await okJson(web.redeem({ code, verifier }))).toMatchObject({ scope: 'vso.work' });
    const silent = await web.tokens(person, { scope: 'vso.work' });
    expect(silent.scope).toBe('vso.work');
    await pageOf(person, { prompt: undefined, scope: 'vso.code' });
  });

  it('tells the service when the person denies', async () => {
    const page = await pageOf(alice, { state: 's' });
    const end = await alice.decide(page, { decision: 'deny' });
    expect(end.kind === 'departure' && Object.fromEntries(end.location.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 's',
      iss: stack.issuer,
    });
  });

  const hostile = [
    '"><script>alert(1)</script>',
    "'-alert(1)-'",
    '{{7*7}}',
    '&#x6a;avascript:alert(1)',
    '</title><img src=x onerror=alert(1)>',
    'Fab\u202egpj.exe\u2066',
  ];

  it.each(hostile)('[CO05] shows a hostile name, state and login_hint as text: %j', async (text) => {
    const service = await register(stack.issuer, { client_name: text });
    const { html, headers } = await pageOf(alice, { state: text, login_hint: text, nonce: text }, service);
    // What is inside a quoted attribute is text, unless it got out of its quotes.
    const markup = html.replace(/="[^"]*"/g, '=""');
    expect(markup).not.toMatch(/<script|<img|<[^>]*\son\w+=/i);
    expect(markup).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(headers.get('content-security-policy')).not.toMatch(/script-src|unsafe/);
    const state = formsIn(html)
      .find(({ action }) => action === '/consent')
      ?.fields.find(({ name }) => name === 'state');
    expect(state?.value).toBe(text);
    const title = /<title>(.*?)<\/title>/s.exec(html)?.[1] ?? '';
    expect(title).toMatch(/^Allow [^<>]+\? · Contoso$/);
  });
});

describe('a decision belongs to the browser, the session and the page that it was made on', () => {
  it('[CO07] cannot be sent from another browser, not even by the same person', async () => {
    const page = await pageOf(alice);
    await expectErrorPage(await sendApproval(personAt(stack), page));
    await expectErrorPage(await sendApproval(await signedInAt(stack, 'bob'), page));
    await expectErrorPage(await sendApproval(await signedInAt(stack, 'alice'), page));
    expect(codeIn(await sendApproval(alice, page))).toMatch(/^assent_ac_/);
  });

  it('[CO08] is refused when somebody else has signed in since the page was loaded', async () => {
    const person = await signedInAt(stack, 'alice');
    const page = await pageOf(person);
    person.login = 'bob';
    await person.visit(ask({ prompt: 'select_account' }).url);
    expect(((await person.visit(`${stack.issuer}/authorizations`)) as Page).html).toContain('bob@contoso.example');
    await expectErrorPage(await sendApproval(person, page));
  });

  it('is refused after signing out', async () => {
    const person = await signedInAt(stack, 'alice');
    const [page, out] = [await pageOf(person), (await person.visit(`${stack.issuer}/sign-out`)) as Page];
    const form = formsIn(out.html).find(({ action }) => action === '/sign-out');
    await person.submit(out, form ?? { action: '', method: '', fields: [] });
    await expectErrorPage(await sendApproval(person, page));
  });

  const elsewhere: readonly [string, Readonly<Record<string, string>>][] = [
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['an address typed in', { 'sec-fetch-site': 'none' }],
    ['another origin', { origin: 'https://evil.test' }],
    ['a page without an origin', { origin: 'null' }],
  ];

  it.each(elsewhere)('[CO07] is refused when the form comes from %s', async (_name, headers) => {
    const page = await pageOf(alice);
    await expectErrorPage(await sendApproval(alice, page, approvalOf(page), headers), 403);
  });

  const tampered: readonly [string, string, string | undefined][] = [
    ['another redirect_uri of the client', 'redirect_uri', 'https://other.fabrikam.example/callback'],
    ['more scopes', 'scope', 'vso.work vso.code vso.build'],
    ['another state', 'state', 'other'],
    ['another challenge', 'code_challenge', 'A'.repeat(43)],
    ['another resource', 'resource', 'https://api.assent.localhost'],
    ['no approval token', 'approval', undefined],
    ['an empty approval token', 'approval', ''],
    ['a forged approval token', 'approval', 'e30.e30'],
    ['a permission that was not asked for', 'permission', 'vso.build'],
  ];

  it.each(tampered)('is refused with %s', async (_name, field, value) => {
    const page = await pageOf(alice);
    await expectErrorPage(await sendApproval(alice, page, changed(page, field, value)));
  });

  it('is refused with the token of another page', async () => {
    const [one, other] = [await pageOf(alice, { state: 'one' }), await pageOf(alice, { state: 'other' })];
    await expectErrorPage(
      await sendApproval(alice, one, changed(one, 'approval', approvalOf(other).get('approval') ?? '')),
    );
  });

  it('goes nowhere when the form names another client’s redirect URI', async () => {
    const page = await pageOf(alice);
    await expectErrorPage(await sendApproval(alice, page, changed(page, 'redirect_uri', 'https://evil.test/cb')));
  });

  it.each([
    undefined,
    '',
    '1',
    'yes',
    'true',
    'Approve',
    'APPROVE',
    'approve ',
    ' approve',
    'approve=1',
    'allow',
    'approve,deny',
  ])('[CO11] approves by the exact word only, not by %j', async (word) => {
    const page = await pageOf(alice);
    const response = await sendApproval(alice, page, changed(page, 'decision', word));
    await expectErrorPage(response);
    expect(codeIn(response)).toBeUndefined();
  });

  it('[CO11] does not approve when both words are sent', async () => {
    const page = await pageOf(alice);
    for (const words of [
      ['deny', 'approve'],
      ['approve', 'deny'],
      ['approve', 'approve'],
    ]) {
      const fields = changed(page, 'decision', undefined);
      for (const word of words) fields.append('decision', word);
      expect(codeIn(await sendApproval(alice, page, fields))).toBeUndefined();
    }
  });

  it('is good for half an hour', async () => {
    const page = await pageOf(alice);
    await stack.clock.move(1_800);
    const late = await sendApproval(alice, page);
    expect([late.status, codeIn(late)]).toEqual([200, undefined]);
    await stack.clock.move(-11);
    expect(codeIn(await sendApproval(alice, page))).toMatch(/^assent_ac_/);
    await stack.clock.reset();
  });
});
