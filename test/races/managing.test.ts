/** What people take back on their own pages, beside what services do at the same time: at one host and at two. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findUser } from '../../local/provider/users.ts';
import { userKeyOf } from '../../src/oauth/tokens/locator.ts';
import { type Answer, answerOf } from '../support/answer.ts';
import { formTokenIn, idOf, pageOf } from '../support/managing.ts';
import { storedRows } from '../support/rows.ts';
import { okJson, type Service } from '../support/service.ts';
import { tellDue } from '../support/sign-out.ts';
import {
  type Arena,
  everyRound,
  hostsIn,
  openApprovalPage,
  patienceMilliseconds,
  sendForm,
  spread,
  startArena,
  times,
  tokensOf,
  wordOf,
} from './arena.ts';
import { expectNothingAlive, never, refreshes } from './revoked.ts';

let arena: Arena;

beforeAll(async () => {
  arena = await startArena();
});

afterAll(() => arena.stop());

const scope = 'vso.build vso.code vso.work';

/** Tokens of a new authorization session with all three permissions, and what the person's forms need. */
const begin = async (service: Service) => {
  const { person, stack } = arena;
  const answer = await answerOf(service.redeem(await service.code(person, { scope })));
  expect([answer.status, answer.body.scope]).toEqual([200, scope]);
  const page = await pageOf(person, `${stack.issuer}/authorizations/${idOf(service)}`);
  const permissionOf = (name: string) =>
    [...page.html.matchAll(/name="permission" value="([^"]+)"/g)].find(([, one = '']) => one.endsWith(name))?.[1] ?? '';
  const form = (fields: Readonly<Record<string, string>>) =>
    new URLSearchParams({ token: formTokenIn(page), authorization: idOf(service), ...fields });
  return { answer, form, without: (name: string) => form({ permission: permissionOf(name) }) };
};

/** Sends a form of the person's at the round's host of that number. */
const post = (round: number, index: number, path: string, body: URLSearchParams): Promise<Response> => {
  const origins = hostsIn(round, arena.stack);
  return sendForm(arena.personAt(origins[index % origins.length] ?? ''), `${arena.stack.issuer}${path}`, body);
};

const scopesOf = (service: Service, tokens: readonly string[]): Promise<readonly unknown[]> =>
  Promise.all(tokens.map(async (token) => (await okJson(service.introspect({ token }))).scope));

const accessTokensIn = (answers: readonly Answer[]): readonly string[] =>
  answers.filter(({ status }) => status === 200).map((answer) => tokensOf(answer).accessToken);

it(
  'a permission that is removed beside refreshes is in no token any more, nor in the next',
  () =>
    everyRound(async (round) => {
      // What was removed stays unticked, so that each round needs another.
      const service = await arena.newClient();
      const { answer, without } = await begin(service);
      const speak = spread(service, arena.stack, round);
      const [narrowed, refreshed] = await Promise.all([
        post(round, 1, '/authorizations/narrow', without('vso.code')),
        refreshes(speak, tokensOf(answer).refreshToken),
      ]);
      expect(narrowed.status).toBe(303);
      never(refreshed.map(wordOf), /^200$|^400 invalid_grant$/);
      const all = accessTokensIn([answer, ...refreshed]);
      for (const index of [0, 1])
        expect(new Set(await scopesOf(speak(index), all))).toEqual(new Set(['vso.build vso.work']));
      const last = refreshed.find(({ status }) => status === 200) ?? answer;
      const next = await answerOf(speak(1).refresh(tokensOf(last).refreshToken));
      expect([next.status, next.body.scope]).toEqual([200, 'vso.build vso.work']);
    }),
  patienceMilliseconds,
);

it(
  'two permissions that are removed at once are both gone',
  () =>
    everyRound(async (round) => {
      // What was removed stays unticked, so that each round needs another.
      const service = await arena.newClient();
      const { answer, without } = await begin(service);
      const speak = spread(service, arena.stack, round);
      const answers = await times(2, (index) =>
        post(round, index, '/authorizations/narrow', without(['vso.code', 'vso.build'][index] ?? '')),
      );
      expect(answers.map(({ status }) => status)).toEqual([303, 303]);
      const next = await answerOf(speak(0).refresh(tokensOf(answer).refreshToken));
      expect([next.status, next.body.scope]).toEqual([200, 'vso.work']);
    }),
  patienceMilliseconds,
);

it(
  'removing a permission beside revoking and refreshing brings nothing back',
  () =>
    everyRound(async (round) => {
      // What was removed stays unticked, so that each round needs another.
      const service = await arena.newClient();
      const { answer, form, without } = await begin(service);
      const speak = spread(service, arena.stack, round);
      const [narrowed, revoked, refreshed] = await Promise.all([
        post(round, 0, '/authorizations/narrow', without('vso.code')),
        post(round, 1, '/authorizations/revoke', form({})),
        refreshes(speak, tokensOf(answer).refreshToken),
      ]);
      expect([narrowed.status, revoked.status]).toEqual([303, 303]);
      never(refreshed.map(wordOf), /^200$|^400 invalid_grant$/);
      await expectNothingAlive(speak, [answer, ...refreshed]);
    }),
  patienceMilliseconds,
);

it(
  'an erasure beside approvals, silent authorizations and refreshes leaves nothing: no token, no row',
  async () => {
    const { person, stack } = arena;
    const { issuer } = stack;
    const partition = userKeyOf(stack.provider.issuer, findUser('alice')?.objectId ?? '').toString('hex');
    await everyRound(async (round) => {
      const service = await arena.newClient();
      const speak = spread(service, stack, round);
      const { answer } = await begin(service);
      const erase = await pageOf(person, `${issuer}/my-data/erase`);
      const asked = service.authorization({ scope, prompt: 'consent' });
      const { body } = await openApprovalPage(person, asked.url);
      const form = new URLSearchParams({ token: formTokenIn(erase), confirmed: 'yes' });
      const [erased, refreshed, ...authorized] = await Promise.all([
        post(round, 1, '/my-data/erase', form),
        refreshes(speak, tokensOf(answer).refreshToken),
        ...[0, 1, 2].map((index) => silently(service, index)),
        post(round, 0, '/consent', body).then((response) => codeIn(response, asked.verifier)),
      ]);
      expect(erased.status).toBe(200);
      never(refreshed.map(wordOf), /^200$|^400 invalid_grant$/);
      await stack.clock.move(61);
      await tellDue(stack);
      await expectNothingAlive(speak, [answer, ...refreshed]);
      for (const code of authorized)
        if (code !== undefined) expect(wordOf(await answerOf(speak(round).redeem(code)))).toBe('400 invalid_grant');
      await expect
        .poll(
          async () => {
            await stack.clock.move(301);
            await tellDue(stack);
            return (await storedRows(stack, 'users', partition)).map(({ RowKey }) => RowKey);
          },
          { timeout: 60_000 },
        )
        .toEqual([]);
    });
  },
  patienceMilliseconds,
);

const codeIn = (response: Response, verifier: string) => {
  const location = response.headers.get('location');
  const code = location === null ? null : new URL(location, arena.stack.issuer).searchParams.get('code');
  return code === null ? undefined : { code, verifier };
};

/** A code, if remembered consent still gives one. */
const silently = async (service: Service, index: number) => {
  const origins = arena.stack.hosts;
  const { url, verifier } = service.authorization({ scope, prompt: 'none' });
  return codeIn(await arena.personAt(origins[index % origins.length] ?? '').send(url), verifier);
};
