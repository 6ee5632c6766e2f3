/** A server for client authentication alone: knows some clients, and writes down what it is asked for. */
import type { AuthenticationRequest } from '../../../src/flows/clients/authenticate.ts';
import { createBuckets } from '../../../src/limits/token-bucket.ts';
import type { Client } from '../../../src/oauth/clients/client.ts';
import { OAuthError } from '../../../src/oauth/errors.ts';
import { parseParameters } from '../../../src/oauth/parameters.ts';
import type { Server } from '../../../src/server.ts';

export type Recorder = { readonly server: Server; readonly trace: string[] };

type Known = {
  /** As the cache has them, and as they are stored. */
  readonly cached: readonly Client[];
  readonly stored: readonly Client[];
  /** Epoch seconds. */
  readonly now: number;
  /** Whether another failure is within the limit; it is, unless told. */
  readonly allowsFailures?: boolean;
};

export const recorder = ({ cached, stored, now, allowsFailures = true }: Known): Recorder => {
  const trace: string[] = [];
  const finding = (verb: string, clients: readonly Client[]) => async (clientId: string) => {
    trace.push(`${verb} ${clientId}`);
    return clients.find((one) => one.clientId === clientId);
  };
  const take = (who: string): boolean => trace.push(`failure of ${who}`) > 0 && allowsFailures;
  const server = {
    clock: () => now,
    log: () => undefined,
    clients: { resolve: finding('cached', cached), resolveFresh: finding('fresh', stored) },
    limits: { reminders: createBuckets({ perSecond: 1, burst: 1 }), failures: { take } },
  };
  return { trace, server: server as unknown as Server };
};

export const asked = (form: string, authorization?: string): AuthenticationRequest => ({
  form: parseParameters(form),
  authorization,
  source: '192.0.2.1',
  onClient: () => undefined,
});

/** The client_id that was proven, or the code of the refusal. */
export const outcomeOf = (authenticated: Promise<Client>): Promise<string> =>
  authenticated.then(
    ({ clientId }) => clientId,
    (error: unknown) => (error instanceof OAuthError ? error.code : String(error)),
  );
