/** What is kept of a family is what its row holds: a decision by the one is the decision by the other. */
import { describe, expect, it } from 'vitest';
import type { Family } from '../../src/oauth/grants/family.ts';
import type { Change } from '../../src/storage/change.ts';
import { type Families, openFamilies } from '../../src/storage/families.ts';
import { familyInsert } from '../../src/storage/family-rows.ts';
import type { Table } from '../../src/storage/table.ts';
import { codeWith, familyWith, lineageWith, now } from '../oauth/samples.ts';

type Cells = Readonly<Record<string, unknown>>;

/** A table of one row, which it keeps as JSON. */
const tableOf = (first: Change): Table => {
  let version = 0;
  let stored: Cells = 'insert' in first ? first.insert : {};
  const table = {
    read: async () => JSON.parse(JSON.stringify({ ...stored, etag: `v${version}`, timestamp: 'whenever' })),
    write: async ([change]: readonly Change[]) => {
      if (change === undefined || !('update' in change) || change.etag !== `v${version}`) return { kind: 'conflict' };
      stored = { ...stored, ...change.update };
      version += 1;
      return { kind: 'done', etag: `v${version}` };
    },
  };
  return table as unknown as Table;
};

const code: Family = familyWith({
  etag: 'v0',
  state: 'code',
  lineage: undefined,
  redeemedBy: undefined,
  rotatedBy: undefined,
  code: codeWith(now + 60, { dpopJkt: 'thumbprint' }),
  details: [{ type: 'payment', amount: '1.00' }] as Family['details'],
  person: { name: 'Ada', email: undefined } as Family['person'],
  openid: { sid: 's', userinfoClaims: [], idTokenClaims: ['name'], impliedScopes: [] },
  acr: 'high',
  amr: ['pwd'],
  authTime: now - 5,
});

const familiesOf = (family: Family): Families =>
  openFamilies(tableOf(familyInsert(family)), {
    random: (length) => Buffer.alloc(length, 7),
    clock: () => now,
    revocations: { announce: async () => undefined, since: async () => ({ revocations: [], completeSince: 0 }) },
    copies: { limit: 10, seconds: 60 },
  });

/** But for when the row was written, by the store's clock: nothing that a copy is good for goes by that. */
const meaningOf = (family: Family | undefined): unknown => JSON.parse(JSON.stringify({ ...family, modifiedAt: '' }));

const expectTrueCopy = async (families: Families): Promise<Family> => {
  const copy = families.takeCopy(code.address);
  if (copy === undefined) throw new Error('nothing was kept');
  expect(meaningOf(copy)).toEqual(meaningOf(await families.read(code.address)));
  return copy;
};

const active = {
  lineage: lineageWith({ previousHash: undefined, salt: undefined }),
  absoluteExpiresAt: now + 900,
  keepUntil: now + 999,
};
const use = { by: 'Firefox', from: undefined } as unknown as Family['use'] & object;

const step = { kind: 'rotate', lineage: lineageWith(), keepUntil: now + 1_000, use } as const;

describe('a copy of a family', () => {
  it('is its row after a redemption, after each rotation, and after a use of the previous token', async () => {
    const families = familiesOf(code);
    expect(families.takeCopy(code.address)).toBeUndefined();
    expect(await families.redeem(code, { ...active, use })).toBe(true);
    const redeemed = await expectTrueCopy(families);
    await families.refresh({ family: redeemed, isCopy: true, isAgain: false }, step, () => step);
    const rotated = await expectTrueCopy(families);
    const repeat = { kind: 'repeat', at: now } as const;
    await families.refresh({ family: rotated, isCopy: true, isAgain: false }, repeat, () => repeat);
    const repeated = await expectTrueCopy(families);
    await families.revokeToken(repeated, () => [{ jti: 'j', expiresAt: now + 10 }]);
    await expectTrueCopy(families);
  });

  it('is none of a family that has ended', async () => {
    const families = familiesOf(code);
    await families.redeem(code, { ...active, use });
    await families.end(await expectTrueCopy(families), { reason: 'evicted', at: now });
    expect(families.takeCopy(code.address)).toBeUndefined();
  });

  it('that is outdated is not written by, and nothing is decided of what came instead', async () => {
    const families = familiesOf(code);
    await families.redeem(code, { ...active, use });
    const copy = await expectTrueCopy(families);
    const others = familiesOf({ ...copy, tokens: 5 });
    const elsewhere = { ...copy, etag: 'another' };
    let decisions = 0;
    const done = await others.refresh({ family: elsewhere, isCopy: true, isAgain: false }, step, () => {
      decisions += 1;
      return step;
    });
    expect([String(done), decisions]).toEqual(['Symbol(outdated)', 0]);
    expect((await others.read(code.address))?.tokens).toBe(5);
  });
});
