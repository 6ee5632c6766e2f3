import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../support/answer.ts';
import {
  type Arena,
  everyRound,
  hostsIn,
  openApprovalPage,
  patienceMilliseconds,
  sendForm,
  startArena,
  times,
  wordOf,
} from './arena.ts';

const simultaneous = 20;

let arena: Arena;

beforeAll(async () => {
  arena = await startArena();
});

afterAll(() => arena.stop());

const codeIn = (response: Response): string | undefined => {
  const location = response.headers.get('location');
  return location?.startsWith('https:') === true
    ? (new URL(location).searchParams.get('code') ?? undefined)
    : undefined;
};

const defined = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

describe('the approval page under races, at one host and at two', () => {
  it(
    '[CO10][CO19] twenty submissions of one page give one code, which works once, and later ones give none',
    async () => {
      let service = await arena.newClient();
      await everyRound(async (round) => {
        if (round % 20 === 19) service = await arena.newClient();
        const consent = `${arena.stack.issuer}/consent`;
        const people = hostsIn(round, arena.stack).map(arena.personAt);
        const { url, verifier } = service.authorization({ prompt: 'consent' });
        const { body } = await openApprovalPage(arena.person, url);
        const answers = await times(simultaneous, (index) =>
          sendForm(people[index % people.length] ?? arena.person, consent, body),
        );
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
        const codes = [...new Set(answers.map(codeIn))];
        expect(codes).toHaveLength(1);
        const [code = ''] = defined(codes);
        expect(wordOf(await answerOf(service.redeem({ code, verifier })))).toBe('200');

        const late = await sendForm(people[0] ?? arena.person, consent, body);
        expect(late.status).toBe(400);
        expect(await late.text()).toContain('You have answered this already');
      });
    },
    patienceMilliseconds,
  );

  it(
    '[CO10] consents given in two tabs at once: each code carries what its own tab allowed, and nobody sees an error',
    async () => {
      let service = await arena.newClient();
      await everyRound(async (round) => {
        if (round % 20 === 19) service = await arena.newClient();
        const people = hostsIn(round, arena.stack).map(arena.personAt);
        const scopes = ['vso.work', 'vso.code'];
        const tabs = await times(scopes.length, async (index) => {
          const scope = scopes[index] ?? '';
          const { url, verifier } = service.authorization({ prompt: 'consent', scope });
          return { scope, verifier, ...(await openApprovalPage(arena.person, url)) };
        });
        const answers = await times(tabs.length, (index) =>
          sendForm(
            people[index % people.length] ?? arena.person,
            `${arena.stack.issuer}/consent`,
            tabs[index]?.body ?? new URLSearchParams(),
          ),
        );
        expect(answers.map(({ status }) => status)).toEqual([303, 303]);
        expect(defined(answers.map(codeIn))).not.toHaveLength(0);
        for (const [index, answer] of answers.entries()) {
          const { scope = '', verifier = '' } = tabs[index] ?? {};
          const code = codeIn(answer);
          // The one that came second is asked again: what it was shown has changed.
          if (code === undefined) {
            expect(answer.headers.get('location')).toMatch(/^\/authorize\?/);
            continue;
          }
          expect((await answerOf(service.redeem({ code, verifier }))).body).toMatchObject({ scope });
        }
      });
    },
    patienceMilliseconds,
  );

  it(
    'forty silent authorizations at once each get a code of their own, and nobody is turned away',
    async () => {
      const service = await arena.newClient();
      await service.tokens(arena.person);
      const codes = await times(40, () => service.code(arena.person));
      expect(new Set(codes.map(({ code }) => code)).size).toBe(40);
      for (const minted of codes) expect(wordOf(await answerOf(service.redeem(minted)))).toBe('200');
    },
    patienceMilliseconds,
  );
});
