/** Settings of oidc-provider that make it answer like a small Entra ID tenant. */
import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { type Context, type InteractionDetails, interactionPolicy } from 'oidc-provider';
import { tenantId } from '../identity/identities.ts';
import { acrValues, isAnotherLevel } from './levels.ts';
import { memoryAdapter } from './memory-adapter.ts';
import { type User, users } from './users.ts';

const scopes = 'openid profile email';
const sessionSeconds = 14 * 24 * 3600;

export type ClientRegistration = { readonly clientId: string; readonly relyingParty: string; readonly key: JWK };

/** `signingKey` with its private half. Cookie keys are new at each start: nobody stays signed in across restarts. */
export const providerConfiguration = (registration: ClientRegistration, signingKey: JWK): Record<string, unknown> => {
  return {
    adapter: memoryAdapter(),
    clients: [clientOf(registration)],
    jwks: { keys: [signingKey] },
    acrValues,
    clientAuthMethods: ['private_key_jwt'],
    scopes: scopes.split(' '),
    claims: {
      openid: ['sub', 'oid', 'tid', 'roles', 'acr', 'amr'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    // Entra puts the claims into the ID token; the specification would leave them to the userinfo endpoint.
    conformIdTokenClaims: false,
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      // Cookies do not tell ports apart: names of its own keep Assent's on the same host unharmed.
      names: { session: 'provider_session', interaction: 'provider_interaction', resume: 'provider_resume' },
    },
    features: { devInteractions: { enabled: false } },
    interactions: { policy: policy(), url: (_context: Context, { uid }: InteractionDetails) => `/interaction/${uid}` },
    ttl: { Session: sessionSeconds, Grant: sessionSeconds, Interaction: 3600, IdToken: 3600, AccessToken: 3600 },
    findAccount: (_context: Context, subject: string) => accountOf(users.find((user) => user.subject === subject)),
    loadExistingGrant,
  };
};

const clientOf = ({ clientId, relyingParty, key }: ClientRegistration) => ({
  client_id: clientId,
  client_name: 'Assent',
  redirect_uris: [`${relyingParty}/sign-in/callback`],
  post_logout_redirect_uris: [`${relyingParty}/`],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'private_key_jwt',
  require_auth_time: true,
  jwks: { keys: [key] },
});

/** No consent page: the directory's administrator has agreed for everyone. */
const policy = () => {
  const prompts = interactionPolicy.base();
  prompts.remove('consent');
  const isBelow = ({ oidc }: Context): boolean => isAnotherLevel(oidc.params?.acr_values, oidc.session?.acr);
  prompts.get('login').checks.add(new interactionPolicy.Check('level', 'another level is asked for', isBelow));
  prompts.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  return prompts;
};

const accountOf = (user: User | undefined) =>
  user && {
    accountId: user.subject,
    claims: () => ({
      sub: user.subject,
      oid: user.objectId,
      tid: tenantId,
      name: user.name,
      given_name: user.name.split(' ')[0],
      family_name: user.name.split(' ')[1],
      email: user.preferredUsername,
      email_verified: true,
      preferred_username: user.preferredUsername,
      ...(user.roles.length > 0 && { roles: user.roles }),
    }),
  };

async function loadExistingGrant(context: Context) {
  const { client, session, provider } = context.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  // A new grant would void the codes of the same browser's other tabs.
  const known = await provider.Grant.find(session.grantIdFor(client.clientId) ?? '');
  if (known !== undefined && known.accountId === session.accountId) return known;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(scopes);
  await grant.save();
  return grant;
}
