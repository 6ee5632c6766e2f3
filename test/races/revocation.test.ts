import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, answerOf } from '../support/answer.ts';
import { administer, register, type Service } from '../support/service.ts';
import {
  type Arena,
  everyRound,
  hostsIn,
  isActive,
  type Minted,
  patienceMilliseconds,
  revocationForms,
  sendForm,
  spread,
  startArena,
  times,
  tokensOf,
  watching,
  wordOf,
} from './arena.ts';

const simultaneous = 8;
/** Longer than any instance holds a client's row or a not-before instant. */
const cachesSeconds = 61;

let arena: Arena;
let revocationOf: ReturnType<typeof revocationForms>;

beforeAll(async () => {
  arena = await startArena();
  revocationOf = revocationForms(arena.person, arena.stack.issuer);
});

afterAll(() => arena.stop());

const refreshes = (service: (index: number) => Service, token: string): Promise<Answer[]> =>
  times(simultaneous, (index) => answerOf(service(index).refresh(token)));

/** Never active again once it was not. */
const expectMonotone = (seen: readonly boolean[]): void => {
  const end = seen.indexOf(false);
  expect(end < 0 ? [] : seen.slice(end)).not.toContain(true);
};

const never = (words: readonly string[], allowed: RegExp): void =>
  expect(words.filter((word) => !allowed.test(word))).toEqual([]);

/** Of every token that was given out nothing works any more, whoever asks. */
const expectNothingAlive = async (service: (index: number) => Service, answers: readonly Answer[]): Promise<void> => {
  for (const [index, answer] of answers.filter(({ status }) => status === 200).entries()) {
    const { accessToken, refreshToken } = tokensOf(answer);
    expect(await isActive(service(index), accessToken)).toBe(false);
    expect(await isActive(service(index), refreshToken)).toBe(false);
    expect(wordOf(await answerOf(service(index + 1).refresh(refreshToken)))).toBe('400 invalid_grant');
  }
};

