/** A person takes back a part of what they allowed, and has it in writing. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eraseMe, idOf, pageOf, submitOn, textOf } from '../../support/managing.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { storedRows } from '../../support/rows.ts';
import {
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
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const api = 'https://api.assent.localhost';
const detailOf = (service: Service): Promise<Page> => pageOf(alice, `${stack.issuer}/authorizations/${idOf(service)}`);

const narrow = async (service: Service, scope: string): Promise<Page> =>
  submitOn(alice, await detailOf(service), ['/authorizations/narrow', { permission: `${api} ${scope}` }]);

describe('removing one permission', () => {
  it('makes introspection say less at once and the next refresh smaller, and asks again for nothing that is left', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice, { scope: 'vso.work vso.code' });
    const page = await narrow(service, 'vso.code');
    expect(textOf(page)).toContain('The permission is removed.');
    expect(await okJson(service.introspect({ token: tokens.access_token }))).toMatchObject({ scope: 'vso.work' });
    const refreshed = await okJson<TokenSet>(service.refresh(tokens.refresh_token));
    expect(refreshed.scope).toBe('vso.work');
    expect(await refusalOf(service.refresh(refreshed.refresh_token, { scope: 'vso.code' }))).toEqual({
      status: 400,
      error: 'invalid_scope',
    });
    // What is left is still remembered, and what was removed is asked for again.
    expect((await alice.send(service.authorization({ scope: 'vso.work' }).url)).status).toBe(303);
    expect((await alice.send(service.authorization({ scope: 'vso.work vso.code' }).url)).status).toBe(200);
  });

  it('takes with it what includes it, and says so', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice, { scope: 'vso.work vso.work_write vso.code' });
    const held = (
      (await okJson<{ scope: string }>(service.introspect({ token: tokens.access_token }))).scope ?? ''
    ).split(' ');
    expect(held).toContain('vso.work_write');
    await narrow(service, held.includes('vso.work') ? 'vso.work' : 'vso.work_write');
    expect(await okJson(service.introspect({ token: tokens.access_token }))).toMatchObject({ scope: 'vso.code' });
  });

  it('of which it was the last revokes the service', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice, { scope: 'vso.code' });
    const page = await narrow(service, 'vso.code');
    expect(page.url.pathname).toBe('/authorizations');
    expect(textOf(page)).toContain('has lost its access');
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('does nothing for a permission that is not there, or an authorization that is none', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice, { scope: 'vso.code' });
    const page = await detailOf(service);
    const token = /name="token" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const send = (fields: Record<string, string>) =>
      alice.send(`${stack.issuer}/authorizations/narrow`, {
        method: 'POST',
        body: new URLSearchParams({ token, ...fields }),
        headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
      });
    const answer = await send({ authorization: idOf(service), permission: `${api} vso.build` });
    expect(answer.status).toBe(303);
    expect((await send({ authorization: '0'.repeat(32), permission: 'x y' })).status).toBe(303);
    expect((await send({ authorization: 'zz', permission: 'x y' })).status).toBe(400);
    expect(await okJson(service.introspect({ token: tokens.access_token }))).toMatchObject({ scope: 'vso.code' });
    expect(textOf(await pageOf(alice, new URL(answer.headers.get('location') ?? '', stack.issuer).href))).not.toContain(
      'is removed',
    );
  });
});

describe('ending one connection', () => {
  it('leaves the others and what was allowed', async () => {
    const service = await register(stack.issuer, { client_name: 'Northwind Sync' });
    const first = await service.tokens(alice);
    await stack.clock.move(2);
    const second = await service.tokens(alice);
    const page = await detailOf(service);
    const [newest = ''] = [...page.html.matchAll(/name="connection" value="([\da-f]{32})"/g)].map(([, id]) => id);
    const after = await submitOn(alice, page, ['/authorizations/end-connection', { connection: newest }]);
    expect(textOf(after)).toContain('The connection has ended.');
    expect(await isActive(service, second.access_token)).toBe(false);
    expect(await isActive(service, first.access_token)).toBe(true);
    expect((await alice.send(service.authorization().url)).status).toBe(303);
    expect(textOf(after)).toContain('You ended one connection of Northwind Sync');
  });

  it('needs the name of one', async () => {
    const service = await register(stack.issuer);
    await service.tokens(alice);
    const page = await detailOf(service);
    const form = { authorization: idOf(service), connection: 'nothing' };
    const token = /name="token" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const answer = await alice.send(`${stack.issuer}/authorizations/end-connection`, {
      method: 'POST',
      body: new URLSearchParams({ token, ...form }),
      headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
    });
    expect(answer.status).toBe(400);
  });
});

describe('the receipt', () => {
  const receiptOn = async (page: Page): Promise<Response> => {
    const path = /href="(\/authorizations\/receipts\/[^"]+)"/.exec(page.html)?.[1];
    if (path === undefined) throw new Error('no receipt');
    return alice.send(`${stack.issuer}${path}`);
  };

  it('of a revocation is signed: who, which service, which permissions, when, and until when it can linger', async () => {
    const service = await register(stack.issuer, { client_name: 'Tailspin Reports' });
    const tokens = await service.tokens(alice, { scope: 'vso.work vso.code' });
    const { sub } = await okJson<{ sub: string }>(service.introspect({ token: tokens.access_token }));
    const list = await pageOf(alice, `${stack.issuer}/authorizations`);
    const page = await submitOn(alice, list, ['/authorizations/revoke', { authorization: idOf(service) }]);
    const answer = await receiptOn(page);
    expect(answer.headers.get('content-type')).toBe('application/revocation-receipt+jwt');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="receipt-[\w.-]+\.jwt"$/);
    const keys = createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(await answer.text(), keys, {
      issuer: stack.issuer,
      typ: 'revocation-receipt+jwt',
    });
    expect(payload).toMatchObject({
      sub,
      event: 'authorization_revoked',
      client_id: service.registration.clientId,
      client_name: 'Tailspin Reports',
      permissions: [{ resource: api, scope: 'vso.code vso.work' }],
      revoked_by: 'person',
      preferred_username: 'alice@contoso.example',
    });
    expect(Number(payload.effective_by) - Number(payload.revoked_at)).toBe(600 + 60);
    const events = (await storedRows(stack, 'users')).map(({ RowKey }) => RowKey);
    expect(events.some((key) => key.endsWith(`:${payload.jti}`))).toBe(true);
    // No token of ours: it opens nothing.
    const { api: resource } = demoServices(stack.issuer);
    expect(await okJson(resource.introspect({ token: await (await receiptOn(page)).text() }))).toEqual({
      active: false,
    });
  });

  it('is there for a permission that was removed, too, and for nobody else', async () => {
    const service = await register(stack.issuer);
    await service.tokens(alice, { scope: 'vso.work vso.code' });
    const page = await narrow(service, 'vso.code');
    expect((await receiptOn(page)).status).toBe(200);
    const path = /href="(\/authorizations\/receipts\/[^"]+)"/.exec(page.html)?.[1] ?? '';
    const bob = await signedInAt(stack, 'bob');
    expect((await bob.send(`${stack.issuer}${path}`)).status).toBe(404);
    expect((await alice.send(`${stack.issuer}/authorizations/receipts/nothing`)).status).toBe(404);
    // The approval that came first has none.
    const background = { headers: { 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' } };
    expect((await alice.send(`${stack.issuer}${path}`, background)).status).not.toBe(200);
  });
});

describe('what is known of a use', () => {
  it('is a kind of program and a network, never an address, and from the next use on', async () => {
    const service = await register(stack.issuer);
    const code = await service.code(alice);
    const { clientId, secret = '' } = service.registration;
    const body = (fields: Record<string, string>) => new URLSearchParams({ client_id: clientId, ...fields });
    const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
    const token = async (fields: Record<string, string>, agent: string, from: string) =>
      (await (
        await fetch(`${stack.issuer}/token`, {
          method: 'POST',
          body: body(fields),
          headers: { authorization, 'user-agent': agent, 'x-forwarded-for': from },
        })
      ).json()) as TokenSet;
    const redeem = { grant_type: 'authorization_code', code: code.code, code_verifier: code.verifier };
    const first = await token(redeem, 'python-requests/2.32', '192.0.2.77');
    expect(textOf(await detailOf(service))).toContain('by a server from 192.0.2.0/24');
    await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token }, 'okhttp/4', '2001:db8:1:2::7');
    const after = textOf(await detailOf(service));
    expect(after).toContain('by a phone or tablet from 2001:db8:1::/48');
    expect(JSON.stringify(await storedRows(stack, 'users'))).not.toContain('192.0.2.77"');
  });
});

describe('the list', () => {
  it('finds services by name, host and permission, and puts what was not used for ninety days apart', async () => {
    // Nothing is there that another try left.
    await eraseMe(await signedInAt(stack, 'olga'), stack.issuer);
    const olga = await signedInAt(stack, 'olga');
    const old = await register(stack.issuer, { client_name: 'Litware Notes' });
    await old.tokens(olga, { scope: 'vso.build' });
    await stack.clock.move(91 * 86_400);
    const again = await signedInAt(stack, 'olga');
    const used = await register(stack.issuer, {
      client_name: 'Adatum',
      redirect_uris: ['https://adatum.example/callback'],
    });
    await used.tokens(again, { scope: 'vso.code' });
    const namesAt = async (query: string) => {
      const { html } = await pageOf(again, `${stack.issuer}/authorizations${query}`);
      return [...html.matchAll(/<h3 id="service-\d+"><a [^>]*><bdi>(.*?)<\/bdi>/g)].map(([, name]) => name);
    };
    expect(await namesAt('')).toEqual(['Adatum', 'Litware Notes']);
    const { html } = await pageOf(again, `${stack.issuer}/authorizations`);
    expect(html.indexOf('Not used for 90 days')).toBeGreaterThan(html.indexOf('>Adatum<'));
    expect(html.indexOf('Not used for 90 days')).toBeLessThan(html.indexOf('>Litware Notes<'));
    expect(await namesAt('?q=LITWARE')).toEqual(['Litware Notes']);
    expect(await namesAt('?q=adatum.example')).toEqual(['Adatum']);
    expect(await namesAt('?q=vso.build')).toEqual(['Litware Notes']);
    expect(await namesAt('?q=nobody')).toEqual([]);
    // One that is used without refresh tokens is not idle, however old its approval is.
    await stack.clock.move(60 * 86_400);
    const later = await signedInAt(stack, 'olga');
    await used.tokens(later, { scope: 'vso.code' });
    await stack.clock.move(60 * 86_400);
    const page = await pageOf(await signedInAt(stack, 'olga'), `${stack.issuer}/authorizations`);
    expect(page.html.indexOf('Not used for 90 days')).toBeGreaterThan(page.html.indexOf('>Adatum<'));
  });
});

describe('reporting a service', () => {
  it('tells operators once a day, by the audit log, what the person wrote', async () => {
    const person = await signedInAt(stack);
    const service = await register(stack.issuer);
    await service.tokens(person);
    const address = `${stack.issuer}/authorizations/${idOf(service)}/report`;
    const form = await pageOf(person, address);
    const without = await person.submit(
      form,
      { action: '/authorizations/report', method: 'POST', fields: [] },
      new URLSearchParams({
        token: /name="token" value="([^"]+)"/.exec(form.html)?.[1] ?? '',
        authorization: idOf(service),
      }),
    );
    expect(without.kind === 'page' && without.status).toBe(400);
    const report = new URLSearchParams({
      token: /name="token" value="([^"]+)"/.exec(form.html)?.[1] ?? '',
      authorization: idOf(service),
      reason: 'misuse',
      text: 'It wrote <b>to</b> my boss.\r\nTwice.',
    });
    stack.tableProxy.rule = ({ bodyStart }) =>
      bodyStart.includes('client.reported') ? { kind: 'throttle' } : undefined;
    const lost = await person.submit(form, { action: '/authorizations/report', method: 'POST', fields: [] }, report);
    expect(lost.kind === 'page' && lost.status).toBe(503);
    stack.tableProxy.rule = undefined;
    const sent = await person.submit(form, { action: '/authorizations/report', method: 'POST', fields: [] }, report);
    expect(sent.kind === 'page' && textOf(sent)).toContain('Your report has been sent.');
    const again = await person.submit(form, { action: '/authorizations/report', method: 'POST', fields: [] }, report);
    expect(again.kind === 'page' && textOf(again)).toContain('reported this service today already');
    const rows = (await storedRows(stack, 'audit')).filter(
      ({ event, client }) => event === 'client.reported' && client === service.registration.clientId,
    );
    expect(rows.map(({ details }) => JSON.parse(String(details)).text)).toEqual([
      'It wrote <b>to</b> my boss.\r\nTwice.',
    ]);
  });
});
