/** How the client signs people in (OpenID Connect Dynamic Client Registration §2). */
import * as z from 'zod';
import { sectorOf, subjectTypes } from '../sign-in.ts';
import { type ClientRegistration, invalid, theme } from './theme.ts';
import { type ClientSigningAlgorithm, offeredIn, signingAlgorithm, webAddress } from './values.ts';

export type OpenidFields = {
  /** Undefined for the usual one. */
  readonly idTokenAlgorithm: ClientSigningAlgorithm | undefined;
  /** Undefined for answers in plain JSON. */
  readonly userinfoAlgorithm: ClientSigningAlgorithm | undefined;
  readonly subjectType: (typeof subjectTypes)[number];
  /** An address that lists the redirect URIs of all clients of the sector. */
  readonly sectorIdentifierUri: string | undefined;
  /** Of requests that say no max_age, in seconds. */
  readonly defaultMaxAgeSeconds: number | undefined;
  readonly requiresAuthTime: boolean;
  /** Lets a request for a sign-in do without PKCE and without a nonce: libraries from before both. */
  readonly mayOmitPkce: boolean;
};

export const openid = theme({
  shape: {
    id_token_signed_response_alg: signingAlgorithm.optional(),
    userinfo_signed_response_alg: signingAlgorithm.optional(),
    subject_type: z.enum(subjectTypes).default('public'),
    sector_identifier_uri: webAddress.optional(),
    default_max_age: z.number().int().min(0).max(1_000_000_000).optional(),
    require_auth_time: z.boolean().default(false),
    assent_require_pkce: z.boolean().default(true),
  },
  read: (metadata, { signingAlgorithms: offered }): OpenidFields => ({
    idTokenAlgorithm: offeredIn(offered, metadata.id_token_signed_response_alg),
    userinfoAlgorithm: offeredIn(offered, metadata.userinfo_signed_response_alg),
    subjectType: metadata.subject_type,
    sectorIdentifierUri: metadata.sector_identifier_uri,
    defaultMaxAgeSeconds: metadata.default_max_age,
    requiresAuthTime: metadata.require_auth_time,
    mayOmitPkce: !metadata.assent_require_pkce,
  }),
  check: (registration) => requireSector(registration),
  describe: (client) => ({
    id_token_signed_response_alg: client.idTokenAlgorithm,
    userinfo_signed_response_alg: client.userinfoAlgorithm,
    subject_type: client.subjectType,
    sector_identifier_uri: client.sectorIdentifierUri,
    default_max_age: client.defaultMaxAgeSeconds,
    require_auth_time: client.requiresAuthTime,
    assent_require_pkce: !client.mayOmitPkce,
  }),
});

/** Core §8.1: several hosts are one sector only if an address of theirs says so. */
const requireSector = (registration: ClientRegistration): void => {
  if (registration.subjectType === 'pairwise' && sectorOf(registration) === undefined)
    throw invalid(
      'metadata_sector_unclear',
      'subject_type pairwise needs redirect URIs of one https host, or a sector_identifier_uri',
    );
};
