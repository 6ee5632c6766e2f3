/** Who administers with a token that the sign-in provider gave a person. */
import { type SignedIn, signedInBy } from '../../identity/signed-in.ts';
import type { Principal } from '../../oauth/access/principal.ts';
import { requireAdministration, requireForHere, unusable } from '../../oauth/access/provider-token.ts';
import { clientAlgorithms, isSignedBy, type Unverified } from '../../oauth/clients/signed-by-client.ts';
import { OAuthError, Unavailable } from '../../oauth/errors.ts';
import { isVoidForPerson } from '../../oauth/grants/not-before.ts';
import type { Server } from '../../server.ts';
import { keysOfIssuer } from '../clients/federated-assertion.ts';

type Presented = Unverified & { readonly text: string };

/**
 * The person whom a token of the provider's is of; `claims` name the provider as issuer. Costs one storage transaction, and
 * every ten minutes a look at the provider's keys. Throws `invalid_token`, `insufficient_scope`, `Unavailable`.
 */
export const personByToken = async ({ text, kid, claims }: Presented, server: Server): Promise<Principal> => {
  const { signIn } = server.config;
  requireForHere(claims, { clientId: signIn.clientId, now: server.clock() });
  const keys = await keysOfIssuer(signIn.issuer, kid, server);
  if (keys.length === 0) throw new Unavailable('sign-in');
  if (!(await isSignedBy(text, keys, clientAlgorithms))) throw unusable('provider_token_signature');
  requireAdministration(claims);
  const { role, person, userKey } = signedIn(claims, server);
  const { notBefore } = server.store.deployment;
  // On whatever instance: what a stolen token could make would outlive what voids it.
  await notBefore.refresh();
  if (isVoidForPerson(claims.iat ?? 0, await notBefore.instantsFor({ userKey }))) throw unusable('provider_token_void');
  if (role === undefined) throw new OAuthError('role_unassigned', 'the role of an operator or an auditor is required');
  return { role, by: 'person', id: person.subject, name: person.name ?? person.account ?? person.subject };
};

/** An access token says the same of a person as an ID token. */
const signedIn = (claims: Unverified['claims'], { config }: Server): SignedIn => {
  try {
    return signedInBy(claims, config.signIn);
  } catch (cause) {
    throw unusable('provider_token_subject', { cause });
  }
};
