/** What there is to say of all services at once: counted by the timer, looked at again where it names one. */
import { nearestEnd, secretWarnings } from '../../oauth/clients/secret-expiry.ts';
import type { Server } from '../../server.ts';

/** Goes on counting. Throws `Unavailable`. */
export const countServices = async ({ store, clock, log }: Server): Promise<void> => {
  const finished = await store.surveys.run((client) => nearestEnd(client, clock()));
  log({ event: 'services_counted', finished });
};

type Needy = { readonly clientId: string; readonly name: string; readonly warnings: readonly string[] };

export type CountedServices = {
  readonly services: number;
  readonly authorizations: number;
  /** Epoch seconds. */
  readonly at: number;
  /** The most urgent of those that need care. */
  readonly needCare: readonly Needy[];
  /** How many more needed it when they were counted. */
  readonly more: number;
};

/** More than anybody reads at a glance; so many rows are read, if they are not at hand. */
const lookedAt = 10;

/** Undefined before the first count. `timerRanAt` is when the other timer last got through. Throws `Unavailable`. */
export const countedServices = async ({
  store,
  clock,
}: Server): Promise<{ readonly counted: CountedServices | undefined; readonly timerRanAt: number | undefined }> => {
  const { survey, timerRanAt } = await store.surveys.read();
  if (survey === undefined) return { counted: undefined, timerRanAt };
  const { services, authorizations, at, needy, first } = survey;
  const named = first.slice(0, lookedAt);
  // Whoever has seen to one of them since does not read of it any more.
  const found = await Promise.all(named.map(([clientId]) => store.clients.find(clientId)));
  const needCare = found.flatMap((client): readonly Needy[] => {
    const warnings = client === undefined ? [] : secretWarnings(client, clock());
    return client === undefined || warnings.length === 0
      ? []
      : [{ clientId: client.clientId, name: client.name, warnings }];
  });
  return { counted: { services, authorizations, at, needCare, more: needy - named.length }, timerRanAt };
};
