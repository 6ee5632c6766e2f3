/**
 * A client assertion that another issuer signed: a managed identity, a GitHub Actions job, a Kubernetes service account is a
 * client with nothing to keep (RFC 7521 §4.2, RFC 7523 §3). Such tokens are reused until they expire, by design of those who
 * issue them, so they are not marked as used.
 */
import { type Assertion, assertionIn } from '../../oauth/clients/assertion.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { invalidClient } from '../../oauth/clients/client-authentication.ts';
import { algorithmsOf } from '../../oauth/clients/profile.ts';
import { isOfNow, isSignedBy } from '../../oauth/clients/signed-by-client.ts';
import type { Server } from '../../server.ts';
import { keysAt } from './client-keys.ts';
import type { ClientAuthenticationMethod, Presented } from './method.ts';

type PresentedAssertion = Presented & { readonly assertion: Assertion };

/** Managed identities' tokens live for a day. */
const longestSeconds = 86_400 + 3_600;

export const federatedAssertion: ClientAuthenticationMethod<PresentedAssertion> = {
  method: 'private_key_jwt',
  registeredAs: ['private_key_jwt'],
  present: (form) => {
    const assertion = assertionIn(form);
    if (assertion === undefined || assertion.claims.iss === assertion.claims.sub) return undefined;
    // RFC 7521 §4.2: the subject is not the client_id here, so the client says who it is.
    return { clientId: form.get('client_id'), assertion };
  },
  check: ({ assertion }, server) => {
    if (!isOfNow(assertion.claims, { now: server.clock(), longestSeconds }))
      throw invalidClient('client_assertion_time');
  },
  prove: async (client, { assertion }, server) => {
    const issuer = vouchingIssuer(client, assertion);
    if (issuer === undefined) return false;
    return isSignedBy(
      assertion.text,
      await keysOfIssuer(issuer, assertion.kid, server),
      algorithmsOf(client, undefined),
    );
  },
};

/** The issuer, if it, its subject and its audience are registered for the client, all three to the letter. */
const vouchingIssuer = ({ federatedCredentials }: Client, { claims }: Assertion): string | undefined => {
  const audience = [claims.aud ?? []].flat();
  const found = federatedCredentials.find(
    (one) =>
      one.issuer === claims.iss && one.subject === claims.sub && audience.length === 1 && audience[0] === one.audience,
  );
  return found?.issuer;
};

/** OpenID Connect Discovery §4: the document must be the issuer's own. */
export const keysOfIssuer = async (issuer: string, kid: string | undefined, server: Server) => {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = (await server.documents.read(address)) as { issuer?: unknown; jwks_uri?: unknown } | undefined;
  if (document?.issuer !== issuer || typeof document.jwks_uri !== 'string') return [];
  return keysAt(document.jwks_uri, kid, server);
};
