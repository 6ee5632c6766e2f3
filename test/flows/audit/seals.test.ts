/** The audit log shows whoever touched it: by a chain of hashes for each day, which the vault signs, verified offline. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMasterKey } from '../../../local/host/admin.ts';
import { ownTokenOf } from '../../support/admin.ts';
import { audited } from '../../support/audit.ts';
import { exportedFrom, verifiedAt } from '../../support/audit-export.ts';
import { assent } from '../../support/cli.ts';
import { signedInAt } from '../../support/people.ts';
import { storedRows } from '../../support/rows.ts';
import { demoServices, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
/** Whole and untouched: four days with events. */
let lines: readonly string[];
let firstDay: string;

const day = 86_400;
const dayAt = (shiftDays: number): string => new Date(Date.now() + shiftDays * day * 1000).toISOString().slice(0, 10);

beforeAll(async () => {
  stack = await startStack();
  firstDay = dayAt(0);
  for (let passed = 0; passed < 4; passed++) {
    await oneDay();
    await stack.clock.move(day);
    await seal();
  }
  lines = await exported(`from=${firstDay}`);
});

afterAll(() => stack.stop());

const oneDay = async (): Promise<void> => {
  const alice = await signedInAt(stack);
  const service = await register(stack.issuer);
  await service.tokens(alice);
  await audited(stack, ({ client }) => client === service.registration.clientId, 2);
};

/** Runs the timer; the clock is past the time of day at which the day before is sealed, or is moved there. */
const fire = async (): Promise<void> => {
  const fired = await fetch(`${stack.issuer}/admin/functions/audit-seal`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-functions-key': localMasterKey },
    body: '{}',
  });
  expect(fired.status).toBe(202);
};

const seal = async (): Promise<void> => {
  const seconds = Math.floor(Date.now() / 1000) % day;
  if (seconds < 1_300) await stack.clock.move(1_300 - seconds);
  const before = (await storedRows(stack, 'audit', 'seals')).length;
  await fire();
  for (let waited = 0; waited < 200; waited++) {
    if ((await storedRows(stack, 'audit', 'seals')).length > before) return;
    await sleep(50);
  }
  throw new Error(`no seal was made: ${stack.hostOutput().slice(-2_000)}`);
};

const exported = async (query: string): Promise<readonly string[]> =>
  exportedFrom(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator), query);

/** Lines of one day's events. */
const eventsOf = (at: string): readonly number[] =>
  lines.flatMap((line, index) => {
    const { at: instant } = JSON.parse(line) as { at?: number };
    return instant !== undefined && new Date(instant * 1000).toISOString().startsWith(at) ? [index] : [];
  });

const sealsOf = (): readonly number[] => lines.flatMap((line, index) => (line.startsWith('{"seal"') ? [index] : []));

const problemsOf = async (changed: readonly string[]): Promise<string> =>
  (await verifiedAt(stack, changed)).findings.map((one) => `${one.day}: ${one.problem}`).join('\n');

const without = (...taken: readonly (number | undefined)[]): readonly string[] =>
  lines.filter((_, index) => !taken.includes(index));

describe('a log that nobody has touched', () => {
  it('is verified, and says what nothing vouches for yet', async () => {
    const verified = await verifiedAt(stack, lines);
    expect(verified.findings).toEqual([]);
    expect(verified.days).toBe(4);
    expect(verified.events).toBeGreaterThan(4 * 3);
  });

  it('is verified however its JSON is written', async () => {
    const rewritten = lines.map((line) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line)).reverse())),
    );
    expect(await problemsOf(rewritten)).toBe('');
  });

  it('is verified for one day of it, by the newest seal', async () => {
    expect(await problemsOf(await exported(`from=${dayAt(-3)}&to=${dayAt(-3)}`))).toBe('');
  });
});

describe('`npx assent audit verify`', () => {
  const verified = async (changed: readonly string[]) => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-audit-'));
    const files = [join(folder, 'export.jsonl'), join(folder, 'jwks.json')] as const;
    await writeFile(files[0], changed.join('\n'));
    await writeFile(files[1], await (await fetch(`${stack.issuer}/.well-known/jwks.json`)).text());
    const ended = await assent(['audit', 'verify', files[0], '--jwks', files[1]]);
    await rm(folder, { recursive: true });
    return ended;
  };

  it('says of files alone, without a deployment, that nobody has touched them, or what is wrong', async () => {
    expect(await verified(lines)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/4 sealed days, 0 findings/),
    });
    const touched = await verified(without(...eventsOf(firstDay).slice(0, 1)));
    expect(touched).toMatchObject({ code: 1, stdout: expect.stringMatching(/1 of \d+ events are missing/) });
  });
});

