/** What the end of a person's session means to one client that signed them in (OpenID Connect Back-Channel Logout §2.5, §2.7). */
import { takeSignature } from '../../limits/signatures.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { idTokenAlgorithm } from '../../oauth/clients/sign-in.ts';
import type { Family } from '../../oauth/grants/family.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import { logoutTokenClaims, logoutTokenType } from '../../oauth/tokens/logout-token.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import { OutboundError } from '../../outbound/error.ts';
import type { Server } from '../../server.ts';
import type { SignedInClient } from '../../storage/browsers.ts';

/** For one delivery; whoever is slower is told again later. */
const deliveryMilliseconds = 5_000;

/** People sign in to a few services; nobody who signs in to very many makes us open as many connections. */
const atOnce = 8;

/** Tells all of them; those that must be told again come back. */
export const tellAll = async (
  clients: readonly SignedInClient[],
  server: Server,
): Promise<readonly SignedInClient[]> => {
  const failed: SignedInClient[] = [];
  const waiting = clients.values();
  const work = async (): Promise<void> => {
    for (const client of waiting)
      await tell(client, server).catch((error: unknown) => {
        noteFailure(client, error, server);
        failed.push(client);
      });
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
};

/** Once a day for a client: whoever runs it has to hear of it from somebody. */
const noteFailure = ({ clientId }: SignedInClient, error: unknown, server: Server): void => {
  if (!server.limits.reminders.take(`logout of ${clientId}`, server.clock())) return;
  const reason = error instanceof OutboundError ? error.reason : String(error);
  server.log({ level: 'warning', event: 'logout_not_taken', client_id: clientId, reason });
};

/** Ends what the client's session rests on, tells the client, and remembers that. Throws when something of it must be tried again. */
const tell = async (signedIn: SignedInClient, server: Server): Promise<void> => {
  await endTokens(signedIn, server);
  const client = await server.clients.resolve(signedIn.clientId);
  if (client?.backchannelLogoutUri !== undefined)
    await server.outboundPost(client.backchannelLogoutUri, {
      form: new URLSearchParams({ logout_token: await logoutToken(client, signedIn, server) }).toString(),
      timeoutMilliseconds: deliveryMilliseconds,
    });
  await server.store.browsers.told(signedIn);
};

const logoutToken = async (client: Client, { userKey, sid }: SignedInClient, server: Server): Promise<string> => {
  const claims = logoutTokenClaims({
    issuer: server.config.issuer,
    clientId: client.clientId,
    subject: subjectFor(client, userKey, await server.keys()),
    sid,
    now: server.clock(),
    random: server.random,
  });
  takeSignature(client.clientId, server);
  // §2.4: signed as ID tokens are.
  return server.signer.sign(logoutTokenType, claims, idTokenAlgorithm(client, server.config.signing));
};

const endTokens = async ({ userKey, clientId, sid }: SignedInClient, { store, clock }: Server): Promise<void> => {
  const families = await store.families.ofClient({ userKey, clientKey: clientKeyOf(clientId) });
  for (const family of families.filter((one) => endsWith(one, sid)))
    await store.families.end(family, { reason: 'signed out', at: clock() });
};

/** A code would sign the person in once more; without `offline_access` refreshing is for the time of the session (Core §11). */
const endsWith = ({ state, openid }: Family, sid: string): boolean =>
  openid?.sid === sid && (state === 'code' || (state === 'active' && openid.isOffline !== true));
