/** The device flow (RFC 8628), as a television and the person before it see it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answerDevice,
  askForCodes,
  codesOf,
  type DeviceCodes,
  deviceGrant,
  enterCode,
  poll,
  registerDevice,
} from '../../support/devices.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt } from '../../support/people.ts';
import { createPerson, type Person } from '../../support/person.ts';
import {
  administer,
  demoServices,
  isActive,
  okJson,
  refusalOf,
  register,
  type Service,
  type TokenSet,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let television: Service;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ settings: { COUNTRY_HEADER: 'x-country' } });
  television = await registerDevice(stack.issuer);
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const approve = async (userCode: string, permissions?: readonly string[]) => {
  const page = await enterCode(alice, stack.issuer, userCode);
  return answerDevice(alice, page, { decision: 'approve', ...(permissions === undefined ? {} : { permissions }) });
};

describe('a device that asks for codes (RFC 8628 §3.1, §3.2)', () => {
  it('[DV01] gets everything that it needs, in an answer that nobody stores', async () => {
    const response = await askForCodes(stack.issuer, television.registration);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const codes = await okJson<Record<string, unknown>>(response);
    expect(codes).toEqual({
      device_code: expect.stringMatching(/^assent_dc_[\w-]{80,}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${stack.issuer}/device`,
      verification_uri_complete: `${stack.issuer}/device?user_code=${codes.user_code}`,
      expires_in: 900,
      interval: 5,
    });
  });

  it('is refused when it may not use the grant, asks for what it may not have, or cannot prove itself', async () => {
    const web = await register(stack.issuer);
    expect(await refusalOf(askForCodes(stack.issuer, web.registration))).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    const pub = await register(stack.issuer, { token_endpoint_auth_method: 'none' });
    expect(await refusalOf(askForCodes(stack.issuer, pub.registration))).toEqual({
      status: 400,
      error: 'unauthorized_client',
    });
    const tooMuch = askForCodes(stack.issuer, television.registration, { scope: 'vso.release_manage' });
    expect(await refusalOf(tooMuch)).toEqual({ status: 400, error: 'invalid_scope' });
    const own = askForCodes(stack.issuer, television.registration, { scope: 'assent.admin' });
    expect(await refusalOf(own)).toEqual({ status: 400, error: 'invalid_scope' });
    const elsewhere = { scope: 'vso.work', resource: 'https://elsewhere.example' };
    expect(await refusalOf(askForCodes(stack.issuer, television.registration, elsewhere))).toEqual({
      status: 400,
      error: 'invalid_target',
    });
  });
});

describe('a device that polls (RFC 8628 §3.4, §3.5)', () => {
  it('[DV02] hears authorization_pending, and slow_down when it does not wait', async () => {
    const codes = await codesOf(stack.issuer, television.registration);
    expect(await refusalOf(poll(television, codes))).toEqual({ status: 400, error: 'authorization_pending' });
    expect(await refusalOf(poll(television, codes))).toEqual({ status: 400, error: 'slow_down' });
  });

  it('[DV02] gets tokens of what was approved, which work, refresh and can be revoked', async () => {
    const codes = await codesOf(stack.issuer, television.registration);
    const connected = await approve(codes.user_code, ['vso.work']);
    expect(connected.html).toContain('Go back to your device');
    const tokens = await okJson<TokenSet>(poll(television, codes));
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'vso.work' });
    const refreshed = await okJson<TokenSet>(television.refresh(tokens.refresh_token));
    expect(refreshed.scope).toBe('vso.work');
    await okJson(television.revoke({ token: refreshed.refresh_token }));
    expect(await refusalOf(television.refresh(refreshed.refresh_token))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
  });

  it('[DV02] hears access_denied when the person refuses, and the person’s history remembers it', async () => {
    const codes = await codesOf(stack.issuer, television.registration);
    const page = await enterCode(alice, stack.issuer, codes.user_code);
    expect((await answerDevice(alice, page, { decision: 'deny' })).html).toContain('The device gets nothing');
    expect(await refusalOf(poll(television, codes))).toEqual({ status: 400, error: 'access_denied' });
    const list = await alice.visit(`${stack.issuer}/authorizations`);
    expect(list.kind === 'page' && list.html).toContain('refused');
  });

  it('[DV04] gets invalid_grant for a code that was used, and what it gave goes on', async () => {
    const codes = await codesOf(stack.issuer, television.registration);
    await approve(codes.user_code);
    const tokens = await okJson<TokenSet>(poll(television, codes));
    expect(await refusalOf(poll(television, codes))).toEqual({ status: 400, error: 'invalid_grant' });
    expect((await television.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('gets invalid_grant for another client’s code, an altered one and what is none', async () => {
    const other = await registerDevice(stack.issuer);
    const codes = await codesOf(stack.issuer, television.registration);
    const { device_code } = codes;
    const altered = `${device_code.slice(0, -3)}${device_code.endsWith('AAA') ? 'BBB' : 'AAA'}`;
    const refused = { status: 400, error: 'invalid_grant' };
    expect(await refusalOf(poll(other, codes))).toEqual(refused);
    expect(await refusalOf(poll(television, { ...codes, device_code: altered }))).toEqual(refused);
    expect(await refusalOf(poll(television, { ...codes, device_code: codes.user_code }))).toEqual(refused);
    expect(await refusalOf(television.token({ grant_type: deviceGrant }))).toEqual({
      status: 400,
      error: 'invalid_request',
    });
  });

  it('gets nothing once the person has revoked what they approved before it polled', async () => {
    const codes = await codesOf(stack.issuer, television.registration);
    await approve(codes.user_code);
    const list = await alice.visit(`${stack.issuer}/authorizations`);
    if (list.kind !== 'page') throw new Error('no list');
    const form = formsIn(list.html).find(({ action }) => action === '/authorizations/revoke');
    if (form === undefined) throw new Error('nothing to revoke');
    await alice.submit(list, form);
    expect(await refusalOf(poll(television, codes))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('gets nothing once the client is blocked', async () => {
    const doomed = await registerDevice(stack.issuer, { client_name: 'Doomed' });
    const codes = await codesOf(stack.issuer, doomed.registration);
    await approve(codes.user_code);
    const path = `apps/${doomed.registration.clientId}`;
    const metadata = await okJson<Record<string, unknown>>(administer(stack.issuer, { method: 'GET', path }));
    await okJson(administer(stack.issuer, { method: 'PUT', path, body: { ...metadata, assent_blocked: true } }));
    expect(await refusalOf(poll(doomed, codes))).toEqual({ status: 400, error: 'unauthorized_client' });
    const page = await enterCode(alice, stack.issuer, (await codesOf(stack.issuer, television.registration)).user_code);
    expect(page.status).toBe(200);
  });

  it('has its access token told by introspection like any other', async () => {
    const codes = await codesOf(stack.issuer, television.registration);
    await approve(codes.user_code);
    const tokens = await okJson<TokenSet>(poll(television, codes));
    const { api } = demoServices(stack.issuer);
    expect(await isActive(api, tokens.access_token)).toBe(true);
  });
});

describe('the page for the code (RFC 8628 §3.3)', () => {
  it('[DV07] takes lower case and other punctuation, and shows what was typed escaped', async () => {
    const { user_code } = await codesOf(stack.issuer, television.registration);
    const page = await enterCode(alice, stack.issuer, ` ${user_code.toLowerCase().replace('-', ' ')} `);
    expect(page.html).toContain('Wingtip Television');
    const hostile = await alice.send(`${stack.issuer}/device?user_code=%22%3E%3Cscript%3E`);
    expect(await hostile.text()).not.toContain('<script');
  });

  it('[DV08] warns of codes that somebody else sent, says where the device is and what it calls itself', async () => {
    const from = { 'x-forwarded-for': '198.51.100.7:50123', 'user-agent': 'WingtipTV/3 (Living room)' };
    const { user_code } = await okJson<DeviceCodes>(
      askForCodes(stack.issuer, television.registration, undefined, from),
    );
    const page = await enterCode(alice, stack.issuer, user_code);
    expect(page.html).toContain(user_code);
    expect(page.html).toContain('If somebody sent you this code or a link, they would get in');
    const facts = page.html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(facts).toContain('It asks from 198.51.100.7');
    expect(facts).toContain('It calls itself WingtipTV/3 (Living room)');
  });

  it('[DV08] names the country that the device is in, in the language of the person, where a proxy knows it', async () => {
    const from = { 'x-forwarded-for': '198.51.100.7:50123', 'x-country': 'jp' };
    const { user_code } = await okJson<DeviceCodes>(
      askForCodes(stack.issuer, television.registration, undefined, from),
    );
    const factsIn = async (language: string): Promise<string> => {
      const reader = createPerson({
        login: 'alice',
        issuer: stack.issuer,
        providerIssuer: stack.provider.issuer,
        headers: { 'accept-language': language },
      });
      const page = await enterCode(reader, stack.issuer, user_code);
      return page.html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    };
    expect(await factsIn('en')).toContain('It asks from Japan');
    expect(await factsIn('fr')).toContain('Il demande depuis Japon');
  });

  it('[DV08] asks for an explicit step when the code came with a link', async () => {
    const codes = await codesOf(stack.issuer, television.registration);
    const page = await alice.visit(codes.verification_uri_complete);
    if (page.kind !== 'page') throw new Error('no page');
    expect(page.html).toContain(`value="${codes.user_code}"`);
    expect(page.html).not.toContain('Wingtip Television');
  });

  it('[DV08] brings the code of a link through the sign-in', async () => {
    const codes = await codesOf(stack.issuer, television.registration);
    const page = await personAt(stack, 'bob').visit(codes.verification_uri_complete);
    expect(page.kind === 'page' && page.html).toContain(`value="${codes.user_code}"`);
  });

  it('[DV07] takes no form from elsewhere and none without its token', async () => {
    const { user_code } = await codesOf(stack.issuer, television.registration);
    const send = (headers: Readonly<Record<string, string>>) =>
      alice.send(`${stack.issuer}/device`, {
        method: 'POST',
        body: new URLSearchParams({ user_code }),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      });
    expect((await send({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({})).status).toBe(403);
  });

  it('[DV05] stops a person who tries codes, though other people go on', async () => {
    const guesser = personAt(stack, 'bob');
    const answers: string[] = [];
    for (let tries = 0; tries < 30; tries++) answers.push((await enterCode(guesser, stack.issuer, 'BBBB-BBBB')).html);
    expect(answers.filter((html) => html.includes('too many codes')).length).toBeGreaterThan(0);
    const { user_code } = await codesOf(stack.issuer, television.registration);
    expect((await enterCode(guesser, stack.issuer, user_code)).html).toContain('too many codes');
    expect((await enterCode(alice, stack.issuer, user_code)).html).toContain('Wingtip Television');
  });

  it('asks again when nothing is ticked, and says so when the code was answered already', async () => {
    const { user_code } = await codesOf(stack.issuer, television.registration);
    const page = await enterCode(alice, stack.issuer, user_code);
    const again = await answerDevice(alice, page, { decision: 'approve', permissions: [] });
    expect(again.html).toContain('Nothing is ticked');
    await answerDevice(alice, again, { decision: 'approve', permissions: ['vso.work'] });
    const late = await alice.decide(page, { decision: 'approve' });
    expect(late.kind === 'page' && [late.status, late.html.includes('no longer open')]).toEqual([400, true]);
  });
});
