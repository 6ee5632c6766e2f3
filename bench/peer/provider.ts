/**
 * oidc-provider set up for the same work as Assent: two clients with secrets, one API with JWT access tokens of ten
 * minutes, rotated refresh tokens, PKCE, an approval page, revocation and introspection.
 */
import { createHash } from 'node:crypto';
import { ManagedIdentityCredential } from '@azure/identity';
import { Provider } from 'oidc-provider';
import { tableAdapter } from './adapter.ts';
import { localKey, type SigningKey, vaultKey } from './keys.ts';
import type { PeerSettings } from './settings.ts';

/** The API that tokens are for, and what may be asked of it. */
export const peerResource = {
  identifier: 'https://api.assent.localhost',
  scope: 'vso.work vso.code vso.build',
} as const;

/** Where the peer sends a person back to; nobody listens there. */
export const peerRedirectUri = 'https://boards.contoso.example/callback';

const clients = [
  {
    client_id: 'demo-web',
    client_secret: 'demo-web-secret',
    redirect_uris: [peerRedirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  },
  {
    client_id: 'demo-service',
    client_secret: 'demo-service-secret',
    redirect_uris: [],
    grant_types: ['client_credentials'],
    response_types: [],
  },
];

const daySeconds = 86_400;

/** Rejects when the vault's key cannot be read. */
export const createPeer = async (settings: PeerSettings): Promise<Provider> => {
  const credential = new ManagedIdentityCredential({ clientId: settings.identityClientId });
  const signing = settings.signingKey === undefined ? localKey() : await vaultKey(settings.signingKey, credential);
  return new Provider(settings.issuer, {
    ...configuration(signing),
    adapter: tableAdapter({ url: settings.tablesUrl, credential }),
  });
};

const configuration = ({ alg, key }: SigningKey) => ({
  clients,
  jwks: { keys: [key] },
  // Every instance must read the cookies of every other.
  cookies: { keys: [createHash('sha256').update('a key of this measurement').digest('hex')] },
  routes: {
    authorization: '/authorize',
    token: '/token',
    revocation: '/revoke',
    introspection: '/introspect',
    jwks: '/.well-known/jwks.json',
  },
  clientAuthMethods: ['client_secret_basic'],
  clientDefaults: { id_token_signed_response_alg: alg },
  features: features(alg),
  interactions: {
    // Signing in and approving have pages of their own, as in Assent.
    url: (_context: unknown, { uid, prompt }: { readonly uid: string; readonly prompt: { readonly name: string } }) =>
      `/${prompt.name === 'login' ? 'interaction' : 'approval'}/${uid}`,
  },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  expiresWithSession: async () => false,
  findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
  ttl: {
    AccessToken: 600,
    AuthorizationCode: 60,
    ClientCredentials: 600,
    Grant: 365 * daySeconds,
    IdToken: 600,
    Interaction: 1_800,
    RefreshToken: 90 * daySeconds,
    Session: daySeconds,
  },
});

const features = (alg: string) => ({
  clientCredentials: { enabled: true },
  devInteractions: { enabled: false },
  externalSigningSupport: { enabled: true, ack: 'experimental-01' },
  introspection: { enabled: true, allowedPolicy: () => true },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => peerResource.identifier,
    useGrantedResource: () => true,
    getResourceServerInfo: () => ({
      scope: peerResource.scope,
      audience: peerResource.identifier,
      accessTokenFormat: 'jwt',
      accessTokenTTL: 600,
      jwt: { sign: { alg } },
    }),
  },
  revocation: { enabled: true },
  rpInitiatedLogout: { enabled: false },
  userinfo: { enabled: false },
});