describe('RFC 7009 and the person: what is revoked stays revoked, at one host and at two', () => {
  it(
    '[RV05] a service that revokes its refresh token beside its own refreshes leaves nothing alive',
    () =>
      everyRound(async (round) => {
        const minted = await arena.mint();
        const service = spread(minted.service, arena.stack, round);
        const first = await answerOf(service(0).redeem(minted));
        const { refreshToken, accessToken } = tokensOf(first);
        const race = Promise.all([
          answerOf(service(1).revoke({ token: refreshToken })),
          refreshes(service, refreshToken),
        ]);
        const seen = await watching(service, accessToken, race);
        const [revoked, refreshed] = await race;
        expect(wordOf(revoked)).toBe('200');
        never(refreshed.map(wordOf), /^200$|^400 invalid_grant$/);
        expectMonotone(seen);
        await expectNothingAlive(service, [first, ...refreshed]);
      }),
    patienceMilliseconds,
  );

  it(
    '[CO17] a person who revokes a service beside its refreshes and its silent authorizations leaves nothing alive',
    async () => {
      let service = await arena.newClient();
      await everyRound(async (round) => {
        if (round % 20 === 19) service = await arena.newClient();
        const speak = spread(service, arena.stack, round);
        const first = await answerOf(service.redeem(await service.code(arena.person)));
        expect(first.status, first.text).toBe(200);
        const [origin = ''] = hostsIn(round, arena.stack).slice(-1);
        const form = await revocationOf(service);
        const race = Promise.all([
          sendForm(arena.personAt(origin), `${arena.stack.issuer}/authorizations/revoke`, form),
          refreshes(speak, tokensOf(first).refreshToken),
          times(4, (index) => silently(service, index)),
        ]);
        const seen = await watching(speak, tokensOf(first).accessToken, race);
        const [revoked, refreshed, authorized] = await race;
        expect(revoked.status).toBe(303);
        never(refreshed.map(wordOf), /^200$|^400 invalid_grant$/);
        expectMonotone(seen);
        await expectNothingAlive(speak, [first, ...refreshed]);
        for (const code of authorized)
          if (code !== undefined) expect(wordOf(await answerOf(speak(round).redeem(code)))).toBe('400 invalid_grant');
      });
    },
    patienceMilliseconds,
  );

  it(
    '[CO17] a person who revokes a service beside the redemption of its code leaves nothing alive',
    async () => {
      let service = await arena.newClient();
      await everyRound(async (round) => {
        if (round % 20 === 19) service = await arena.newClient();
        const speak = spread(service, arena.stack, round);
        const code = await service.code(arena.person);
        const form = await revocationOf(service);
        const [revoked, redeemed] = await Promise.all([
          sendForm(arena.person, `${arena.stack.issuer}/authorizations/revoke`, form),
          answerOf(speak(1).redeem(code)),
        ]);
        expect(revoked.status).toBe(303);
        never([wordOf(redeemed)], /^200$|^400 invalid_grant$/);
        await expectNothingAlive(speak, [redeemed]);
        expect(wordOf(await answerOf(speak(0).redeem(code)))).toBe('400 invalid_grant');
      });
    },
    patienceMilliseconds,
  );

  it.each([
    {
      what: '[TK23] an operator who deletes a client',
      order: (clientId: string) => ({ method: 'DELETE', path: `apps/${clientId}` }),
      status: 204,
    },
    {
      what: 'an operator who voids what a client was issued',
      order: (clientId: string) => ({ method: 'POST', path: 'not-before', body: { client_id: clientId } }),
      status: 200,
    },
  ])(
    '$what beside its refreshes leaves nothing alive',
    ({ order, status }) =>
      everyRound(async (round) => {
        const service = await arena.newClient();
        const speak = spread(service, arena.stack, round);
        const first = await answerOf(service.redeem(await service.code(arena.person)));
        const { refreshToken, accessToken } = tokensOf(first);
        const [done, refreshed] = await Promise.all([
          administer(arena.stack.issuer, order(service.registration.clientId)),
          refreshes(speak, refreshToken),
        ]);
        expect(done.status).toBe(status);
        never(refreshed.map(wordOf), /^200$|^400 invalid_grant$|^401 invalid_client$/);
        await arena.stack.clock.move(cachesSeconds);
        for (const answer of [first, ...refreshed].filter((one) => one.status === 200)) {
          expect(await isActive(arena.api, tokensOf(answer).accessToken)).toBe(false);
          const word = wordOf(await answerOf(speak(1).refresh(tokensOf(answer).refreshToken)));
          expect(word).toMatch(/^400 invalid_grant$|^401 invalid_client$/);
        }
        expect(await isActive(arena.api, accessToken)).toBe(false);
      }),
    patienceMilliseconds,
  );

  it(
    '[IN07][TK23] a client deleted beside its own requests for tokens has none left when every host knows of it',
    () =>
      everyRound(async (round) => {
        const registration = { grant_types: ['client_credentials'], redirect_uris: [] };
        const service = await register(arena.stack.issuer, registration);
        const speak = spread(service, arena.stack, round);
        const issue = (index: number) =>
          answerOf(speak(index).token({ grant_type: 'client_credentials', scope: 'vso.work' }));
        const before = await times(2, issue);
        const path = `apps/${service.registration.clientId}`;
        const [deleted, during] = await Promise.all([
          administer(arena.stack.issuer, { method: 'DELETE', path }),
          times(simultaneous, issue),
        ]);
        expect(deleted.status).toBe(204);
        // A host that has not heard of it yet; in a second of its own, which no not-before instant covers.
        await arena.stack.clock.move(2);
        const after = await times(2, issue);
        never([...before, ...during, ...after].map(wordOf), /^200$|^401 invalid_client$/);
        await arena.stack.clock.move(cachesSeconds);
        expect((await times(2, issue)).map(wordOf)).toEqual(['401 invalid_client', '401 invalid_client']);
        const api = spread(arena.api, arena.stack, round);
        for (const [index, answer] of [...before, ...during, ...after].entries())
          if (answer.status === 200) expect(await isActive(api(index), tokensOf(answer).accessToken)).toBe(false);
      }),
    patienceMilliseconds,
  );

  it(
    'the fifty-first authorization ends the oldest, however many come at once',
    async () => {
      const service = await arena.newClient();
      const alive: Answer[] = [];
      const add = async (round: number): Promise<void> => {
        await arena.stack.clock.move(2);
        const speak = spread(service, arena.stack, round);
        const codes = await times(2, () => service.code(arena.person));
        alive.push(...(await times(2, (index) => answerOf(speak(index).redeem(codes[index] as Minted)))));
      };
      alive.push(await answerOf(service.redeem(await service.code(arena.person))));
      alive.push(await answerOf(service.redeem(await service.code(arena.person))));
      while (alive.length < 50) await add(0);
      await everyRound(async (round) => {
        await add(round);
        const pushedOut = alive.splice(0, 2);
        expect(alive.map(wordOf).filter((word) => word !== '200')).toEqual([]);
        const speak = spread(service, arena.stack, round);
        await expectNothingAlive(speak, pushedOut);
        for (const kept of [alive[0], alive.at(-1)])
          expect(await isActive(speak(round), tokensOf(kept as Answer).refreshToken)).toBe(true);
      });
    },
    patienceMilliseconds,
  );
});

/** A code, if remembered consent still gives one. */
const silently = async (service: Service, index: number): Promise<Minted | undefined> => {
  const origins = arena.stack.hosts;
  const person = arena.personAt(origins[index % origins.length] ?? '');
  const { url, verifier } = service.authorization({ prompt: 'none' });
  const location = (await person.send(url)).headers.get('location');
  const code = location === null ? null : new URL(location).searchParams.get('code');
  return code === null ? undefined : { service, code, verifier };
};