describe('a log that somebody has touched', () => {
  it('shows an event that was removed', async () => {
    const [taken] = eventsOf(firstDay);
    expect(await problemsOf(without(taken))).toMatch(/^\S+: 1 of \d+ events are missing$/);
  });

  it('shows an event that was put in', async () => {
    const [copied = 0] = eventsOf(firstDay);
    const invented = (lines[copied] ?? '').replace(/"id":"[^"]+"/, '"id":"____invented"');
    const changed = [...lines.slice(0, copied + 1), invented, ...lines.slice(copied + 1)];
    expect(await problemsOf(changed)).toContain('1 events were put in');
  });

  it('shows an event that was changed', async () => {
    const changed = lines.map((line) => line.replace(/"client":"app-[^"]+"/, '"client":"app-other"'));
    expect(await problemsOf(changed)).toContain(`${firstDay}: an event was changed or exchanged`);
  });

  it('shows events in another order', async () => {
    const [first = 0, second = 1] = eventsOf(firstDay);
    const changed = lines.with(first, lines[second] ?? '').with(second, lines[first] ?? '');
    expect(await problemsOf(changed)).toContain('events were moved');
  });

  it('shows a day that is missing, with its seal or without', async () => {
    const [, second] = sealsOf();
    const events = eventsOf(dayAt(-3));
    expect(events.length).toBeGreaterThan(0);
    expect(await problemsOf(without(...events, second))).toContain(`${dayAt(-3)}: the day is missing`);
    expect(await problemsOf(without(...events))).toMatch(/(\d+) of \1 events are missing/);
  });

  it('shows that the first days, or the last, are missing', async () => {
    const [first, , , last] = sealsOf();
    expect(await problemsOf(without(...eventsOf(firstDay), first))).toContain('days are missing from here on');
    const late = lines.map((line) =>
      line.replace(/"exported_at":(\d+)/, (_, at) => `"exported_at":${Number(at) + 3 * day}`),
    );
    expect(await problemsOf(late.filter((_, index) => index !== last))).toContain(
      'nothing has been sealed from here on',
    );
  });

  it('shows a seal that was made by somebody else', async () => {
    const [first = 0] = sealsOf();
    const { seal: text } = JSON.parse(lines[first] ?? '') as { seal: string };
    const [header, payload, signature] = text.split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, count: claims.count - 1 })).toString('base64url');
    const changed = lines.with(first, JSON.stringify({ seal: `${header}.${forged}.${signature}` }));
    expect(await problemsOf(changed)).toContain('a signature that is not good');
  });

  it('cannot be verified by keys that are not the deployment’s', async () => {
    const { verifyAudit } = (await import(new URL('../../../cli/audit/verify.mjs', import.meta.url).href)) as {
      verifyAudit(lines: readonly string[], jwks: unknown): { findings: readonly { problem: string }[] };
    };
    const { findings } = verifyAudit(lines, { keys: [] });
    expect(findings.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('no key verifies the newest seal'),
    ]);
  });
});

describe('what is older than the log reaches back', () => {
  it('is deleted in whole days, which the log says before; the seals stay, and all is verified', async () => {
    await stack.restartHost(0, { AUDIT_DAYS: '90' });
    await stack.clock.move(96 * day);
    const before = (await storedRows(stack, 'audit', 'seals')).length;
    // One run seals a month of days at most, and the timer goes on.
    await expect
      .poll(
        async () => {
          await fire();
          return (await storedRows(stack, 'audit', 'seals')).length - before;
        },
        { timeout: 60_000, interval: 2_000 },
      )
      .toBeGreaterThanOrEqual(96);
    await expect.poll(() => partitionOf(firstDay), { timeout: 60_000 }).toEqual([]);
    const { lines: ofAll, verified } = await verifiedExport(`from=${firstDay}`);
    expect(verified.findings).toEqual([]);
    expect(verified.deleted).toContain(firstDay);
    expect(ofAll.join()).toContain('"event":"audit.purged"');
    expect((await storedRows(stack, 'audit', 'seals')).map(({ RowKey }) => RowKey)).toContain(firstDay);
  });
});

const partitionOf = async (at: string) =>
  (await Promise.all([0, 1, 2, 3].map((slot) => storedRows(stack, 'audit', `${at}:${slot}`)))).flat();

const verifiedExport = async (query: string) => {
  const all = await exported(query);
  return { lines: all, verified: await verifiedAt(stack, all) };
};
