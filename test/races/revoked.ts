/** What the races of revocation share: many refreshes at once, and proofs that nothing is left. */
import { expect } from 'vitest';
import { type Answer, answerOf } from '../support/answer.ts';
import { isActive, type Service } from '../support/service.ts';
import { times, tokensOf, wordOf } from './arena.ts';

export const simultaneous = 8;

/** As many refreshes at once as the races of revocation need. */
export const refreshes = (service: (index: number) => Service, token: string): Promise<Answer[]> =>
  times(simultaneous, (index) => answerOf(service(index).refresh(token)));

/** Never active again once it was not. */
export const expectMonotone = (seen: readonly boolean[]): void => {
  const end = seen.indexOf(false);
  expect(end < 0 ? [] : seen.slice(end)).not.toContain(true);
};

/** No outcome but the allowed ones. */
export const never = (words: readonly string[], allowed: RegExp): void =>
  expect(words.filter((word) => !allowed.test(word))).toEqual([]);

/** Of every token that was given out nothing works any more, whoever asks. */
export const expectNothingAlive = async (
  service: (index: number) => Service,
  answers: readonly Answer[],
): Promise<void> => {
  for (const [index, answer] of answers.filter(({ status }) => status === 200).entries()) {
    const { accessToken, refreshToken } = tokensOf(answer);
    expect(await isActive(service(index), accessToken)).toBe(false);
    expect(await isActive(service(index), refreshToken)).toBe(false);
    expect(wordOf(await answerOf(service(index + 1).refresh(refreshToken)))).toBe('400 invalid_grant');
  }
};
