/**
 * Every HTTP function that has a name on the network: where it is, who calls it and how. Plain facts, without the stories
 * (`table.ts`), so that whoever only needs an address loads nothing else.
 */
import type { Facts } from '../http/endpoint.ts';
import { callbackPath } from '../identity/callback-path.ts';
import { adminScope } from '../oauth/access/resources.ts';

/** Services, from their servers. */
const service = { audience: 'services', crossOrigin: false } as const;
/** Operators' programs. */
const operator = { ...service, problems: true } as const;
/** Services, from scripts in browsers as well. */
const script = { audience: 'services', crossOrigin: true } as const;
/** The same, of what each instance knows by itself. */
const document = { ...script, withoutStorage: true } as const;
/** People, in a browser. */
const person = { audience: 'people', crossOrigin: false } as const;
/** The same, on the way to a service, which may have opened a popup for it. */
const visitor = { ...person, keepsOpener: true } as const;

/** A form on which people tick permissions: a resource may have 500 of them, and there may be several. */
const ticking = { parametersLimit: 3_000, bodyLimitBytes: 262_144 } as const;

const developers = (about: string) => ({ for: 'developers', about }) as const;
const operators = (about: string) => ({ for: 'operators', about }) as const;

const oauth = {
  authorize: { ...visitor, route: 'authorize', methods: ['GET', 'POST'] },
  consent: { ...visitor, ...ticking, route: 'consent', methods: ['POST'] },
  par: { ...script, route: 'par', methods: ['POST'] },
  token: { ...script, route: 'token', methods: ['POST'] },
  revoke: { ...script, route: 'revoke', methods: ['POST'] },
  introspect: { ...service, route: 'introspect', methods: ['POST'] },
  register: { ...script, route: 'register', methods: ['POST'] },
  registration: { ...script, route: 'register/{client_id}', methods: ['GET', 'PUT', 'DELETE'] },
  revocations: {
    ...script,
    route: 'revocations',
    methods: ['GET'],
    listed: developers('Which sessions and tokens ended lately, signed, for APIs to consult'),
  },
  'events-poll': { ...service, route: 'events/poll', methods: ['POST'] },
  'device-authorization': { ...service, route: 'device_authorization', methods: ['POST'] },
  device: { ...person, route: 'device', methods: ['GET', 'POST'] },
  'device-decision': { ...person, ...ticking, route: 'device/decision', methods: ['POST'] },
  userinfo: { ...script, route: 'userinfo', methods: ['GET', 'POST'] },
  metadata: {
    ...document,
    route: '.well-known/oauth-authorization-server',
    methods: ['GET'],
    listed: developers('Authorization server metadata (RFC 8414)'),
  },
  'openid-configuration': {
    ...document,
    route: '.well-known/openid-configuration',
    methods: ['GET'],
    listed: developers('The same for OpenID Connect (Discovery 1.0)'),
  },
  'protected-resource': {
    ...document,
    route: '.well-known/oauth-protected-resource/{*resource}',
    methods: ['GET'],
  },
  jwks: {
    ...document,
    route: '.well-known/jwks.json',
    methods: ['GET'],
    listed: developers('Public keys that verify access tokens'),
  },
} as const satisfies Readonly<Record<string, Facts>>;

const people = {
  'sign-in': { ...person, withoutStorage: true, route: 'sign-in', methods: ['GET'] },
  'sign-in-callback': { ...visitor, route: callbackPath.slice(1), methods: ['GET'] },
  'sign-out': { ...person, route: 'sign-out', methods: ['GET', 'POST'] },
  'end-session': { ...visitor, route: 'end-session', methods: ['GET', 'POST'] },
  authorizations: { ...person, route: 'authorizations', methods: ['GET'] },
  'authorizations-revoke': { ...person, route: 'authorizations/revoke', methods: ['POST'] },
  'authorizations-revoke-all': { ...person, route: 'authorizations/revoke-all', methods: ['POST'] },
  'authorizations-narrow': { ...person, route: 'authorizations/narrow', methods: ['POST'] },
  'authorizations-end-connection': { ...person, route: 'authorizations/end-connection', methods: ['POST'] },
  'authorizations-receipt': { ...person, route: 'authorizations/receipts/{id}', methods: ['GET'] },
  'authorizations-report': { ...person, route: 'authorizations/report', methods: ['POST'] },
  'authorizations-report-page': { ...person, route: 'authorizations/{id}/report', methods: ['GET'] },
  // Its name sorts last of them: the host would take it for any of the others.
  'authorizations-shown': { ...person, route: 'authorizations/{id}', methods: ['GET'] },
  sessions: { ...person, route: 'sessions', methods: ['GET'] },
  'sessions-end': { ...person, route: 'sessions/end', methods: ['POST'] },
  'sessions-end-all': { ...person, route: 'sessions/end-all', methods: ['POST'] },
  'my-data': { ...person, route: 'my-data', methods: ['GET'] },
  'my-data-download': { ...person, route: 'my-data/download', methods: ['GET'] },
  'my-data-erase': { ...person, route: 'my-data/erase', methods: ['GET', 'POST'] },
} as const satisfies Readonly<Record<string, Facts>>;

