import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, answerOf } from '../support/answer.ts';
import { isActive, type Service } from '../support/service.ts';
import {
  type Arena,
  everyRound,
  hostsIn,
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
import { expectMonotone, expectNothingAlive, never, refreshes } from './revoked.ts';

let arena: Arena;
let revocationOf: ReturnType<typeof revocationForms>;

beforeAll(async () => {
  arena = await startArena();
  revocationOf = revocationForms(arena.person, arena.stack.issuer);
});

afterAll(() => arena.stop());

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
