/** Who the service is, as people are told: its name, its pages, where it takes answers, and whether somebody checked that. */
import * as z from 'zod';
import { problemOfRedirectUri } from '../../authorization/redirect-uri.ts';
import { OAuthError } from '../../errors.ts';
import type { Client, Verification } from '../client.ts';
import { usesReservedName } from '../client-names.ts';
import { type ClientRegistration, invalid, type RegistrationContext, theme } from './theme.ts';
import { nameText, type Translations, translationsIn } from './translations.ts';
import { text, webAddress } from './values.ts';

export type ServiceFields = {
  readonly name: string;
  /** What the service is for, in a sentence of its own. */
  readonly description: string | undefined;
  /** Who publishes the service, by their own word. */
  readonly publisher: string | undefined;
  readonly uri: string | undefined;
  /** Where its picture is, by its own word; what we serve of it is `Client.logo`. */
  readonly logoUri: string | undefined;
  readonly policyUri: string | undefined;
  readonly tosUri: string | undefined;
  readonly contacts: readonly string[];
  readonly redirectUris: readonly string[];
  /** Of what people read; undefined where there are none. */
  readonly translations: Translations | undefined;
  /** The operator who checked who runs the service, and when. What its pages may say of it; undefined if nobody did. */
  readonly verified: Verification | undefined;
};

export const service = theme({
  shape: {
    client_name: nameText,
    redirect_uris: z.array(z.string()).max(20).default([]),
    // OpenID Federation 1.0 §5.2.2 has the names of both: RFC 7591 has none.
    description: text.trim().optional(),
    organization_name: text.trim().max(100).optional(),
    client_uri: webAddress.optional(),
    logo_uri: webAddress.optional(),
    policy_uri: webAddress.optional(),
    tos_uri: webAddress.optional(),
    contacts: z.array(text).max(10).default([]),
    assent_verified: z.boolean().optional(),
  },
  shown: { assent_verified_by: z.string(), assent_verified_at: z.int(), assent_logo: z.string() },
  read: (metadata, context, body): ServiceFields => {
    requireRedirectUris(metadata.redirect_uris);
    const described = {
      name: metadata.client_name,
      publisher: metadata.organization_name || undefined,
      uri: metadata.client_uri,
      logoUri: metadata.logo_uri,
      redirectUris: [...new Set(metadata.redirect_uris)],
      translations: translationsIn(body),
    };
    return {
      ...described,
      description: metadata.description || undefined,
      policyUri: metadata.policy_uri,
      tosUri: metadata.tos_uri,
      contacts: metadata.contacts,
      verified: verificationOf(described, metadata.assent_verified, context),
    };
  },
  check: (registration, context) => requireOwnName(registration, context),
  describe: (client) => ({
    client_name: client.name,
    description: client.description,
    organization_name: client.publisher,
    redirect_uris: client.redirectUris,
    client_uri: client.uri,
    logo_uri: client.logoUri,
    policy_uri: client.policyUri,
    tos_uri: client.tosUri,
    contacts: client.contacts,
    ...client.translations,
    assent_verified: client.verified !== undefined,
    assent_verified_by: client.verified?.by,
    assent_verified_at: client.verified?.at,
    assent_logo: client.logo === undefined ? undefined : `/logos/${client.logo}`,
  }),
});

const requireRedirectUris = (uris: readonly string[]): void => {
  for (const uri of uris) {
    const problem = problemOfRedirectUri(uri);
    if (problem !== undefined) throw new OAuthError('metadata_redirect_uri', `a redirect URI ${problem}`);
  }
};

type Described = Pick<Client, 'name' | 'publisher' | 'uri' | 'logoUri' | 'redirectUris' | 'translations'>;

/** What an operator vouched for stays vouched for while it is the same; asking for it again renews it when it is not. */
const verificationOf = (
  described: Described,
  asked: boolean | undefined,
  { before, operator }: RegistrationContext,
): Verification | undefined => {
  if (asked === false) return undefined;
  if (before?.verified !== undefined && isSameService(before, described)) return before.verified;
  return asked === true ? operator : undefined;
};

const isSameService = (before: Described, after: Described): boolean =>
  before.name === after.name &&
  before.publisher === after.publisher &&
  before.uri === after.uri &&
  before.logoUri === after.logoUri &&
  JSON.stringify(before.translations) === JSON.stringify(after.translations) &&
  after.redirectUris.every((uri) => before.redirectUris.includes(uri));

/** A name that the client has already is no reason to refuse other changes of it, such as blocking it. */
const requireOwnName = (registration: ClientRegistration, context: RegistrationContext): void => {
  const { before, brandName, operator } = context;
  if (registration.verified !== undefined) return;
  const known = before === undefined ? [] : namesOf(before).map(({ name }) => name);
  for (const { member, name } of namesOf(registration))
    if (!known.includes(name) && usesReservedName(name, brandName))
      throw invalid(
        'metadata_name_reserved',
        `${member}: it looks like the name of this organization or of a well-known provider; ` +
          (operator === undefined
            ? 'an operator can register such a service'
            : 'if you have checked who runs the service, say so with assent_verified: true'),
      );
};

/** What a person takes for a name. */
const namingMembers = ['client_name', 'organization_name'];

const namesOf = ({ name, publisher, translations }: Pick<Client, 'name' | 'publisher' | 'translations'>) => [
  { member: 'client_name', name },
  ...(publisher === undefined ? [] : [{ member: 'organization_name', name: publisher }]),
  ...Object.entries(translations ?? {}).flatMap(([key, translated]) =>
    namingMembers.some((member) => key.startsWith(`${member}#`)) ? [{ member: key, name: translated }] : [],
  ),
];
