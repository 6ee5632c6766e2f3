/** What "Manage authorizations" says about each service, and what of the rows behind it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { clientKeyOf, userKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { formsIn } from '../../support/forms.ts';
import { type Login, signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { deleteRow, storedRows } from '../../support/rows.ts';
import { okJson, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const listOf = async (person: Person): Promise<Page> => {
  const arrival = await person.visit(`${stack.issuer}/authorizations`);
  if (arrival.kind !== 'page' || arrival.status !== 200) throw new Error('no list of authorizations');
  return arrival;
};

const textOf = (html: string): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

/** The text of each service's card, without how long ago things were. */
const cardsOf = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/<article[\s\S]*?<\/article>/g)].map(([card]) => textOf(card.replace(/<time.*?<\/time>/g, '')));

const partitionOf = (login: Login): string => {
  const subject = users.find((user) => user.login === login)?.objectId ?? '';
  return userKeyOf(stack.provider.issuer, subject).toString('hex');
};

const rowKeyOf = ({ registration }: Service): string => `grant:${clientKeyOf(registration.clientId).toString('hex')}`;

const revokeOne = async (person: Person, service: Service): Promise<void> => {
  const page = await listOf(person);
  const id = rowKeyOf(service).slice('grant:'.length);
  const form = formsIn(page.html).find(({ fields }) => fields.some(({ value }) => value === id));
  if (form === undefined) throw new Error('no form to revoke it');
  await person.submit(page, form);
};

describe('what the list of authorizations says', () => {
  it('believes no link that says what was revoked', async () => {
    const olga = await signedInAt(stack, 'olga');
    const [kept, gone] = [await register(stack.issuer), await register(stack.issuer)];
    await kept.tokens(olga);
    await gone.tokens(olga);
    await revokeOne(olga, gone);
    const noticeAt = async (revoked: string): Promise<boolean> =>
      (await (await olga.send(`${stack.issuer}/authorizations?revoked=${revoked}`)).text()).includes('lost its access');
    const idOf = (service: Service) => rowKeyOf(service).slice('grant:'.length);
    expect(await noticeAt(idOf(gone))).toBe(true);
    expect(await noticeAt(idOf(kept))).toBe(false);
    expect(await noticeAt('all')).toBe(false);
    await revokeOne(olga, kept);
    expect(await noticeAt('all')).toBe(true);
  });

  it('shows families whose grant is gone nowhere, least of all under another service', async () => {
    const bob = await signedInAt(stack, 'bob');
    const names = ['Adatum', 'Fabrikam', 'Wingtip'];
    const services = await Promise.all(names.map((name) => register(stack.issuer, { client_name: name })));
    // In the order of their rows: the one that stays has neighbours on both sides.
    const [before, shown, after] = services.toSorted((a, b) => (rowKeyOf(a) < rowKeyOf(b) ? -1 : 1)) as [
      Service,
      Service,
      Service,
    ];
    await shown.tokens(bob);
    onTestFinished(() => revokeOne(bob, shown));
    const alone = cardsOf(await listOf(bob));
    expect(alone).toHaveLength(1);
    expect(alone[0]).toContain('1 active');

    await stack.clock.move(3 * 3_600);
    for (const service of [before, after]) {
      await service.tokens(bob);
      await service.tokens(bob);
    }
    expect(cardsOf(await listOf(bob))).toHaveLength(3);
    // Those of one have ended, as when the sweep took the grant; those of the other have not.
    await revokeOne(bob, after);
    for (const service of [before, after])
      await deleteRow(stack, 'users', { PartitionKey: partitionOf('bob'), RowKey: rowKeyOf(service) });
    const families = (await storedRows(stack, 'users', partitionOf('bob'))).filter(({ RowKey }) =>
      [before, after].some((service) => RowKey.startsWith(`${rowKeyOf(service).replace('grant', 'family')}:`)),
    );
    expect(families.map(({ state }) => state).sort()).toEqual(['active', 'active', 'ended', 'ended']);
    expect(cardsOf(await listOf(bob))).toEqual(alone);
  });

  it('tells in the history when a connection was ended to make room: the 51st of a service, and each after it', async () => {
    const alice = await signedInAt(stack);
    const name = `Northwind Sync ${randomUUID().slice(0, 6)}`;
    const service = await register(stack.issuer, { client_name: name });
    const sentence = `The oldest connection of ${name} was ended to make room for a new one.`;
    const toldTimes = async () => {
      const [, told] = textOf((await listOf(alice)).html).split(sentence);
      return told === undefined ? 0 : Number(/^ (\d+) times/.exec(told)?.[1] ?? 1);
    };
    const { access_token: oldest } = await service.tokens(alice);
    for (let count = 1; count < 50; count++) await service.tokens(alice);
    expect(await toldTimes()).toBe(0);
    const isActive = async () => {
      const answer = await service.introspect({ token: oldest });
      return ((await answer.json()) as { active: boolean }).active;
    };
    expect(await isActive()).toBe(true);
    // A code that nobody redeems pushes out nothing.
    const code = await service.code(alice);
    expect(await isActive()).toBe(true);
    await okJson(service.redeem(code));
    expect(await toldTimes()).toBe(1);
    expect(await isActive()).toBe(false);
    await service.tokens(alice);
    expect(await toldTimes()).toBe(2);
  });

  it('remembers what was refused, allowed and allowed on top, by the names of the permissions', async () => {
    const olga = await signedInAt(stack, 'olga');
    const service = await register(stack.issuer, { client_name: 'Everything Inc.' });
    const answer = (scope: string, decision: 'approve' | 'deny') =>
      olga.authorize(service.authorization({ scope, prompt: 'consent' }).url, { decision });
    await answer('vso.code', 'deny');
    await stack.clock.move(1);
    await answer('vso.work', 'approve');
    await stack.clock.move(1);
    await answer('vso.work vso.build', 'approve');
    const history = textOf((await listOf(olga)).html.split('id="history"')[1] ?? '');
    const told = [
      'You allowed more to Everything Inc. New: See your builds',
      'You authorized Everything Inc. It may use: See your work items',
      'You refused Everything Inc. It had asked for: See your source code',
    ];
    const places = told.map((sentence) => history.indexOf(sentence));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});
