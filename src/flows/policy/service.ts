/** Whether operators let a service act at all, whoever it asks and whatever it has. */
import { type Client, requireUnblocked } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';

/** Throws `unauthorized_client` for a service that operators have blocked, here or in its registration. `Unavailable`. */
export const requireNotBlocked = async (client: Client, server: Server): Promise<void> => {
  requireUnblocked(client);
  if ((await server.store.policies.ruleOf(client.clientId))?.kind === 'blocked')
    throw new OAuthError('policy_client_blocked', 'an operator has blocked this service');
};

/** The same of one that may ask for something; one without a rule may have to wait for one. Operators' own go on. */
export const requireMayAsk = async (client: Client, server: Server): Promise<void> => {
  await requireNotBlocked(client, server);
  const { otherClients } = await server.policy();
  if (otherClients === 'allowed' || client.isOperator) return;
  if ((await server.store.policies.ruleOf(client.clientId)) === undefined)
    throw new OAuthError('policy_client_unlisted', 'an operator must allow this service first');
};

/**
 * Throws while third-party access is off: to the service where it comes itself (`unauthorized_client`: not `invalid_grant`, at
 * which it would throw its tokens away), and where a person is at the browser, `access_denied` (RFC 6749 §4.1.2.1).
 */
export const requireAccessOn = async (who: 'service' | 'person', server: Server): Promise<void> => {
  if ((await server.policy()).thirdPartyAccess === 'on') return;
  const reason = who === 'person' ? 'policy_access_off' : 'policy_access_paused';
  throw new OAuthError(reason, 'the operators of this server have switched off access for services');
};
