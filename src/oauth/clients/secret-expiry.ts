/** Client secrets that end soon: a service whose secret has expired stops, and nobody had said so. */
import { type Client, type ClientSecret, secretPresented } from './client.ts';

/** Enough for two people who have to meet: whoever runs the service, and an operator who makes a secret. */
const warningSeconds = 30 * 86_400;

type Outlook = 'expiring' | 'expired';

/** What is about to become of a secret; undefined while nothing is. A short-lived one is warned of in its last quarter. */
const outlookOf = ({ createdAt, expiresAt }: ClientSecret, now: number): Outlook | undefined => {
  if (now >= expiresAt) return 'expired';
  return expiresAt - now <= Math.min(warningSeconds, (expiresAt - createdAt) / 4) ? 'expiring' : undefined;
};

/** True for one whose successor it is time to hand out, `now` in epoch seconds. */
export const endsSoon = (secret: ClientSecret, now: number): boolean => outlookOf(secret, now) !== undefined;

/** How many seconds from now a secret ends or has ended, of those that need care the nearest; undefined where none does. */
export const nearestEnd = (client: Client, now: number): number | undefined => {
  const ends = client.secrets
    .filter((secret) => endsSoon(secret, now))
    .map(({ expiresAt }) => Math.abs(expiresAt - now));
  return ends.length === 0 ? undefined : Math.min(...ends);
};

/** The presented secret of the client, if it ends soon or has ended; undefined for any other. `now` is in epoch seconds. */
export const endingSecret = (
  client: Client,
  presented: string,
  now: number,
): { readonly secret: ClientSecret; readonly outlook: Outlook } | undefined => {
  const secret = secretPresented(client, presented);
  const outlook = secret && outlookOf(secret, now);
  return secret && outlook && { secret, outlook };
};

/** What an operator should do about a client's secrets, one sentence each; empty when there is nothing. */
export const secretWarnings = (client: Client, now: number): readonly string[] => {
  const lasting = client.secrets.find((secret) => outlookOf(secret, now) === undefined);
  const instead = lasting === undefined ? 'add another, hand it to the service' : `move the service to ${lasting.id}`;
  return client.secrets.flatMap((secret) => {
    const outlook = outlookOf(secret, now);
    if (outlook === undefined) return [];
    const when = new Date(secret.expiresAt * 1000).toISOString().replace('.000', '');
    const what = outlook === 'expired' ? 'has expired' : 'expires';
    return [`secret ${secret.id} ${what} (${when}): ${instead}, then delete this one`];
  });
};
