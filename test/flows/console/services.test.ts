/** Registered services in the console: seeing them, changing and deleting them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { basicAuth, postForm, refusalOf, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let audrey: Person;

beforeAll(async () => {
  stack = await startStack();
  ({ olga, audrey } = await ruling(stack));
});

afterAll(() => stack.stop());

const hostileName = 'Reports <img src=x onerror=alert(1)>\u202egnp';

const one = (clientId: string): string => `/services/one?${String(new URLSearchParams({ client_id: clientId }))}`;

const press = (page: Page, act: string, typed: Readonly<Record<string, string>> = {}): Promise<Page> =>
  sendForm(olga, page, { button: ['do', act], typed });

/** Every page of the list. */
const listed = async (person: Person): Promise<string> => {
  let html = '';
  for (let path: string | undefined = '/services'; path !== undefined; ) {
    const page: Page = await consoleAt(person, stack, path);
    html += page.html;
    path = /rel="next" href="\/console([^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&');
  }
  return html;
};

const registration = {
  client_name: 'Plans',
  client_uri: 'https://plans.example',
  redirect_uris: ['https://plans.example/back'],
  contacts: ['ops@plans.example'],
  software_id: 'plans-of-plans',
};

const registered = async (): Promise<{ readonly clientId: string; readonly secret: string }> => {
  const { clientId, secret = '' } = (await register(stack.issuer, registration)).registration;
  return { clientId, secret };
};

const secretIn = (html: string): string => /Client secret<\/dt><dd><code dir="ltr">([^<]+)</.exec(html)?.[1] ?? '';

const authenticates = async ({ clientId, secret }: { clientId: string; secret: string }): Promise<boolean> => {
  const fields = { token: 'unknown' };
  const answer = await postForm(`${stack.issuer}/revoke`, fields, { authorization: basicAuth(clientId, secret) });
  return answer.status === 200;
};

describe('the services', () => {
  it('are listed page by page, also for auditors, with hostile names made harmless', async () => {
    await register(stack.issuer, { client_name: hostileName });
    for (let more = 0; more < 26; more++) await register(stack.issuer, {});
    const html = await listed(audrey);
    expect(html).toContain('Reports &lt;img src=x onerror=alert(1)&gt;gnp');
    expect(html).not.toMatch(/<img src=x|\u202e/);
  });

  it('are shown with all that RFC 7591 names, and without their secrets', async () => {
    const made = await registered();
    const { html } = await consoleAt(audrey, stack, one(made.clientId));
    for (const text of ['Plans', 'https://plans.example/back', 'ops@plans.example', 'plans-of-plans', '0 people'])
      expect(html).toContain(text);
    expect(html).not.toContain(made.secret);
  });

  it('that there are not get a page that says so', async () => {
    const { status, html } = await consoleAt(audrey, stack, one('https://x.example/y?z'));
    expect([status, html]).toEqual([404, expect.stringContaining('Nothing to show')]);
  });
});

describe('a service', () => {
  it('that somebody else changed meanwhile is left as it is, and shown as it is now', async () => {
    const { clientId } = await registered();
    const page = await consoleAt(olga, stack, one(clientId));
    await press(page, 'verify');
    const late = await press(page, 'block');
    expect([late.status, late.html]).toEqual([400, expect.stringContaining('Nothing was changed.')]);
    expect(late.html).not.toMatch(/Not verified|>Blocked</);
    expect((await press(late, 'block')).html).toContain('>Blocked<');
  });

  it('is verified, and is not any more, and all else stays', async () => {
    const made = await registered();
    let page = await consoleAt(olga, stack, one(made.clientId));
    expect(page.html).toContain('Not verified');
    page = await press(page, 'verify');
    expect(page.html).not.toContain('Not verified');
    page = await press(page, 'unverify');
    expect(page.html).toContain('Not verified');
    expect(page.html).toContain('plans-of-plans');
    expect(await authenticates(made)).toBe(true);
  });

  it('is blocked and gets no token, until it is unblocked', async () => {
    const service = await register(stack.issuer, {});
    const { refresh_token: token } = await service.tokens(await signedInAt(stack), { scope: 'vso.work' });
    const page = await press(await consoleAt(olga, stack, one(service.registration.clientId)), 'block');
    expect(page.html).toContain('>Blocked<');
    expect((await refusalOf(service.refresh(token))).error).toBe('unauthorized_client');
    expect((await press(page, 'unblock')).html).not.toContain('>Blocked<');
    expect((await service.refresh(token)).status).toBe(200);
  });

  it('gets a second secret, and loses the first', async () => {
    const made = await registered();
    const first = await consoleAt(olga, stack, one(made.clientId));
    const secret = secretIn((await press(first, 'add-secret')).html);
    expect(await authenticates({ clientId: made.clientId, secret })).toBe(true);
    expect(secretIn((await press(first, 'add-secret')).html), 'the same form again').toBe(secret);
    await press(first, 'remove-secret');
    const { html } = await consoleAt(olga, stack, one(made.clientId));
    expect(html.split('value="remove-secret"').length - 1).toBe(1);
  });

  it('is deleted once the box is ticked that says how much ends', async () => {
    const service = await register(stack.issuer, { client_name: hostileName });
    const tokens = await service.tokens(await signedInAt(stack), { scope: 'vso.work' });
    const { clientId } = service.registration;
    const patience = { timeout: 60_000, interval: 200 };
    await expect
      .poll(async () => (await consoleAt(olga, stack, one(clientId))).html, patience)
      .toContain('End 1 authorization<');
    const page = await consoleAt(olga, stack, one(clientId));
    expect((await press(page, 'delete')).html).toContain('tick the box');
    const done = await press(page, 'delete', { sure: 'yes' });
    expect([done.url.pathname, done.html]).toEqual(['/console/services', expect.stringContaining('Deleted.')]);
    expect((await refusalOf(service.refresh(tokens.refresh_token))).error).toBe('invalid_client');
    const late = await press(page, 'delete', { sure: 'yes' });
    expect([late.status, late.html]).toEqual([400, expect.stringContaining('Nothing was changed.')]);
  });
});
