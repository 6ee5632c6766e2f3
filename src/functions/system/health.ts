/**
 * GET /healthz: the process answers. GET /readyz: so does everything it depends on, or which of it does not. What the
 * Functions host itself needs to let a `code` pass, as at the end of a sign-in, shows by asking for /readyz?code=x.
 */
import { unregisteredClientId } from '../../config.ts';
import type { Story } from '../../http/endpoint.ts';
import { json } from '../../http/reply.ts';
import { Unavailable } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';

export const alive: Story = async () => json({ alive: true });

/** One row per dependency: how it shows that it is there. */
const dependencies: Readonly<Record<string, (server: Server) => Promise<unknown>>> = {
  storage: (server) => server.store.ready(),
  signing: (server) => Promise.all([server.signer.ready(), keysCanBeHad(server)]),
  'sign-in': async (server) => {
    if (server.config.signIn.clientId === unregisteredClientId) throw notConfigured;
    return server.signIn.ready();
  },
};

/** The server runs, but nobody has registered an application yet: waiting does not help. */
const notConfigured = new Error('not configured');

/** The deployment's keys are unwrapped by the vault; that their row cannot be read is storage's fault. */
const keysCanBeHad = async (server: Server): Promise<void> => {
  try {
    await server.keys();
  } catch (error) {
    if (!(error instanceof Unavailable) || error.dependency !== 'storage') throw error;
  }
};

export const ready: Story = async (_request, server) => {
  const checks = Object.entries(dependencies).map(
    async ([name, check]) => [name, await stateOf(check(server))] as const,
  );
  const states = await Promise.all(checks);
  const isReady = states.every(([, state]) => state === 'ready');
  return json(
    { ready: isReady, dependencies: Object.fromEntries(states) },
    { status: isReady ? 200 : 503, headers: isReady ? {} : { 'retry-after': '5' } },
  );
};

type State = 'ready' | 'not available' | 'not configured';

const stateOf = (check: Promise<unknown>): Promise<State> =>
  check.then(
    () => 'ready',
    (error: unknown) => (error === notConfigured ? 'not configured' : 'not available'),
  );
