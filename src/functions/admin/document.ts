/** The admin API as an OpenAPI 3.1 document: what the table of operations says, and nothing beside it. */
import * as z from 'zod';
import type { Config } from '../../config.ts';
import { type Code, problemType, titleOf } from '../../http/problem.ts';
import { providerScope } from '../../oauth/access/provider-token.ts';
import { adminScope, auditScope } from '../../oauth/access/resources.ts';
import { answerTo } from '../../oauth/errors.ts';
import { type Reason, reasons } from '../../oauth/reasons.ts';
import { changesUnversioned, type Operation } from './operation.ts';
import { operations } from './operations.ts';

type Json = Readonly<Record<string, unknown>>;

const ours: readonly Code[] = ['temporarily_unavailable', 'server_error'];

const answerOf = (code: Code): { readonly status: number; readonly onTheWire: string } => {
  if (code === 'temporarily_unavailable') return { status: 503, onTheWire: code };
  return code === 'server_error' ? { status: 500, onTheWire: code } : answerTo(code);
};

/** Why the endpoint itself refuses, whatever the operation. */
const usual: readonly Reason[] = [
  'bearer_token_missing',
  'bearer_token_unknown',
  'role_missing',
  'body_too_large',
  'limit_of_sources',
];

const refusalsOf = (operation: Operation): readonly Reason[] => [
  ...usual,
  ...(operation.query === undefined ? [] : (['operation_malformed', 'parameter_repeated'] as const)),
  ...(operation.body === undefined ? [] : (['body_not_json', 'body_without_length', 'body_media_type'] as const)),
  ...(operation.body === undefined ? [] : [operation.malformed ?? 'operation_malformed']),
  ...(operation.versioned === true ? (['version_missing'] as const) : []),
  ...(operation.versioned === true || changesUnversioned(operation) ? (['version_outdated'] as const) : []),
  ...(operation.creates === true
    ? (['creation_key_malformed', 'creation_key_reused', 'creation_in_flight'] as const)
    : []),
  ...operation.refusals,
];

/** Every code with which an operation may be refused, sorted. */
export const codesOf = (operation: Operation): readonly Code[] =>
  [...new Set([...refusalsOf(operation).map((reason): Code => reasons[reason]), ...ours])].sort();

/** JSON Schema of a shape: as it is sent, or as it is answered. */
const schemaOf = (shape: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Json;
  return schema;
};

const problemSchema = (code: Code, issuer: string): Json => {
  const { status, onTheWire } = answerOf(code);
  const properties = {
    type: { const: problemType(code, issuer) },
    title: { const: titleOf(code) },
    status: { const: status },
    detail: { type: 'string' },
    correlation_id: { type: 'string', description: 'By which operators find the request in their log.' },
    error: { const: onTheWire },
    error_description: { type: 'string' },
  };
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
};

const textHeader = (description: string): Json => ({ description, schema: { type: 'string' } });

const headersOf = (code: Code): Json => {
  const { status } = answerOf(code);
  if (status === 401 || status === 403) return { 'WWW-Authenticate': textHeader('RFC 6750 §3') };
  return status === 503 || status === 429 ? { 'Retry-After': textHeader('Seconds.') } : {};
};

const problemContent = (codes: readonly Code[]): Json => {
  const schemas = codes.map((code) => ({ $ref: `#/components/schemas/${code}` }));
  return { 'application/problem+json': { schema: schemas.length === 1 ? schemas[0] : { oneOf: schemas } } };
};

const problemResponse = (code: Code): Json => ({
  description: titleOf(code),
  headers: headersOf(code),
  content: problemContent([code]),
});

/** One response a status: of several codes under one status, each is possible. */
const refusalResponses = (operation: Operation): Json => {
  const byStatus = Map.groupBy(codesOf(operation), (code) => String(answerOf(code).status));
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const [first] = codes;
      if (first !== undefined && codes.length === 1) return [status, { $ref: `#/components/responses/${first}` }];
      const description = codes.map(titleOf).join('; ');
      return [status, { description, headers: headersOf(first ?? 'server_error'), content: problemContent(codes) }];
    }),
  );
};

