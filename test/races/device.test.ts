import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../support/answer.ts';
import { answerDevice, codesOf, enterCode, poll, registerDevice } from '../support/devices.ts';
import { personAt } from '../support/people.ts';
import type { Service } from '../support/service.ts';
import { type Arena, everyRound, patienceMilliseconds, spread, startArena, times, wordOf } from './arena.ts';

let arena: Arena;
let television: Service;

beforeAll(async () => {
  arena = await startArena();
  television = await registerDevice(arena.stack.issuer);
});

afterAll(() => arena.stop());

describe('RFC 8628: a device’s request is decided and redeemed once, at one host and at two', () => {
  it(
    '[DV04] twenty polls after the approval give exactly one set of tokens',
    () =>
      everyRound(async (round) => {
        const { issuer } = arena.stack;
        const codes = await codesOf(issuer, television.registration);
        const page = await enterCode(arena.person, issuer, codes.user_code);
        await answerDevice(arena.person, page, { decision: 'approve' });
        const service = spread(television, arena.stack, round);
        const answers = await times(20, (index) => answerOf(poll(service(index), codes)));
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
        const others = answers.filter(({ status }) => status !== 200).map(wordOf);
        expect(new Set(others)).toEqual(new Set(['400 invalid_grant']));
      }),
    patienceMilliseconds,
  );

  it(
    'of two people who answer one code at once, one is heard, and the device gets that one’s answer',
    async () => {
      const { stack, person } = arena;
      const bob = personAt(stack, 'bob');
      await everyRound(async () => {
        const codes = await codesOf(stack.issuer, television.registration);
        const asked = await Promise.all([person, bob].map((one) => enterCode(one, stack.issuer, codes.user_code)));
        const [first, second] = asked;
        if (first === undefined || second === undefined) throw new Error('nobody was asked');
        const answers = await Promise.all([
          answerDevice(person, first, { decision: 'approve' }),
          answerDevice(bob, second, { decision: 'deny' }),
        ]);
        const heard = answers.map(({ status }) => status === 200);
        expect(heard.filter(Boolean)).toHaveLength(1);
        const answer = await answerOf(poll(television, codes));
        expect(answer.status === 200 ? 'approved' : wordOf(answer)).toBe(heard[0] ? 'approved' : '400 access_denied');
      });
    },
    patienceMilliseconds,
  );
});
