/** What a person may say of a service of theirs (RFC 7591 §2): as much as the service itself may, and what operators said stays. */

import type { Role } from '../authorization/session.ts';
import { OAuthError } from '../errors.ts';
import type { Policy } from '../policy/policy.ts';
import { type AuthenticationMethod, type Client, deviceCodeGrant, type GrantType, usesSecret } from './client.ts';
import { type ClientRegistration, clientMetadata } from './client-metadata.ts';
import { requireForPeople } from './own-registration.ts';

/** How the service proves who it is, as people choose it. */
export const proofs = ['secret', 'keys', 'public'] as const;
export type Proof = (typeof proofs)[number];

/** A registration as its form has it. Texts are as they were typed; an empty one is undefined. */
export type AppForm = {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly publisher: string | undefined;
  readonly uri: string | undefined;
  readonly tosUri: string | undefined;
  readonly policyUri: string | undefined;
  readonly contact: string | undefined;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
  readonly proof: Proof;
  /** A JWK Set as text. */
  readonly jwks: string | undefined;
  readonly jwksUri: string | undefined;
  /** Whether devices without a browser may ask (RFC 8628). */
  readonly devices: boolean;
};

const methodOf = (proof: Proof, before: Client | undefined): AuthenticationMethod => {
  if (proof === 'public') return 'none';
  if (proof === 'keys') return 'private_key_jwt';
  return before !== undefined && usesSecret(before) ? before.authenticationMethod : 'client_secret_basic';
};

export const proofOf = (client: Client): Proof => {
  if (usesSecret(client)) return 'secret';
  return client.authenticationMethod === 'none' ? 'public' : 'keys';
};

/** What the form decides; grants that an operator gave the service stay. */
const grantTypesOf = ({ redirectUris, devices }: AppForm, before: Client | undefined): readonly GrantType[] => {
  const decided: readonly GrantType[] = ['authorization_code', 'refresh_token', deviceCodeGrant];
  const others = (before?.grantTypes ?? []).filter((one) => !decided.includes(one));
  const isAsked = redirectUris.length > 0 || !devices;
  return [
    ...(isAsked ? (['authorization_code'] as const) : []),
    'refresh_token',
    ...(devices ? ([deviceCodeGrant] as const) : []),
    ...others,
  ];
};

/** What is no JSON stays as it is, and is refused with its name. */
const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The body of a registration, still to be checked; what the form does not ask stays as it was. */
export const metadataIn = (form: AppForm, before?: Client): Readonly<Record<string, unknown>> => ({
  ...(before === undefined ? {} : clientMetadata(before)),
  client_name: form.name,
  description: form.description,
  organization_name: form.publisher,
  client_uri: form.uri,
  tos_uri: form.tosUri,
  policy_uri: form.policyUri,
  contacts: form.contact === undefined ? [] : [form.contact],
  redirect_uris: form.redirectUris,
  scope: form.scopes.join(' '),
  grant_types: grantTypesOf(form, before),
  token_endpoint_auth_method: methodOf(form.proof, before),
  jwks: form.jwks === undefined ? undefined : jsonIn(form.jwks),
  jwks_uri: form.jwksUri,
  ...(form.proof === 'keys' ? {} : { assent_federated_credentials: [] }),
});

/** The form of a client as it is. */
export const formOf = (client: Client): AppForm => ({
  ...client,
  contact: client.contacts[0],
  proof: proofOf(client),
  jwks: client.jwks === undefined ? undefined : JSON.stringify({ keys: client.jwks }),
  devices: client.grantTypes.includes(deviceCodeGrant),
});

/** What a person decides about is decided by people; only an operator gives more. Throws `invalid_client_metadata`. */
export const requireOfPerson = (registration: ClientRegistration, before: Client | undefined): void => {
  if (!before?.grantTypes.includes('client_credentials')) requireForPeople(registration);
};

/** True if operators let this person register services. */
export const mayRegister = ({ role }: { readonly role: Role | undefined }, { registration }: Policy): boolean =>
  registration === 'everyone' || (registration === 'operators' && role === 'operator');

const isMore = (after: readonly string[], before: readonly string[]): boolean =>
  after.some((one) => !before.includes(one));

/**
 * Whoever may not register services cannot make more of those that they have, either; to look after them, and to make less of
 * them, is always theirs. Throws `access_denied`.
 */
export const requireMayReach = (
  after: Pick<ClientRegistration, 'scopes' | 'redirectUris' | 'grantTypes'>,
  before: Client | undefined,
  isAllowed: boolean,
): void => {
  if (isAllowed) return;
  const { scopes = [], redirectUris = [], grantTypes = [] } = before ?? {};
  const reachesFurther =
    isMore(after.scopes, scopes) || isMore(after.redirectUris, redirectUris) || isMore(after.grantTypes, grantTypes);
  if (before === undefined || reachesFurther)
    throw new OAuthError('registration_not_permitted', 'operators do not let this person register services');
};
