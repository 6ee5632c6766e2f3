/** Client rows: columns <-> values. A column that is newer than some row says what its absence means. */
import type { AuthenticationMethod, Client, ClientSecret, GrantType, Verification } from '../oauth/clients/client.ts';
import type { AnswerFields } from '../oauth/clients/metadata/answers.ts';
import type { ApplicationFields } from '../oauth/clients/metadata/application.ts';
import type { ExchangePolicy } from '../oauth/clients/metadata/exchange.ts';
import type { KeyFields } from '../oauth/clients/metadata/keys.ts';
import type { OpenidFields } from '../oauth/clients/metadata/openid.ts';
import type { Translations } from '../oauth/clients/metadata/translations.ts';
import type { ClientSigningAlgorithm } from '../oauth/clients/metadata/values.ts';
import type { ProfileFields } from '../oauth/clients/profile.ts';
import type { Registrant } from '../oauth/clients/registrant.ts';
import type { ClientAlgorithm } from '../oauth/clients/signed-by-client.ts';
import { clientKeyOf } from '../oauth/tokens/locator.ts';
import { clearable, flag, json, mapped, named, optional, otherwise, rowOf, seconds, text } from './columns.ts';
import type { Row } from './table.ts';

const optionalJson = <Value>() =>
  mapped(
    clearable,
    (value: Value | undefined) => value && JSON.stringify(value),
    (written): Value | undefined => (written === undefined ? undefined : (JSON.parse(written) as Value)),
  );

const optionalText = <Value extends string>() =>
  mapped(
    clearable,
    (value: Value | undefined) => value,
    (written) => written as Value | undefined,
  );

const clearableNumber = mapped(
  clearable,
  (value: number | undefined) => value?.toString(),
  (written) => (written === undefined ? undefined : Number(written)),
);

const columns = rowOf({
  clientId: text(),
  name: text(),
  description: clearable,
  publisher: clearable,
  uri: clearable,
  logoUri: clearable,
  policyUri: clearable,
  tosUri: clearable,
  contacts: json<readonly string[]>(),
  redirectUris: json<readonly string[]>(),
  grantTypes: json<readonly GrantType[]>(),
  authenticationMethod: text<AuthenticationMethod>(),
  scopes: json<readonly string[]>(),
  secrets: json<readonly ClientSecret[]>(),
  resourceServerOf: json<readonly string[]>(),
  isOperator: flag,
  blocked: flag,
  idTokenAlgorithm: optionalText<ClientSigningAlgorithm>(),
  userinfoAlgorithm: optionalText<ClientSigningAlgorithm>(),
  subjectType: otherwise(text<OpenidFields['subjectType']>(), 'public'),
  sectorIdentifierUri: clearable,
  defaultMaxAgeSeconds: clearableNumber,
  requiresAuthTime: flag,
  mayOmitPkce: flag,
  answerAlgorithm: optionalText<ClientSigningAlgorithm>(),
  responseModes: optionalJson<NonNullable<AnswerFields['responseModes']>>(),
  postLogoutRedirectUris: otherwise(json<readonly string[]>(), []),
  backchannelLogoutUri: clearable,
  backchannelLogoutSessionRequired: flag,
  translations: optionalJson<Translations>(),
  verified: optionalJson<Verification>(),
  requiresPushedRequests: flag,
  dpopBound: flag,
  introspectionAlgorithm: optionalText<ClientSigningAlgorithm>(),
  tokenExchange: optionalJson<ExchangePolicy>(),
  jwks: optionalJson<NonNullable<KeyFields['jwks']>>(),
  jwksUri: clearable,
  assertionAlgorithm: optionalText<ClientAlgorithm>(),
  assertsToEndpoint: flag,
  federatedCredentials: otherwise(json<KeyFields['federatedCredentials']>(), []),
  requestObjectAlgorithm: optionalText<ClientAlgorithm>(),
  requiresSignedRequests: flag,
  profile: optionalText<NonNullable<ProfileFields['profile']>>(),
  detailTypes: otherwise(json<readonly string[]>(), []),
  applicationType: optionalText<NonNullable<ApplicationFields['applicationType']>>(),
  softwareId: clearable,
  softwareVersion: clearable,
  registrant: otherwise(json<Registrant>(), { by: 'operator' }),
  logo: clearable,
  createdAt: seconds,
  endsAt: named('keepUntil', optional(seconds)),
});

/** What the store itself looks at in a row. */
export type ClientColumns = Readonly<Record<string, unknown>> & {
  readonly clientId: string;
  readonly writeId?: string;
  readonly keepUntil?: number;
};

export type StoredClient = Client & { readonly etag: string };

export const isOver = (row: ClientColumns, now: number): boolean => row.keepUntil !== undefined && now >= row.keepUntil;

export const keysOf = (clientId: string) => ({ partitionKey: clientKeyOf(clientId).toString('hex'), rowKey: 'client' });

export const clientRow = (client: Client) => ({ ...keysOf(client.clientId), ...columns.write(client) });

export const clientFrom = (row: Row<ClientColumns>): StoredClient => ({ etag: row.etag, ...columns.read(row) });