const typeOf = (lines: true | undefined): string => (lines === true ? 'application/jsonl' : 'application/json');

const successResponse = ({ answer, lines, versionShown, status, summary }: Operation): Json => ({
  description: status === 204 ? 'Done' : summary,
  headers: {
    ...(versionShown === true ? { ETag: textHeader('The version, for If-Match.') } : {}),
    ...(status === 201 ? { Location: textHeader('Where what was made lies, if it has an address.') } : {}),
    ...(lines === true ? { Link: textHeader('RFC 8288: where it goes on, as rel="next"; absent at the end.') } : {}),
  },
  ...(answer === undefined ? {} : { content: { [typeOf(lines)]: { schema: schemaOf(answer, 'output') } } }),
});

const parametersIn = (place: 'path' | 'query', shape: z.ZodObject | undefined): readonly Json[] => {
  if (shape === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(shape, 'input') as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
  }));
};

const ifMatch = (required: boolean): Json => ({
  name: 'If-Match',
  in: 'header',
  required,
  description: required
    ? 'The ETag that was read, or * for whatever it is by now.'
    : 'This has no versions: * alone is met.',
  schema: { type: 'string' },
});

const headerParameters = (operation: Operation): readonly Json[] => [
  ...(operation.versioned === true ? [ifMatch(true)] : []),
  ...(changesUnversioned(operation) ? [ifMatch(false)] : []),
  ...(operation.creates === true
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'Repeated within a day, the request happens once and is answered alike.',
          schema: { type: 'string', minLength: 8, maxLength: 202 },
        },
      ]
    : []),
];

const operationObject = (operation: Operation): Json => ({
  operationId: operation.name,
  summary: operation.summary,
  tags: [operation.route.split('/')[0]],
  'x-assent-role': operation.role,
  security: [
    { client: [adminScope] },
    ...(operation.role === 'auditor' ? [{ client: [auditScope] }] : []),
    { person: [] },
  ],
  parameters: [
    ...parametersIn('path', operation.path),
    ...parametersIn('query', operation.query),
    ...headerParameters(operation),
  ],
  ...(operation.body === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: schemaOf(operation.body, 'input') } },
        },
      }),
  responses: { [operation.status]: successResponse(operation), ...refusalResponses(operation) },
});

const pathsOf = (all: readonly Operation[]): Json =>
  Object.fromEntries(
    [...Map.groupBy(all, ({ route }) => route)].map(([route, here]) => [
      `/api/admin/${route}`,
      Object.fromEntries(here.map((one) => [one.method.toLowerCase(), operationObject(one)])),
    ]),
  );

/** The document of a deployment. */
export const openApiDocument = ({ issuer, signIn }: Pick<Config, 'issuer' | 'signIn'>): Json => {
  const codes = [...new Set(operations.flatMap(codesOf))].sort();
  return {
    openapi: '3.1.1',
    info: {
      title: 'Assent: administration',
      version: '1',
      summary: 'What operators do and auditors read.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: issuer }],
    tags: [...new Set(operations.map(({ route }) => route.split('/')[0]))].map((name) => ({ name })),
    paths: pathsOf(operations),
    components: {
      securitySchemes: securitySchemes(issuer, signIn),
      schemas: Object.fromEntries(codes.map((code) => [code, problemSchema(code, issuer)])),
      responses: Object.fromEntries(codes.map((code) => [code, problemResponse(code)])),
    },
  };
};

const securitySchemes = (issuer: string, signIn: Config['signIn']): Json => ({
  client: {
    type: 'oauth2',
    description: 'A client that may administer.',
    flows: {
      clientCredentials: {
        tokenUrl: `${issuer}/token`,
        scopes: { [adminScope]: 'Everything.', [auditScope]: 'Reading alone.' },
      },
    },
  },
  person: {
    type: 'openIdConnect',
    description: 'A person with the role of an operator or an auditor, by an access token of the sign-in provider.',
    openIdConnectUrl: `${signIn.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    // What programs ask the provider for; the Azure CLI with `az account get-access-token --scope`.
    'x-assent-scope': providerScope(signIn.clientId),
  },
});
