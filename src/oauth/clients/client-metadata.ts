/** A client's metadata on the wire (RFC 7591 §2): parsed, checked, and written back, theme by theme. */
import * as z from 'zod';
import type { Client } from './client.ts';
import { access } from './metadata/access.ts';
import { answers } from './metadata/answers.ts';
import { application } from './metadata/application.ts';
import { details } from './metadata/details.ts';
import { exchange } from './metadata/exchange.ts';
import { introspection } from './metadata/introspection.ts';
import { keys } from './metadata/keys.ts';
import { logout } from './metadata/logout.ts';
import { openid } from './metadata/openid.ts';
import { profile, underProfile } from './metadata/profile.ts';
import { requests } from './metadata/requests.ts';
import { service } from './metadata/service.ts';
import {
  type ClientRegistration,
  type Described,
  invalid,
  type RegistrationContext,
  type Theme,
} from './metadata/theme.ts';

export type { ClientRegistration, RegistrationContext } from './metadata/theme.ts';

const themes = [
  service,
  application,
  access,
  openid,
  answers,
  requests,
  logout,
  introspection,
  exchange,
  keys,
  profile,
  details,
] as const satisfies readonly Theme<Partial<ClientRegistration>>[];

const membersOf = (kind: 'said' | 'shown'): z.ZodRawShape =>
  Object.assign({}, ...themes.map(({ members }) => members[kind]));

/** What a registration says (RFC 7591 §2): unknown names are ignored, and those with a language tag (§2.2) are too many to list. */
export const saidMetadata = () => z.looseObject(membersOf('said'));

/** What `clientMetadata` tells: members without a value are left out, and texts in other languages follow those without a tag. */
export const shownMetadata = () =>
  z
    .object(membersOf('shown'))
    .partial()
    .catchall(z.string())
    .extend({
      client_id: z.string(),
      client_id_issued_at: z.int(),
      assent_secrets: z.array(
        z.strictObject({ id: z.string(), name: z.string().optional(), created_at: z.int(), expires_at: z.int() }),
      ),
    });

/** Throws `invalid_client_metadata` or `invalid_redirect_uri` (RFC 7591 §3.2.2), saying what to change. */
export const parseClientMetadata = (body: unknown, context: RegistrationContext): ClientRegistration => {
  const read: ClientRegistration = Object.assign({}, ...themes.map(({ parse }) => parse(body, context)));
  const registration = underProfile(read);
  for (const { check } of themes) check(registration, context);
  requireRoom(registration);
  return registration;
};

/** A column holds 32,768 characters. Keys may have members that nobody here knows (RFC 7517 §4), and lists long texts. */
const memberLimit = 30_000;

const requireRoom = (registration: ClientRegistration): void => {
  for (const [name, value] of Object.entries(described(registration)))
    if (JSON.stringify(value ?? null).length > memberLimit)
      throw invalid('metadata_malformed', `${name}: is longer than ${memberLimit} characters`);
};

const described = (client: Described): Readonly<Record<string, unknown>> =>
  Object.assign({}, ...themes.map(({ describe }) => describe(client)));

/** The client as an operator reads it: never a secret, only which there are (RFC 7591 §3.2.1). */
export const clientMetadata = (client: Client): Readonly<Record<string, unknown>> => ({
  client_id: client.clientId,
  client_id_issued_at: client.createdAt,
  ...described(client),
  assent_secrets: client.secrets.map((secret) => ({
    id: secret.id,
    name: secret.name,
    created_at: secret.createdAt,
    expires_at: secret.expiresAt,
  })),
});
