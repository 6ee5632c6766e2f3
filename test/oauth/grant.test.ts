/** What a person allows a client, after each decision. */
import { describe, expect, it } from 'vitest';
import { decidedPermissions } from '../../src/oauth/grant.ts';

const [boards, files] = ['https://boards.example', 'https://files.example'] as const;

describe('a decision', () => {
  it.each([
    ['the first', [], [`${boards} read`], [`${boards} read`], [`${boards} read`]],
    ['less than was asked', [], [`${boards} read`, `${boards} write`], [`${boards} read`], [`${boards} read`]],
    [
      'about another resource',
      [`${boards} read`],
      [`${files} read`],
      [`${files} read`],
      [`${boards} read`, `${files} read`],
    ],
    [
      'that takes back at one resource',
      [`${boards} read`, `${files} read`],
      [`${files} read`, `${files} share`],
      [`${files} share`],
      [`${boards} read`, `${files} share`],
    ],
    ['made again', [`${boards} read`], [`${boards} read`], [`${boards} read`], [`${boards} read`]],
    [
      'in another order',
      [`${files} read`],
      [`${boards} write`, `${boards} read`],
      [`${boards} write`, `${boards} read`],
      [`${boards} read`, `${boards} write`, `${files} read`],
    ],
  ] as const)('%s leaves what was not asked about as it was', (_name, before, requested, approved, after) => {
    expect(decidedPermissions(before, requested, approved)).toEqual(after);
  });
});
