import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, answerOf } from '../support/answer.ts';
import { isActive, type Service } from '../support/service.ts';
import { type Arena, everyRound, patienceMilliseconds, spread, startArena, times, tokensOf, wordOf } from './arena.ts';

const simultaneous = 50;

let arena: Arena;

beforeAll(async () => {
  arena = await startArena();
});

afterAll(() => arena.stop());

const successorsIn = (answers: readonly Answer[]): ReadonlySet<string> =>
  new Set(answers.filter(({ status }) => status === 200).map((answer) => tokensOf(answer).refreshToken));

const accessTokensIn = (answers: readonly Answer[]): readonly string[] =>
  answers.filter(({ status }) => status === 200).map((answer) => tokensOf(answer).accessToken);

const refresh = (service: Service, token: string): Promise<Answer> => answerOf(service.refresh(token));

describe('OAuth 2.1 §4.3.1: rotation under races, at one host and at two', () => {
  it(
    '[RF05][RF08] fifty refreshes of one token give one lineage and log nobody out',
    () =>
      everyRound(async (round) => {
        const family = await arena.family();
        const service = spread(family.service, arena.stack, round);
        const answers = await times(simultaneous, (index) => refresh(service(index), family.refreshToken));
        expect(new Set(answers.map(wordOf).filter((word) => word !== '503 temporarily_unavailable'))).toEqual(
          new Set(['200']),
        );
        const successors = [...successorsIn(answers)];
        expect(successors).toHaveLength(1);
        const [successor = ''] = successors;

        const next = await refresh(service(round), successor);
        expect(next.status, next.text).toBe(200);
        expect(await isActive(service(0), family.refreshToken)).toBe(false);
        expect(await isActive(service(0), tokensOf(next).refreshToken)).toBe(true);
        const [first = '', ...others] = accessTokensIn(answers);
        expect(await isActive(arena.api, others.at(-1) ?? first)).toBe(true);
      }),
    patienceMilliseconds,
  );

  it(
    '[RF05] refreshes of a token beside refreshes of the one before it make one lineage, or end it as a replay',
    () =>
      everyRound(async (round) => {
        const family = await arena.family();
        const service = spread(family.service, arena.stack, round);
        const parent = family.refreshToken;
        const current = tokensOf(await refresh(service(0), parent)).refreshToken;
        const [ofParent, ofCurrent] = await Promise.all([
          times(4, (index) => refresh(service(index), parent)),
          times(4, (index) => refresh(service(index + 1), current)),
        ]);
        const allowed = new Set(['200', '400 invalid_grant']);
        expect(ofParent.map(wordOf).filter((word) => !allowed.has(word))).toEqual([]);
        for (const successor of successorsIn(ofParent)) expect(successor).toBe(current);
        await expectOneFate(service(0), { answers: [...ofParent, ...ofCurrent], ofCurrent });
      }),
    patienceMilliseconds,
  );

  it(
    '[RF04][RF08] a chain of refreshes raced by its own grandparents either goes on whole or ends whole',
    () =>
      everyRound(async (round) => {
        const family = await arena.family();
        const service = spread(family.service, arena.stack, round);
        const chain: Answer[] = [];
        const tokens = [family.refreshToken];
        const late: Promise<Answer>[] = [];
        for (let length = 0; length < 6; length++) {
          const answer = await refresh(service(length), tokens.at(-1) ?? '');
          chain.push(answer);
          if (answer.status !== 200) break;
          tokens.push(tokensOf(answer).refreshToken);
          // The one before the current, until the next link of the chain is made: then it is the grandparent.
          late.push(refresh(service(length + 1), tokens.at(-2) ?? ''));
        }
        const raced = await Promise.all(late);
        expect([...chain, ...raced].map(wordOf).filter((word) => !/^200$|^400 invalid_grant$/.test(word))).toEqual([]);
        await expectOneFate(service(0), { answers: [...chain, ...raced], ofCurrent: chain });
      }),
    patienceMilliseconds,
  );

  it(
    '[RV05] revoking one access token beside refreshes neither fails nor spares it, and logs nobody out',
    () =>
      everyRound(async (round) => {
        const family = await arena.family();
        const service = spread(family.service, arena.stack, round);
        const [revoked, answers] = await Promise.all([
          answerOf(service(0).revoke({ token: family.accessToken })),
          times(4, (index) => refresh(service(index + 1), family.refreshToken)),
        ]);
        expect(revoked.status, revoked.text).toBe(200);
        expect(answers.map(wordOf)).toEqual(['200', '200', '200', '200']);
        expect(await isActive(arena.api, family.accessToken)).toBe(false);
        expect(await isActive(arena.api, accessTokensIn(answers)[0] ?? '')).toBe(true);
      }),
    patienceMilliseconds,
  );
});

type Race = { readonly answers: readonly Answer[]; readonly ofCurrent: readonly Answer[] };

/**
 * A request that comes after its token was replaced twice is a replay, and ends the family: then nothing of it lives. Else
 * whoever held the current token was answered, and the newest one works.
 */
const expectOneFate = async (service: Service, { answers, ofCurrent }: Race): Promise<void> => {
  const accessTokens = accessTokensIn(answers);
  const newest = [...successorsIn(ofCurrent)].at(-1) ?? [...successorsIn(answers)].at(-1) ?? '';
  if (await isActive(service, newest)) {
    expect(ofCurrent.map(wordOf)).toEqual(ofCurrent.map(() => '200'));
    expect((await refresh(service, newest)).status).toBe(200);
    return;
  }
  for (const token of accessTokens) expect(await isActive(service, token)).toBe(false);
  for (const token of successorsIn(answers)) expect(wordOf(await refresh(service, token))).toBe('400 invalid_grant');
};
