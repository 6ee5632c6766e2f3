import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../support/answer.ts';
import { isActive, type Service } from '../support/service.ts';
import {
  type Arena,
  everyRound,
  familyBytesOfToken,
  garbled,
  type Minted,
  patienceMilliseconds,
  secretOfToken,
  spread,
  startArena,
  times,
  tokensOf,
  wordOf,
} from './arena.ts';

const simultaneous = 50;

let arena: Arena;

beforeAll(async () => {
  arena = await startArena();
});

afterAll(() => arena.stop());

describe('OAuth 2.1 §4.1.3: a code is redeemed once, at one host and at two', () => {
  it(
    '[TK10] fifty redemptions of one code give exactly one success, and a replay ends what it gave',
    () =>
      everyRound(async (round) => {
        const minted = await arena.mint();
        const service = spread(minted.service, arena.stack, round);
        const answers = await times(simultaneous, (index) => answerOf(service(index).redeem(minted)));
        const winners = answers.filter(({ status }) => status === 200);
        const others = answers.filter(({ status }) => status !== 200).map(wordOf);
        expect(winners).toHaveLength(1);
        expect(new Set(others)).toEqual(new Set(['400 invalid_grant']));

        const [winner] = winners.map(tokensOf);
        expect(wordOf(await answerOf(service(1).redeem(minted)))).toBe('400 invalid_grant');
        expect(await isActive(arena.api, winner?.accessToken ?? '')).toBe(false);
        expect(wordOf(await answerOf(service(0).refresh(winner?.refreshToken ?? '')))).toBe('400 invalid_grant');
      }),
    patienceMilliseconds,
  );

  it(
    '[TK11][RV02] a storm of wrong verifiers, foreign clients and garbage neither burns a code nor ends its tokens',
    async () => {
      const stranger = await arena.newClient();
      const strangersOwn = await stranger.tokens(arena.person);
      await everyRound(async (round) => {
        const minted = await arena.mint();
        const clients = {
          own: spread(minted.service, arena.stack, round),
          foreign: spread(stranger, arena.stack, round),
        };
        const [good, early] = await Promise.all([
          answerOf(clients.own(0).redeem(minted)),
          storm(clients, { minted, refreshToken: garbled(strangersOwn.refresh_token, familyBytesOfToken) }),
        ]);
        expect(good.status, good.text).toBe(200);

        const tokens = tokensOf(good);
        const late = await storm(clients, { minted, refreshToken: tokens.refreshToken });
        expect(
          [...early, ...late].filter((word) => !/^400 (invalid_grant|unauthorized_client)$|^200$/.test(word)),
        ).toEqual([]);
        expect(await isActive(arena.api, tokens.accessToken)).toBe(true);
        expect((await answerOf(clients.own(1).refresh(tokens.refreshToken))).status).toBe(200);
      });
      expect(await isActive(arena.api, strangersOwn.access_token)).toBe(true);
    },
    patienceMilliseconds,
  );
});

type Clients = { readonly own: (index: number) => Service; readonly foreign: (index: number) => Service };
type Targets = { readonly minted: Minted; readonly refreshToken: string };

/** What an attacker who saw parts of it could send. */
const storm = ({ own, foreign }: Clients, { minted, refreshToken }: Targets): Promise<string[]> => {
  const attacks: readonly ((index: number) => Promise<Response>)[] = [
    (index) => own(index).redeem({ ...minted, verifier: 'x'.repeat(43) }),
    (index) => own(index).redeem({ ...minted, code: garbled(minted.code, secretOfToken) }),
    (index) => foreign(index).redeem(minted),
    (index) => own(index).refresh(garbled(refreshToken, familyBytesOfToken)),
    (index) => foreign(index).refresh(refreshToken),
    (index) => foreign(index).refresh(garbled(refreshToken, secretOfToken)),
    (index) => foreign(index).revoke({ token: refreshToken }),
    (index) => foreign(index).revoke({ token: garbled(refreshToken, familyBytesOfToken) }),
  ];
  return times(attacks.length * 2, async (index) =>
    wordOf(await answerOf((attacks[index % attacks.length] as (typeof attacks)[number])(index))),
  );
};