/** The pages of a person's own services. A literal comes before the parameter in its place: by the names. */
const apps = {
  apps: { ...person, route: 'apps', methods: ['GET'] },
  'apps-join': { ...person, route: 'apps/join', methods: ['GET', 'POST'] },
  'apps-new': { ...person, ...ticking, route: 'apps/new', methods: ['GET', 'POST'] },
  'apps-one': { ...person, route: 'apps/{client_id}', methods: ['GET'] },
  'apps-one-delete': { ...person, route: 'apps/{client_id}/delete', methods: ['GET', 'POST'] },
  'apps-one-edit': { ...person, ...ticking, route: 'apps/{client_id}/edit', methods: ['GET', 'POST'] },
  'apps-one-logo': { ...person, route: 'apps/{client_id}/logo', methods: ['POST'], bodyLimitBytes: 327_680 },
  'apps-one-owners': { ...person, route: 'apps/{client_id}/owners', methods: ['GET', 'POST'] },
  'apps-one-secrets': { ...person, route: 'apps/{client_id}/secrets', methods: ['GET', 'POST'] },
} as const satisfies Readonly<Record<string, Facts>>;

/** The pages of operators and auditors. The host reserves /admin. */
const consolePages = {
  console: { ...person, route: 'console', methods: ['GET'] },
  'console-authorizations': { ...person, route: 'console/authorizations', methods: ['GET'] },
  'console-authorizations-endings': { ...person, route: 'console/authorizations/endings', methods: ['GET'] },
  'console-authorizations-endings-new': {
    ...person,
    route: 'console/authorizations/endings/new',
    methods: ['GET', 'POST'],
  },
  'console-authorizations-endings-one': {
    ...person,
    route: 'console/authorizations/endings/one',
    methods: ['GET', 'POST'],
  },
  'console-authorizations-one': { ...person, route: 'console/authorizations/one', methods: ['GET', 'POST'] },
  'console-audit': { ...person, route: 'console/audit', methods: ['GET'] },
  'console-audit-export': { ...person, route: 'console/audit/export', methods: ['GET'] },
  'console-catalogue': { ...person, route: 'console/catalogue', methods: ['GET'] },
  'console-catalogue-edit': {
    ...person,
    route: 'console/catalogue/edit',
    methods: ['GET', 'POST'],
    bodyLimitBytes: 262_144,
  },
  'console-catalogue-one': { ...person, route: 'console/catalogue/one', methods: ['GET', 'POST'] },
  'console-incidents': { ...person, route: 'console/incidents', methods: ['GET', 'POST'] },
  'console-policy': { ...person, ...ticking, route: 'console/policy', methods: ['GET', 'POST'] },
  'console-services': { ...person, route: 'console/services', methods: ['GET'] },
  'console-services-edit': { ...person, ...ticking, route: 'console/services/edit', methods: ['GET', 'POST'] },
  'console-services-new': { ...person, ...ticking, route: 'console/services/new', methods: ['GET', 'POST'] },
  'console-services-tokens': { ...person, route: 'console/services/tokens', methods: ['GET', 'POST'] },
  'console-services-rule': { ...person, ...ticking, route: 'console/services/rule', methods: ['GET', 'POST'] },
  'console-services-one': { ...person, route: 'console/services/one', methods: ['GET', 'POST'] },
  'console-policy-try': { ...person, ...ticking, route: 'console/policy/try', methods: ['GET', 'POST'] },
  'console-requests': { ...person, route: 'console/requests', methods: ['GET', 'POST'] },
} as const satisfies Readonly<Record<string, Facts>>;

