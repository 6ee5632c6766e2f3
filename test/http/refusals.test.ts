/** Refusals in the log: what anybody can cause takes little room there. */
import { describe, expect, it } from 'vitest';
import { createRefusals } from '../../src/http/refusals.ts';

const token = { endpoint: 'token', error: 'invalid_client' };

const counted = () => {
  const lines: Readonly<Record<string, unknown>>[] = [];
  return { lines, refusals: createRefusals((line) => lines.push(line)) };
};

describe('refusals', () => {
  it('are one line a minute, however many there are, and none is lost', () => {
    const { lines, refusals } = counted();
    for (let count = 0; count < 1_000; count++) refusals.note(token, { now: 100 });
    refusals.note({ endpoint: 'authorize', error: 'invalid_request', reason: 'why' }, { now: 159 });
    expect(lines).toEqual([{ event: 'refused', refusals: [{ ...token, count: 1 }] }]);
    refusals.flush(160);
    expect(lines.slice(1)).toEqual([
      {
        event: 'refused',
        refusals: [
          { ...token, count: 999 },
          { endpoint: 'authorize', error: 'invalid_request', reason: 'why', count: 1 },
        ],
      },
    ]);
  });

  it('name the check, the client, and the last request of each kind', () => {
    const { lines, refusals } = counted();
    refusals.note(token, { now: 100 });
    const wrong = { endpoint: 'token', error: 'invalid_grant', reason: 'code_verifier_wrong', client_id: 'planner' };
    for (const invocation of ['one', 'two']) refusals.note(wrong, { now: 101, invocation });
    refusals.note({ ...wrong, client_id: 'boards' }, { now: 102, invocation: 'three' });
    refusals.flush(160);
    expect(lines[1]).toEqual({
      event: 'refused',
      refusals: [
        { ...wrong, count: 2, last: 'two' },
        { ...wrong, client_id: 'boards', count: 1, last: 'three' },
      ],
    });
  });

  it('are logged at once after a quiet minute, and not at all without any', () => {
    const { lines, refusals } = counted();
    refusals.flush(100);
    expect(lines).toEqual([]);
    refusals.note(token, { now: 200 });
    refusals.flush(900);
    refusals.note(token, { now: 901 });
    expect(lines).toHaveLength(2);
  });

  it('are a short line even when somebody finds a thousand kinds', () => {
    const { lines, refusals } = counted();
    for (let kind = 0; kind < 1_000; kind++) refusals.note({ endpoint: `e${kind}`, error: 'x' }, { now: 100 });
    refusals.flush(160);
    const [, line] = lines as { refusals: { endpoint: string; count: number }[] }[];
    expect(line?.refusals).toHaveLength(61);
    expect(line?.refusals.reduce((sum, { count }) => sum + count, 0)).toBe(999);
  });

  it('wait no longer when the clock goes back', () => {
    const { lines, refusals } = counted();
    refusals.note(token, { now: 10_000 });
    refusals.note(token, { now: 100 });
    expect(lines).toHaveLength(2);
  });
});
