/** RFC 9396: what is asked for in detail is shown to the person in words, and is in the tokens exactly so, or not at all. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart, redirectOf } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { newKeyPair, signed } from '../../support/assertions.ts';
import { answerDevice, askForCodes, type DeviceCodes, enterCode, poll, registerDevice } from '../../support/devices.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { pushed, pushFields } from '../../support/pushed.ts';
import { storedRows } from '../../support/rows.ts';
import { administer, okJson, refusalOf, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const [bank, files] = ['https://bank.contoso.example', 'https://files.contoso.example'] as const;
const resources = [
  {
    identifier: bank,
    name: 'Contoso Bank',
    'name#de': 'Contoso-Bank',
    permissions: [{ id: 'balance', name: 'See your balance', description: 'What is in your account.' }],
    authorizationDetails: {
      payment: {
        title: 'Make one payment',
        'title#de': 'Eine Zahlung ausführen',
        'description#de': 'Das Geld verlässt Ihr Konto.',
        actions: { prepare: 'prepare it', send: 'send the money' },
        'actions#DE': { send: 'das Geld senden' },
        fields: [
          { name: 'amount', kind: 'amount', label: 'Amount', 'label#de': 'Betrag', required: true },
          { name: 'creditor', kind: 'text', label: 'To whom', required: true },
          {
            name: 'speed',
            kind: 'enum',
            label: 'How',
            'label#de': 'Wie',
            values: { instant: 'at once', usual: 'within a day' },
            'values#de': { instant: 'sofort' },
          },
          { name: 'notes', kind: 'list', label: 'Notes' },
        ],
      },
      account_list: { title: 'List your accounts', description: 'Names and numbers.' },
    },
  },
  {
    identifier: files,
    name: 'Contoso Files',
    permissions: [{ id: 'read', name: 'Read files', description: 'See your files.' }],
    authorizationDetails: { file: { title: 'Read one file', fields: [{ name: 'path', kind: 'text', label: 'File' }] } },
  },
];

const payment = {
  type: 'payment',
  actions: ['send'],
  amount: { currency: 'EUR', amount: '123.50' },
  creditor: 'Landlord & Sons',
  speed: 'instant',
} as const;
const accounts = { type: 'account_list' } as const;

let stack: Stack;
let alice: Person;
let service: Service;
let bankServer: Service;
let filesServer: Service;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify(resources) } });
  alice = await signedInAt(stack);
  service = await register(stack.issuer, metadata);
  bankServer = await resourceServer(bank);
  filesServer = await resourceServer(files);
});

afterAll(() => stack.stop());

const metadata = {
  client_name: 'Fabrikam Pay',
  redirect_uris: ['https://pay.fabrikam.example/callback'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  scope: 'balance read',
  authorization_details_types: ['payment', 'account_list', 'file'],
};

const resourceServer = (identifier: string): Promise<Service> =>
  register(stack.issuer, {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    scope: '',
    assent_resource_server_of: [identifier],
  });

const asking = (details: unknown, more: Readonly<Record<string, string | undefined>> = {}) => ({
  scope: undefined,
  authorization_details: typeof details === 'string' ? details : JSON.stringify(details),
  ...more,
});

type DetailedTokens = TokenSet & { readonly authorization_details?: readonly unknown[] };

const granted = async (...asked: Parameters<typeof asking>): Promise<DetailedTokens> =>
  (await service.tokens(alice, asking(...asked))) as DetailedTokens;

const errorFor = async (details: unknown, more = {}): Promise<unknown> =>
  (await redirectOf(service.authorization(asking(details, more)).url, alice)).searchParams.get('error');

const invalid = 'invalid_authorization_details';

const storedKeys = async (): Promise<readonly string[]> =>
  (await storedRows(stack, 'users')).map(({ RowKey }) => RowKey);

describe('authorization details (RFC 9396)', () => {
  it('[RA03] are shown in words, all of them or none', async () => {
    const { url } = service.authorization(asking([payment, accounts]));
    const { html } = await approvalPageOf(alice, url);
    const text = html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    for (const words of [
      'Make one payment At Contoso Bank It may send the money Amount 123.50 EUR To whom Landlord &amp; Sons How at once',
      'List your accounts At Contoso Bank Names and numbers.',
      'You allow all of this, or none of it.',
      'can do exactly what is described here.',
    ])
      expect(text).toContain(words);
    expect(html).not.toContain('type="checkbox"');
    expect(html).not.toContain('what is ticked');
  });

  it('[RA02] are in the answer, the token and introspection as they were approved, without any scope', async () => {
    const tokens = await granted([payment]);
    expect(tokens.authorization_details).toEqual([payment]);
    expect(tokens).not.toHaveProperty('scope');
    const claims = jwtPart(tokens.access_token, 'payload');
    expect(claims).toMatchObject({ aud: bank, authorization_details: [payment] });
    expect(claims).not.toHaveProperty('scope');
    for (const asker of [service, bankServer]) {
      const said = await okJson(asker.introspect({ token: tokens.access_token }));
      expect(said).toMatchObject({ active: true, aud: bank, authorization_details: [payment] });
      expect(said).not.toHaveProperty('scope');
    }
    expect(await okJson(service.introspect({ token: tokens.refresh_token }))).toMatchObject({
      active: true,
      authorization_details: [payment],
    });
  });

  it('[RA02] go with scopes, and each resource server is told of its own', async () => {
    const file = { type: 'file', path: '/taxes.pdf' };
    const both = await granted([payment, file], { scope: 'balance' });
    expect(both).toMatchObject({ scope: 'balance', authorization_details: [payment, file] });
    expect(jwtPart(both.access_token, 'payload').aud).toEqual([bank, files]);
    const told = async (asker: Service) =>
      (await okJson(asker.introspect({ token: both.access_token }))).authorization_details;
    expect(await told(bankServer)).toEqual([payment]);
    expect(await told(filesServer)).toEqual([file]);

    const narrow = await okJson<DetailedTokens>(service.refresh(both.refresh_token, { resource: files }));
    expect(narrow.authorization_details).toEqual([file]);
    expect(jwtPart(narrow.access_token, 'payload')).toMatchObject({ aud: files, authorization_details: [file] });
  });

  it('[RA01] are refused at the client, whatever is wrong with them', async () => {
    const { creditor: _, ...withoutCreditor } = payment;
    const wrong: readonly unknown[] = [
      'x',
      '{}',
      '[]',
      'null',
      '"payment"',
      '[[]]',
      '[null]',
      '[{}]',
      [{ type: 1 }],
      [{ type: 'unknown' }],
      [{ type: '__proto__' }],
      [{ ...payment, extra: true }],
      withoutCreditor,
      [withoutCreditor],
      [{ ...payment, amount: 123.5 }],
      [{ ...payment, amount: { currency: 'EUR', amount: '-1' } }],
      [{ ...payment, amount: { currency: 'EUR', amount: '1', rate: 2 } }],
      [{ ...payment, actions: ['steal'] }],
      [{ ...payment, actions: [] }],
      [{ ...payment, actions: undefined }],
      [{ ...payment, speed: 'toString' }],
      [{ ...payment, notes: 'one' }],
      [{ ...payment, creditor: 'a\u202eb' }],
      [{ ...payment, creditor: 'a\nb' }],
      [{ ...payment, creditor: 'x'.repeat(201) }],
      [{ ...payment, locations: [files] }],
      [payment, { type: 'unknown' }],
      Array.from({ length: 11 }, () => accounts),
    ];
    for (const details of wrong) expect([details, await errorFor(details)]).toEqual([details, invalid]);
    // RFC 6749 §3.1: an empty parameter is none.
    expect(await errorFor('', { prompt: 'none' })).not.toBe(invalid);
    expect(await errorFor([{ ...payment, locations: [bank] }], { prompt: 'none' })).toBe('consent_required');
    expect(await errorFor([payment], { resource: files })).toBe(invalid);
    expect(await errorFor([payment], { resource: bank, prompt: 'none' })).toBe('consent_required');
  });

  it('[RA01] are refused in any length, and behind the back as in the browser', async () => {
    const long = JSON.stringify([{ ...payment, notes: Array.from({ length: 20 }, () => 'x'.repeat(200)) }]);
    const pushedWith = (details: string) => {
      const { url } = service.authorization(asking(details));
      return refusalOf(pushFields(stack.issuer, service, [...new URL(url).searchParams]));
    };
    for (const details of [long, `[${' '.repeat(50_000)}]`, '[{"type":"unknown"}]', '['.repeat(3_900)])
      expect((await pushedWith(details)).error).toBe(invalid);
    const request = await pushed(stack.issuer, service, asking([payment]));
    const answer = await alice.authorize(request.url);
    const code = { code: answer.searchParams.get('code') ?? '', verifier: request.verifier };
    expect((await okJson<DetailedTokens>(service.redeem(code))).authorization_details).toEqual([payment]);
  });

  it('[RA01] are for clients that are registered for the type, and registered only for types that there are', async () => {
    const other = await register(stack.issuer, { ...metadata, authorization_details_types: ['file'] });
    const { url } = other.authorization(asking([payment]));
    expect((await redirectOf(url, alice)).searchParams.get('error')).toBe(invalid);
    const body = { ...metadata, authorization_details_types: ['unknown'] };
    expect(await refusalOf(administer(stack.issuer, { method: 'POST', path: 'apps', body }))).toEqual({
      status: 400,
      error: 'invalid_client_metadata',
    });
  });

  it('[RA02] come in signed requests as what they are, JSON and no text (RFC 9101 §4)', async () => {
    const key = await newKeyPair('PS256');
    const signing = await register(stack.issuer, { ...metadata, jwks: { keys: [key.jwk] } });
    const { url, verifier } = signing.authorization({ scope: undefined });
    const request = await signed(key, {
      header: { typ: 'oauth-authz-req+jwt' },
      claims: {
        ...Object.fromEntries(new URL(url).searchParams),
        iss: signing.registration.clientId,
        aud: stack.issuer,
        exp: Math.floor(Date.now() / 1000) + 60,
        authorization_details: [payment],
      },
    });
    const address = `${stack.issuer}/authorize?${new URLSearchParams({ client_id: signing.registration.clientId, request })}`;
    const code = (await alice.authorize(address)).searchParams.get('code') ?? '';
    const tokens = await okJson<DetailedTokens>(signing.redeem({ code, verifier }));
    expect(tokens.authorization_details).toEqual([payment]);
  });

  it('[RA04] are never answered from memory: not the same again, not more, not other ones', async () => {
    await granted([payment], { scope: 'balance' });
    for (const details of [[payment], [{ ...payment, creditor: 'Somebody else' }], [accounts]]) {
      await approvalPageOf(alice, service.authorization(asking(details, { scope: 'balance' })).url);
      expect(await errorFor(details, { scope: 'balance', prompt: 'none' })).toBe('consent_required');
    }
    // What was allowed beside them is remembered as ever.
    const { url } = service.authorization({ scope: 'balance' });
    const silent = await redirectOf(url, alice);
    expect(silent.searchParams.has('code')).toBe(true);
  });

  it('[RA04] stand in the page that was approved: with other ones its form is worth nothing', async () => {
    const page = await approvalPageOf(alice, service.authorization(asking([payment])).url);
    expect(page.html).toContain('123.50&quot;');
    const changed = { ...page, html: page.html.replaceAll('123.50&quot;', '9999.00&quot;') };
    const end = await alice.decide(changed, { decision: 'approve' });
    expect(end.kind === 'page' && end.html).toContain('This page is no longer valid');
  });

  it('[RA02] can be narrowed at the token endpoint, by type or by what they say, and never widened', async () => {
    const tokens = await granted([payment, accounts]);
    const refreshed = (token: string, details: unknown) =>
      service.refresh(token, { authorization_details: JSON.stringify(details) });
    for (const wider of [
      [{ ...payment, creditor: 'Somebody else' }],
      [{ type: 'file' }],
      [{ ...payment, notes: ['x'] }],
      [payment, { type: 'file' }],
      {},
      [],
    ])
      expect([wider, await refusalOf(refreshed(tokens.refresh_token, wider))]).toEqual([
        wider,
        { status: 400, error: invalid },
      ]);
    const byType = await okJson<DetailedTokens>(refreshed(tokens.refresh_token, [{ type: 'payment' }]));
    expect(byType.authorization_details).toEqual([payment]);
    const { amount, ...rest } = payment;
    const turned = { amount: { amount: amount.amount, currency: amount.currency }, ...rest };
    const byValue = await okJson<DetailedTokens>(refreshed(byType.refresh_token, [turned]));
    expect(jwtPart(byValue.access_token, 'payload').authorization_details).toEqual([payment]);
    const all = await okJson<DetailedTokens>(service.refresh(byValue.refresh_token));
    expect(all.authorization_details).toEqual([payment, accounts]);
    const code = await service.code(alice, asking([payment, accounts]));
    const first = await okJson<DetailedTokens>(
      service.redeem(code, { authorization_details: JSON.stringify([accounts]) }),
    );
    expect(first.authorization_details).toEqual([accounts]);
  });

  it('[RA05] are for services that act for themselves, too, and exchanged for no more', async () => {
    const own = await okJson<DetailedTokens>(
      service.token({ grant_type: 'client_credentials', authorization_details: JSON.stringify([payment, accounts]) }),
    );
    expect(own.authorization_details).toEqual([payment, accounts]);
    const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const middle = await register(stack.issuer, {
      grant_types: [exchange],
      redirect_uris: [],
      scope: 'balance',
      authorization_details_types: ['payment', 'file'],
      assent_token_exchange: { from: [bank], to: [bank] },
    });
    const exchanged = (more: Readonly<Record<string, string>> = {}) =>
      middle.token({
        grant_type: exchange,
        subject_token: own.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        ...more,
      });
    expect((await okJson<DetailedTokens>(exchanged())).authorization_details).toEqual([payment]);
    for (const details of [[accounts], [{ type: 'file' }]])
      expect((await refusalOf(exchanged({ authorization_details: JSON.stringify(details) }))).error).toBe(invalid);
  });

  it('[RA03] are on the person’s page while they hold, and in the history', async () => {
    const bob = await signedInAt(stack, 'bob');
    const code = await service.code(bob, asking([payment]));
    const tokens = await okJson<TokenSet>(service.redeem(code));
    const list = async () => (await (await bob.send(`${stack.issuer}/authorizations`)).text()).replace(/<[^>]*>/g, '');
    const before = await list();
    expect(before).toContain('May do exactly this:');
    expect(before).toContain('Make one payment at Contoso Bank, It may send the money, Amount 123.50 EUR');
    expect(before).toContain('It may use: Make one payment: It may send the money, Amount 123.50 EUR');
    await service.revoke({ token: tokens.refresh_token });
    expect(await list()).not.toContain('May do exactly this:');
  });

  it('[RA03] are in the language of the person, wherever they read them; what is not translated stays as it is', async () => {
    const { url } = service.authorization(asking([payment], { ui_locales: 'de' }));
    const plain = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    const asked = plain((await approvalPageOf(alice, url)).html);
    for (const words of ['Eine Zahlung ausführen', 'Contoso-Bank', 'Das Geld verlässt Ihr Konto.', 'das Geld senden'])
      expect(asked).toContain(words);
    expect(asked).toContain('Betrag 123.50 EUR To whom Landlord &amp; Sons Wie sofort');
    await granted([payment]);
    const read = async (language: string): Promise<string> => {
      const headers = { 'accept-language': language };
      const list = await (await alice.send(`${stack.issuer}/authorizations`, { headers })).text();
      const path = /href="(\/authorizations\/[0-9a-f]{32})"/.exec(list)?.[1];
      return plain(list) + plain(await (await alice.send(`${stack.issuer}${path}`, { headers })).text());
    };
    const german = await read('de');
    expect(german).toContain('Betrag 123.50 EUR');
    expect(german).toContain('Eine Zahlung ausführen');
    // Each line of the history as well.
    expect(german).not.toContain('Make one payment');
    expect(await read('fr')).toContain('Make one payment');
  });

  it('[RA05] can be asked for by a device, and are shown to whoever types its code', async () => {
    const television = await registerDevice(stack.issuer, {
      scope: 'balance',
      authorization_details_types: ['payment'],
    });
    const asked = (details: unknown) =>
      askForCodes(stack.issuer, television.registration, { authorization_details: JSON.stringify(details) });
    expect((await refusalOf(asked([{ ...payment, extra: 1 }]))).error).toBe(invalid);
    const codes = await okJson<DeviceCodes>(asked([payment]));
    const page = await enterCode(alice, stack.issuer, codes.user_code);
    expect(page.html).toContain('123.50 EUR');
    await answerDevice(alice, page, { decision: 'approve' });
    const tokens = await okJson<DetailedTokens>(poll(television, codes));
    expect(tokens.authorization_details).toEqual([payment]);
    expect(tokens).not.toHaveProperty('scope');
  });

  it('[RA05] cost no more than permissions: nothing of them is a row of its own', async () => {
    const keys = await storedKeys();
    await granted([payment]);
    const added = (await storedKeys()).filter((key) => !keys.includes(key));
    expect(added.map((key) => key.split(':')[0]).toSorted()).toEqual(['family', 'history']);
  });

  it('[RA06] are announced by the server and for each resource', async () => {
    const document = await okJson(fetch(`${stack.issuer}/.well-known/oauth-authorization-server`));
    expect(document.authorization_details_types_supported).toEqual(['payment', 'account_list', 'file']);
    const about = await okJson(fetch(`${stack.issuer}/.well-known/oauth-protected-resource/files.contoso.example`));
    expect(about.authorization_details_types_supported).toEqual(['file']);
  });
});
