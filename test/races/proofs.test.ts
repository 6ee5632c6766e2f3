import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../support/answer.ts';
import { newDpopKey, proofBy } from '../support/dpop.ts';
import { basicAuth, demoServices, postForm } from '../support/service.ts';
import { type Arena, everyRound, patienceMilliseconds, startArena, times, wordOf } from './arena.ts';

let arena: Arena;

beforeAll(async () => {
  arena = await startArena();
});

afterAll(() => arena.stop());

describe('RFC 9449 §11.1: a proof is used once, at one host and at two', () => {
  it(
    'fifty requests with one DPoP proof give one token',
    async () => {
      const { issuer, hosts } = arena.stack;
      const { clientId, secret = '' } = demoServices(issuer).nightly.registration;
      const key = await newDpopKey();
      await everyRound(async () => {
        const dpop = await proofBy(key, { url: `${issuer}/token` });
        const headers = { authorization: basicAuth(clientId, secret), dpop };
        const answers = await times(50, (index) =>
          answerOf(postForm(`${hosts[index % hosts.length]}/token`, { grant_type: 'client_credentials' }, headers)),
        );
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
        const others = answers.filter(({ status }) => status !== 200).map(wordOf);
        expect(new Set(others)).toEqual(new Set(['400 invalid_dpop_proof']));
      });
    },
    patienceMilliseconds,
  );
});
