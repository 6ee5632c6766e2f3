import { expect, it } from 'vitest';
import { recordRefusal } from '../../src/functions/oauth/record-refusal.ts';
import { Unavailable } from '../../src/oauth/errors.ts';

it('a refusal reaches the service although it cannot be written down, and the operators read that', async () => {
  const lines: unknown[] = [];
  const read = async () => {
    throw new Unavailable('storage');
  };
  const log = (line: unknown) => lines.push(line);
  const server = { config: { insecureLoopback: true }, clock: () => 1, store: { sessions: { read } }, log };
  const asked = { client: { clientId: 'planner', name: 'Planner' } };
  const submitted = { form: { get: () => 'x' }, request: { cookie: () => 'x' } };
  await recordRefusal(asked as never, submitted as never, server as never);
  expect(lines).toEqual([{ event: 'history_incomplete', missing: 'refused', client_id: 'planner' }]);
});
