import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../support/answer.ts';
import { administer, isActive, register } from '../support/service.ts';
import { type Arena, everyRound, patienceMilliseconds, spread, startArena, times, tokensOf, wordOf } from './arena.ts';
import { never, refreshes, simultaneous } from './revoked.ts';

/** Longer than any instance holds a client's row or a not-before instant. */
const cachesSeconds = 61;

let arena: Arena;

beforeAll(async () => {
  arena = await startArena();
});

afterAll(() => arena.stop());

describe('an operator: what is voided stays void, at one host and at two', () => {
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
});
