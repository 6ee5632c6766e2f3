/** A registered client (RFC 7591 §2 names its metadata) and the rules about its secrets. */
import { equalBytes, fromBase64url, sha256 } from '../crypto.ts';
import { OAuthError } from '../errors.ts';
import type { AccessFields } from './metadata/access.ts';
import type { AnswerFields } from './metadata/answers.ts';
import type { ApplicationFields } from './metadata/application.ts';
import type { DetailFields } from './metadata/details.ts';
import type { ExchangeFields } from './metadata/exchange.ts';
import type { IntrospectionFields } from './metadata/introspection.ts';
import type { KeyFields } from './metadata/keys.ts';
import type { LogoutFields } from './metadata/logout.ts';
import type { OpenidFields } from './metadata/openid.ts';
import type { RequestFields } from './metadata/requests.ts';
import type { ServiceFields } from './metadata/service.ts';
import type { ProfileFields } from './profile.ts';
import type { Registrant } from './registrant.ts';

/** RFC 8628 §3.4. */
export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** RFC 8693 §2.1. */
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Grant types and authentication methods that the token endpoint knows; the metadata document says the same. */
export const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  deviceCodeGrant,
  tokenExchangeGrant,
] as const;
export type GrantType = (typeof grantTypes)[number];

export const authenticationMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

export type ClientSecret = {
  readonly id: string;
  /** What its owner calls it; undefined where nobody gave it a name. */
  readonly name?: string | undefined;
  /** Base64url of the SHA-256: secrets are 256 random bits, so there is nothing to stretch. */
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number;
};

export type Verification = {
  /** client_id of the operator. */
  readonly by: string;
  /** Epoch seconds. */
  readonly at: number;
};

/** What is registered of a client, a theme at a time (`metadata/`), and what we keep of it. */
export type Client = ServiceFields &
  ApplicationFields &
  AccessFields &
  OpenidFields &
  AnswerFields &
  RequestFields &
  LogoutFields &
  IntrospectionFields &
  ExchangeFields &
  KeyFields &
  ProfileFields &
  DetailFields & {
    readonly clientId: string;
    readonly registrant: Registrant;
    /** Names the picture that we serve of it (`GET /logos/{id}`); undefined for one without. */
    readonly logo: string | undefined;
    readonly secrets: readonly ClientSecret[];
    readonly createdAt: number;
    /** When the client ends by itself, unless it is used before; undefined for good ones. */
    readonly endsAt: number | undefined;
  };

/** Throws `unauthorized_client`: not `invalid_grant`, at which a client would throw its tokens away (RFC 6749 §5.2). */
export const requireUnblocked = (client: Pick<Client, 'blocked'>): void => {
  if (client.blocked) throw new OAuthError('client_blocked', 'an operator has blocked this service');
};

export const secretsPerClient = 2;

export const hashSecret = (secret: string): string => sha256(secret).toString('base64url');

/** The client's secret that was presented, expired or not. Every one is compared, whatever the first one says. */
export const secretPresented = (client: Client, presented: string): ClientSecret | undefined => {
  const hash = sha256(presented);
  const matches = client.secrets.filter((secret) => {
    const stored = fromBase64url(secret.hash);
    return stored !== undefined && equalBytes(stored, hash);
  });
  return matches[0];
};

/** True if one of the client's live secrets matches. */
export const isSecretOf = (client: Client, presented: string, now: number): boolean => {
  const secret = secretPresented(client, presented);
  return secret !== undefined && now < secret.expiresAt;
};

export const isConfidential = (client: Pick<Client, 'authenticationMethod'>): boolean =>
  client.authenticationMethod !== 'none';

/** True for a client that shares a secret with us: all others have none to keep or to replace. */
export const usesSecret = ({ authenticationMethod }: Pick<Client, 'authenticationMethod'>): boolean =>
  authenticationMethod === 'client_secret_basic' || authenticationMethod === 'client_secret_post';
