/** What a person allows a client, after each decision. */
import { describe, expect, it } from 'vitest';
import { byResource, decided, fromResources, requireStorable } from '../../src/oauth/grants/grant.ts';

const [boards, files] = ['https://boards.example', 'https://files.example'] as const;

const nothing = { permissions: [], declined: [], once: [] } as const;

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
    const lasting = 'until revoked';
    expect(decided({ ...nothing, permissions: before }, { requested, approved, lasting }).permissions).toEqual(after);
  });

  it('remembers what was left out until it is decided about again', () => {
    const lasting = 'until revoked';
    const asked = [`${boards} read`, `${boards} write`];
    const first = decided(nothing, { requested: asked, approved: [`${boards} read`], lasting });
    expect(first.declined).toEqual([`${boards} write`]);
    const second = decided(first, { requested: [`${files} read`], approved: [], lasting });
    expect(second).toEqual({
      permissions: [`${boards} read`],
      declined: [`${boards} write`, `${files} read`],
      once: [],
    });
    const third = decided(second, { requested: [`${boards} write`], approved: [`${boards} write`], lasting });
    expect(third.declined).toEqual([`${files} read`]);
  });

  it('for once allows nothing for longer, takes nothing from what was, and takes back what is left out', () => {
    const before = { permissions: [`${boards} read`, `${files} read`], declined: [], once: [] };
    const requested = [`${boards} read`, `${boards} write`, `${files} read`];
    const approved = [`${boards} read`, `${boards} write`];
    const after = decided(before, { requested, approved, lasting: 'once' });
    expect(after).toEqual({
      permissions: [`${boards} read`],
      declined: [`${files} read`],
      once: [`${boards} write`],
    });
    expect(decided(after, { requested: [`${boards} write`], approved: [], lasting: '30 days' }).once).toEqual([]);
  });
});

describe('the permissions of one grant', () => {
  it('are the same after they were stored by resource', () => {
    const all = [`${boards} read`, `${files} read`, `${boards} write`];
    expect([...fromResources(byResource(all))].sort()).toEqual([...all].sort());
    expect(fromResources(byResource([]))).toEqual([]);
  });

  it('are refused in words long before no row could hold them', () => {
    const many = (resources: number) =>
      Array.from({ length: resources }, (_, at) =>
        Array.from({ length: 83 }, (_scope, index) => `https://resource-${at}.example vso.permission_${index}`),
      ).flat();
    expect(() => requireStorable(undefined, many(15))).not.toThrow();
    expect(() => requireStorable({ ...nothing, permissions: many(15) }, many(30))).toThrow(/too many permissions/);
  });
});
