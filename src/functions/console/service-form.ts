/** What is typed about a service, the registration that it means (RFC 7591 §2), and what is wrong with which field. */
import { isOurOwn } from '../../oauth/access/resources.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Reason } from '../../oauth/reasons.ts';
import type { FieldProblem } from '../../pages/console/field-problem.ts';
import type { OfferedPermission } from '../../pages/console/frame.ts';
import {
  type AreaName,
  areaNames,
  type FieldName,
  fieldLabels,
  type LineName,
  lineNames,
  type TypedService,
} from '../../pages/console/service-fields.ts';
import type { Refused, Visit } from './visit.ts';

export type Metadata = Readonly<Record<string, unknown>>;

/** What most services begin with. */
export const usual: Metadata = {
  client_name: '',
  redirect_uris: [],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
};

/** What nobody says: who the service is here, and what follows from the rest. */
const unsaid: ReadonlySet<string> = new Set([
  'client_id',
  'client_id_issued_at',
  'assent_secrets',
  'assent_warnings',
  'assent_verified_by',
  'assent_verified_at',
  'assent_logo',
]);

/** The document that registers the same. */
export const documentOf = (metadata: Metadata): string =>
  asText(Object.fromEntries(Object.entries(metadata).filter(([name]) => !unsaid.has(name))));

const asText = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** Throws `metadata_malformed`. */
export const documentIn = (text: string): unknown => jsonIn(text, 'the document');

const jsonIn = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OAuthError('metadata_malformed', `${what}: this is not JSON; look for a missing comma, quote or bracket`);
  }
};

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const textOf = (value: unknown): string => {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join('\n');
  return typeof value === 'string' ? value : asText(value);
};

type TextName = LineName | AreaName;

const textsBy = (read: (name: TextName) => string): Readonly<Record<TextName, string>> => {
  const texts: Partial<Record<TextName, string>> = {};
  for (const name of [...lineNames, ...areaNames]) texts[name] = read(name);
  return texts as Record<TextName, string>;
};

/** As the fields have it that nobody touched. */
export const typedOf = (metadata: Metadata): TypedService => ({
  ...textsBy((name) => textOf(metadata[name])),
  grantTypes: strings(metadata.grant_types),
  method: textOf(metadata.token_endpoint_auth_method),
  scopes: textOf(metadata.scope).split(' ').filter(Boolean),
});

/** Whatever it is: what is wrong about it is said by the operation. */
export const typedIn = (form: Parameters): TypedService => ({
  ...textsBy((name) => form.lines(name)?.trim() ?? ''),
  grantTypes: form.all('grant_types'),
  method: form.get('token_endpoint_auth_method') ?? '',
  scopes: form.all('permission'),
});

const linesIn = (text: string): readonly string[] =>
  text
    .split(/[\r\n]+/)
    .map((one) => one.trim())
    .filter(Boolean);

/** As the API takes it: what has no field is as it was. Throws `metadata_malformed`. */
export const metadataFrom = (typed: TypedService, before: Metadata): Metadata => ({
  ...before,
  ...Object.fromEntries(lineNames.map((name) => [name, typed[name] || undefined])),
  ...Object.fromEntries(areaNames.map((name) => [name, linesIn(typed[name])])),
  jwks: typed.jwks.trim() === '' ? undefined : jsonIn(typed.jwks, 'jwks'),
  grant_types: typed.grantTypes,
  token_endpoint_auth_method: typed.method || undefined,
  scope: typed.scopes.join(' '),
});

/** A scope that several resources have is one: a registration names no resources. Only operators are offered our own. */
export const offeredScopes = (metadata: Metadata, { server }: Pick<Visit, 'server'>): readonly OfferedPermission[] => {
  const offered = server.resources.filter((one) => metadata.assent_operator === true || !isOurOwn(one));
  const scopes = new Map<string, OfferedPermission>();
  for (const { name: of, permissions } of offered)
    for (const { id, name } of permissions.values())
      if (!scopes.has(id)) scopes.set(id, { value: id, scope: id, name, of });
  return [...scopes.values()];
};

/** Where the description does not begin with a member's name. */
const fieldsByReason: Readonly<Partial<Record<Reason, FieldName>>> = {
  metadata_redirect_uri: 'redirect_uris',
  metadata_redirect_uris_missing: 'redirect_uris',
  metadata_redirect_uri_of_web: 'redirect_uris',
  metadata_refresh_without_code: 'grant_types',
  metadata_credentials_of_public_client: 'grant_types',
  metadata_keys_missing: 'jwks',
  metadata_keys_twice: 'jwks',
};

/** What was refused, and the field that it is about, if there is one. */
export const problemOf = (refused: Refused | undefined): FieldProblem<FieldName> | undefined => {
  if (refused === undefined) return undefined;
  const { problem, reason } = refused;
  const [, member = '', rest = ''] = /^(\w+)(?:[.#][^:]*)?: (.*)$/s.exec(problem) ?? [];
  if (Object.hasOwn(fieldLabels, member)) return { text: rest, field: member as FieldName };
  return { text: problem, field: fieldsByReason[reason] };
};
