/** Finding what people authorized, and ending one of it, in the console. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { clientKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { audited, pseudonymOf } from '../../support/audit.ts';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { indexOf } from '../../support/index.ts';
import { type Login, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { refusalOf, register, type Service } from '../../support/service.ts';
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
const patience = { timeout: 60_000, interval: 100 };

const indexed = (service: Service, count: number): Promise<void> =>
  expect.poll(async () => (await indexOf(stack, service.registration.clientId)).count, patience).toBe(count);

const authorizedBy = async (logins: readonly Login[]) => {
  const service = await register(stack.issuer, { client_name: hostileName });
  const tokens = [];
  for (const login of logins) tokens.push(await service.tokens(await signedInAt(stack, login), { scope: 'vso.work' }));
  await indexed(service, logins.length);
  return { service, tokens };
};

const idOf = (service: Service, login: Login): string =>
  `${pseudonymOf(stack, login)}.${clientKeyOf(service.registration.clientId).toString('hex')}`;

const queried = (query: Readonly<Record<string, string>>): string =>
  `/authorizations?${String(new URLSearchParams(query))}`;

const isHarmless = (html: string): void => {
  expect(html).toContain('Reports &lt;img src=x onerror=alert(1)&gt;gnp');
  expect(html).not.toMatch(/<img src=x|\u202e/);
};

describe('looking for people', () => {
  it('finds them by account in any letter case and by subject, for auditors as well, and says when there is nobody', async () => {
    await signedInAt(stack, 'alice');
    const subject = users.find(({ login }) => login === 'alice')?.objectId ?? '';
    await expect
      .poll(async () => (await consoleAt(audrey, stack, queried({ account: 'ALICE@contoso.example' }))).html, patience)
      .toContain('1 person found');
    const page = await consoleAt(audrey, stack, queried({ subject }));
    expect(page.html).toContain(`person=${pseudonymOf(stack, 'alice')}`);
    expect((await consoleAt(olga, stack, queried({ account: 'nobody' }))).html).toContain('Nobody of that name');
  });

  it('keeps what was typed wrongly, with the reason', async () => {
    const typed = '<b>'.repeat(200);
    const { html } = await consoleAt(olga, stack, queried({ account: typed }));
    expect(html).toContain('role="alert"');
    expect(html).toContain(`value="${'&lt;b&gt;'.repeat(200)}"`);
  });
});

describe('the people of a service', () => {
  it('are counted and listed, and what each authorized is shown with the name of the service made harmless', async () => {
    const { service } = await authorizedBy(['alice', 'bob']);
    const { clientId } = service.registration;
    const list = await consoleAt(audrey, stack, queried({ client_id: clientId }));
    expect(list.html).toContain('2 people have authorized');
    expect(list.html).toContain('bob@contoso.example');
    expect(list.html).not.toContain('End all');
    expect((await consoleAt(olga, stack, queried({ client_id: clientId }))).html).toContain('End all');
    const person = await consoleAt(audrey, stack, queried({ person: pseudonymOf(stack, 'bob') }));
    isHarmless(person.html);
    const one = await consoleAt(audrey, stack, `/authorizations/one?id=${idOf(service, 'bob')}`);
    expect([one.status, one.html]).toEqual([200, expect.stringContaining('vso.work')]);
    isHarmless(one.html);
    await audited(stack, (row) => row.event === 'authorization.read' && row.actorKind === 'auditor');
  });

  it('are nobody, for a service that nobody knows', async () => {
    const { html, status } = await consoleAt(olga, stack, queried({ client_id: 'https://unknown.example/a?b' }));
    expect([status, html]).toEqual([200, expect.stringContaining('0 people have authorized')]);
  });
});

describe('one authorization', () => {
  it('is ended by an operator: the service has nothing any more, and the page of the person says so', async () => {
    const { service, tokens } = await authorizedBy(['bob']);
    const page = await consoleAt(olga, stack, `/authorizations/one?id=${idOf(service, 'bob')}`);
    const done = await sendForm(olga, page, { button: ['do', 'end'] });
    expect([done.url.pathname, done.status]).toEqual(['/console/authorizations', 200]);
    expect(done.html).toContain('Ended. The service has nothing');
    expect((await refusalOf(service.refresh(tokens[0]?.refresh_token ?? ''))).error).toBe('invalid_grant');
    const late = await sendForm(olga, page, { button: ['do', 'end'] });
    expect([late.status, late.html]).toEqual([400, expect.stringContaining('Nothing was changed.')]);
    expect(late.html).not.toContain('End this authorization');
  });

  it('that has changed since it was looked at is not ended, and is shown as it is now', async () => {
    const { service } = await authorizedBy(['alice']);
    const page = await consoleAt(olga, stack, `/authorizations/one?id=${idOf(service, 'alice')}`);
    await service.tokens(await signedInAt(stack, 'alice'), { scope: 'vso.code' });
    const refused = await sendForm(olga, page, { button: ['do', 'end'] });
    expect([refused.status, refused.html]).toEqual([400, expect.stringContaining('Nothing was changed.')]);
    expect(refused.html).toContain('vso.code');
    expect((await sendForm(olga, refused, { button: ['do', 'end'] })).html).toContain('Ended. The service has nothing');
  });

  it.each([
    ['of a name that is none', 400, 'x'],
    ['that there is not', 404, `${'0'.repeat(64)}.${'0'.repeat(32)}`],
  ])('%s gets a page that says so', async (_, status, id) => {
    const page = await consoleAt(audrey, stack, `/authorizations/one?id=${id}`);
    expect([page.status, page.html]).toEqual([status, expect.stringContaining('Nothing to show')]);
  });
});