/** What is called there, and how, is in `admin/operations.ts`; a test holds the two equal. */
export const admin = {
  'admin-apps': {
    ...operator,
    route: 'api/admin/apps',
    methods: ['GET', 'POST'],
    listed: operators(`registers, changes and deletes services; it takes an access token with the scope ${adminScope}`),
  },
  'admin-app': { ...operator, route: 'api/admin/apps/{client_id}', methods: ['GET', 'PUT', 'DELETE'] },
  'admin-app-secrets': { ...operator, route: 'api/admin/apps/{client_id}/secrets', methods: ['POST'] },
  'admin-app-secret': { ...operator, route: 'api/admin/apps/{client_id}/secrets/{secret_id}', methods: ['DELETE'] },
  'admin-audit': { ...operator, route: 'api/admin/audit', methods: ['GET'] },
  'admin-audit-export': { ...operator, route: 'api/admin/audit/export', methods: ['GET'] },
  'admin-audit-seals': { ...operator, route: 'api/admin/audit/seals', methods: ['GET'] },
  'admin-authorizations': { ...operator, route: 'api/admin/authorizations', methods: ['GET'] },
  'admin-authorization': { ...operator, route: 'api/admin/authorizations/{id}', methods: ['GET', 'DELETE'] },
  'admin-endings': { ...operator, route: 'api/admin/endings', methods: ['GET', 'POST'] },
  // Sorts before the one with a segment in its place.
  'admin-ending-preview': { ...operator, route: 'api/admin/endings/preview', methods: ['POST'] },
  'admin-ending-stop': { ...operator, route: 'api/admin/endings/{id}/stop', methods: ['POST'] },
  'admin-endings-one': { ...operator, route: 'api/admin/endings/{id}', methods: ['GET'] },
  'admin-services': { ...operator, route: 'api/admin/services', methods: ['GET'] },
  'admin-people': { ...operator, route: 'api/admin/people', methods: ['GET'] },
  'admin-person': { ...operator, route: 'api/admin/people/{person}', methods: ['GET'] },
  'admin-person-authorizations': {
    ...operator,
    route: 'api/admin/people/{person}/authorizations',
    methods: ['GET'],
  },
  'admin-deployment': { ...operator, route: 'api/admin/deployment', methods: ['GET'] },
  'admin-not-before': { ...operator, route: 'api/admin/not-before', methods: ['POST'] },
  'admin-registration-tokens': { ...operator, route: 'api/admin/registration-tokens', methods: ['GET', 'POST'] },
  'admin-policy': { ...operator, route: 'api/admin/policy', methods: ['GET', 'PUT'] },
  'admin-policy-preview': { ...operator, route: 'api/admin/policy/preview', methods: ['POST'] },
  'admin-policy-try': { ...operator, route: 'api/admin/policy/try', methods: ['POST'] },
  'admin-policy-services': { ...operator, route: 'api/admin/policy/services', methods: ['GET'] },
  'admin-policy-service': { ...operator, route: 'api/admin/policy/service', methods: ['GET', 'PUT'] },
  'admin-policy-service-preview': { ...operator, route: 'api/admin/policy/service/preview', methods: ['POST'] },
  'admin-catalogue': { ...operator, route: 'api/admin/catalogue', methods: ['GET', 'POST'] },
  'admin-catalogue-preview': { ...operator, route: 'api/admin/catalogue/preview', methods: ['POST'] },
  'admin-catalogue-resource': { ...operator, route: 'api/admin/catalogue/resource', methods: ['GET', 'PUT', 'DELETE'] },
  'admin-operator-requests': { ...operator, route: 'api/admin/operator-requests', methods: ['GET'] },
  'admin-operator-request-approve': {
    ...operator,
    route: 'api/admin/operator-requests/{id}/approve',
    methods: ['POST'],
  },
  'admin-operator-request-refuse': { ...operator, route: 'api/admin/operator-requests/{id}/refuse', methods: ['POST'] },
  'admin-registration-token': { ...operator, route: 'api/admin/registration-tokens/{id}', methods: ['GET', 'DELETE'] },
} as const satisfies Readonly<Record<string, Facts>>;

const system = {
  openapi: {
    ...document,
    route: 'api/openapi.json',
    methods: ['GET'],
    listed: operators('describes the API below /api/admin, for programs (OpenAPI 3.1)'),
  },
  // An empty route would become the function's name: the host takes it for absent.
  home: { ...person, withoutStorage: true, route: '{ignored:maxlength(0)?}', methods: ['GET'] },
  logos: { ...person, route: 'logos/{id}', methods: ['GET'] },
  healthz: { ...service, withoutStorage: true, route: 'healthz', methods: ['GET'] },
  readyz: {
    ...service,
    withoutStorage: true,
    route: 'readyz',
    methods: ['GET'],
    listed: operators('says which part is missing, if one is'),
  },
} as const satisfies Readonly<Record<string, Facts>>;

/** Name of the function -> its facts. The host tries them in the order of their names. */
export const routes = { ...oauth, ...people, ...apps, ...consolePages, ...admin, ...system } as const;

export type RouteName = keyof typeof routes;
