/** What is stored about a person is theirs to take along: all of it, and nothing of anybody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { userKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { type Everything, everythingOf } from '../../support/everything.ts';
import { pageOf, textOf } from '../../support/managing.ts';
import { type Login, personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { storedRows } from '../../support/rows.ts';
import { okJson, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Everything;
let bob: Person;

const partitionOf = (login: Login): string => {
  const subject = users.find((user) => user.login === login)?.objectId ?? '';
  return userKeyOf(stack.provider.issuer, subject).toString('hex');
};

type Row = Readonly<Record<string, unknown>> & { readonly id: string };
type File = Readonly<Record<string, readonly Row[]>> & { readonly next?: string };

const download = (person: Person): Promise<Response> => person.send(`${stack.issuer}/my-data/download`);

const idsIn = (file: File): readonly string[] =>
  Object.values(file)
    .flatMap((value) => (Array.isArray(value) ? (value as readonly Row[]) : []))
    .flatMap(({ id }) => (typeof id === 'string' ? [id] : []));

beforeAll(async () => {
  stack = await startStack();
  olga = await everythingOf(stack, 'olga');
  bob = await signedInAt(stack, 'bob');
  await (await register(stack.issuer, { client_name: 'Of Bob alone' })).tokens(bob, { scope: 'openid vso.code' });
});

afterAll(() => stack.stop());

describe('my data', () => {
  it('is a file of every row that there is about the person, by what it is', async () => {
    const answer = await download(olga.person);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="assent-my-data.json"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const file = await okJson<File>(answer);
    const rows = await storedRows(stack, 'users', partitionOf('olga'));
    expect(idsIn(file).toSorted()).toEqual(rows.map(({ RowKey }) => RowKey).toSorted());
    expect(file).toMatchObject({
      you: { name: 'Olga Operator', account: 'olga@contoso.example' },
      authorizations: [{ clientName: 'Fabrikam Everything', permissions: expect.any(Array) }],
      connections: [{ clientId: olga.service.registration.clientId, state: 'active' }],
      profile: [{ displayName: 'Olga Operator' }],
      asked_of_operators: [{ clientName: 'Waiting', state: 'waiting' }],
      services_you_look_after: [{ clientIds: [olga.app.registration.clientId] }],
      you_at_services: [{ client_id: olga.app.registration.clientId, account: 'olga@contoso.example' }],
    });
    const kinds = ['browser_sessions', 'services_that_signed_you_in', 'sign_ins_and_tokens', 'history'];
    expect(kinds.filter((kind) => (file[kind] ?? []).length === 0)).toEqual([]);
    expect(file.history?.map(({ kind }) => kind)).toContain('refused');
    expect(file.next).toBeUndefined();
  });

  it('has no secret, no digest of one, and nothing of another person', async () => {
    const text = await (await download(olga.person)).text();
    expect(text).not.toMatch(/Bob|bob@|Of Bob alone/);
    expect(text).not.toContain(partitionOf('bob'));
    const rows = await storedRows(stack, 'users', partitionOf('olga'));
    const digests = rows
      .flatMap((row) => [row.codeHash, row.currentHash, row.previousHash, row.familyBytesHash, row.salt])
      .filter((value) => typeof value === 'string' && value !== '');
    expect(digests.length).toBeGreaterThan(1);
    for (const digest of digests) expect(text).not.toContain(digest);
  });

  it('is given to nobody who is not signed in, and not to a page that asks in the background', async () => {
    const stranger = personAt(stack);
    const answer = await stranger.send(`${stack.issuer}/my-data/download`);
    expect([answer.status, new URL(answer.headers.get('location') ?? '').origin]).toEqual([
      303,
      new URL(stack.provider.issuer).origin,
    ]);
    const headers = { 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    const background = await olga.person.send(`${stack.issuer}/my-data/download`, { headers });
    expect(background.status).toBe(403);
  });

  it('is offered on a page that says what is kept elsewhere', async () => {
    const page = await pageOf(olga.person, `${stack.issuer}/my-data`);
    expect(page.html).toContain('href="/my-data/download"');
    expect(textOf(page)).toContain('The organisation keeps an audit log');
  });
});
