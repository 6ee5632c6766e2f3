/**
 * Every HTTP function, in one table: the name in `routes.ts`, and the story. A story is imported when it is first told, so that a
 * cold instance loads what it is asked for and nothing else: a new one goes here with its `import()`.
 */
import { type Endpoint, lazily, type Story } from '../http/endpoint.ts';
import { token } from './oauth/token.ts';
import { admin, type RouteName, routes } from './routes.ts';
import { notFound } from './system/not-found.ts';

/** What an operation is, and who may, is in `admin/operations.ts`. */
const adminStories = Object.fromEntries(
  Object.entries(admin).map(([name, { route }]) => [
    name,
    lazily(async () => (await import('./admin/endpoint.ts')).operationsAt(route)),
  ]),
) as Readonly<Record<keyof typeof admin, Story>>;

const stories: Readonly<Record<RouteName, Story>> = {
  // What cold instances are mostly started for.
  token,
  authorize: lazily(async () => (await import('./oauth/authorize.ts')).authorize),
  consent: lazily(async () => (await import('./oauth/consent.ts')).consent),
  par: lazily(async () => (await import('./oauth/par.ts')).par),
  revoke: lazily(async () => (await import('./oauth/revoke.ts')).revoke),
  introspect: lazily(async () => (await import('./oauth/introspect.ts')).introspect),
  register: lazily(async () => (await import('./oauth/register.ts')).register),
  registration: lazily(async () => (await import('./oauth/register.ts')).registration),
  revocations: lazily(async () => (await import('./oauth/revocations.ts')).revocations),
  'events-poll': lazily(async () => (await import('./oauth/events.ts')).events),
  'device-authorization': lazily(async () => (await import('./oauth/device-authorization.ts')).deviceAuthorization),
  device: lazily(async () => (await import('./oauth/device.ts')).device),
  'device-decision': lazily(async () => (await import('./oauth/device-decision.ts')).deviceDecision),
  userinfo: lazily(async () => (await import('./oauth/userinfo.ts')).userinfo),
  metadata: lazily(async () => (await import('./oauth/metadata.ts')).metadata),
  'openid-configuration': lazily(async () => (await import('./oauth/metadata.ts')).metadata),
  'protected-resource': lazily(async () => (await import('./oauth/protected-resource.ts')).protectedResource),
  jwks: lazily(async () => (await import('./oauth/jwks.ts')).jwks),
  'sign-in': lazily(async () => (await import('./sign-in/sign-in.ts')).signIn),
  'sign-in-callback': lazily(async () => (await import('./sign-in/callback.ts')).signInCallback),
  'sign-out': lazily(async () => (await import('./sign-in/sign-out.ts')).signOut),
  'end-session': lazily(async () => (await import('./sign-in/end-session.ts')).endSessionEndpoint),
  authorizations: lazily(async () => (await import('./account/authorizations.ts')).authorizations),
  'authorizations-revoke': lazily(async () => (await import('./account/authorizations.ts')).revokeAuthorization),
  'authorizations-revoke-all': lazily(
    async () => (await import('./account/authorizations.ts')).revokeAllAuthorizations,
  ),
  'authorizations-narrow': lazily(async () => (await import('./account/authorization.ts')).narrowAuthorization),
  'authorizations-end-connection': lazily(async () => (await import('./account/authorization.ts')).endConnection),
  'authorizations-receipt': lazily(async () => (await import('./account/receipt.ts')).receipt),
  'authorizations-report': lazily(async () => (await import('./account/report.ts')).report),
  'authorizations-report-page': lazily(async () => (await import('./account/report.ts')).reportForm),
  'authorizations-shown': lazily(async () => (await import('./account/authorization.ts')).authorization),
  sessions: lazily(async () => (await import('./account/sessions.ts')).sessions),
  'sessions-end': lazily(async () => (await import('./account/sessions.ts')).endSession),
  'sessions-end-all': lazily(async () => (await import('./account/sessions.ts')).endAllSessions),
  'my-data': lazily(async () => (await import('./account/my-data.ts')).myData),
  'my-data-download': lazily(async () => (await import('./account/my-data.ts')).downloadMyData),
  'my-data-erase': lazily(async () => (await import('./account/erase.ts')).erase),
  ...adminStories,
  openapi: lazily(async () => (await import('./admin/openapi.ts')).openapi),
  apps: lazily(async () => (await import('./apps/list.ts')).apps),
  'apps-join': lazily(async () => (await import('./apps/owners.ts')).join),
  'apps-new': lazily(async () => (await import('./apps/register.ts')).registerOne),
  'apps-one': lazily(async () => (await import('./apps/overview.ts')).oneApp),
  'apps-one-delete': lazily(async () => (await import('./apps/delete.ts')).deleteOne),
  'apps-one-edit': lazily(async () => (await import('./apps/edit.ts')).editOne),
  'apps-one-logo': lazily(async () => (await import('./apps/edit.ts')).changeLogoOfOne),
  'apps-one-owners': lazily(async () => (await import('./apps/owners.ts')).ownersOfOne),
  'apps-one-secrets': lazily(async () => (await import('./apps/secrets.ts')).secretsOfOne),
  console: lazily(async () => (await import('./console/overview.ts')).overview),
  'console-authorizations': lazily(async () => (await import('./console/authorizations.ts')).authorizations),
  'console-authorizations-endings': lazily(async () => (await import('./console/endings.ts')).orders),
  'console-authorizations-endings-new': lazily(async () => (await import('./console/new-ending.ts')).newEnding),
  'console-authorizations-endings-one': lazily(async () => (await import('./console/endings.ts')).order),
  'console-authorizations-one': lazily(async () => (await import('./console/authorization.ts')).authorization),
  'console-audit': lazily(async () => (await import('./console/audit.ts')).auditLog),
  'console-audit-export': lazily(async () => (await import('./console/audit.ts')).auditExport),
  'console-catalogue': lazily(async () => (await import('./console/catalogue.ts')).catalogue),
  'console-catalogue-edit': lazily(async () => (await import('./console/edit-resource.ts')).editResource),
  'console-catalogue-one': lazily(async () => (await import('./console/catalogue.ts')).resource),
  'console-incidents': lazily(async () => (await import('./console/incidents.ts')).incidents),
  'console-policy': lazily(async () => (await import('./console/policy.ts')).policy),
  'console-services': lazily(async () => (await import('./console/services.ts')).services),
  'console-services-edit': lazily(async () => (await import('./console/edit-service.ts')).editService),
  'console-services-new': lazily(async () => (await import('./console/edit-service.ts')).newService),
  'console-services-tokens': lazily(async () => (await import('./console/registration-tokens.ts')).registrationTokens),
  'console-services-rule': lazily(async () => (await import('./console/service-rule.ts')).serviceRule),
  'console-services-one': lazily(async () => (await import('./console/service.ts')).service),
  'console-policy-try': lazily(async () => (await import('./console/try-policy.ts')).tryPolicy),
  'console-requests': lazily(async () => (await import('./console/requests.ts')).requests),
  logos: lazily(async () => (await import('./system/logos.ts')).logos),
  home: lazily(async () => (await import('./system/home.ts')).home),
  healthz: lazily(async () => (await import('./system/health.ts')).alive),
  readyz: lazily(async () => (await import('./system/health.ts')).ready),
};

const named: readonly Endpoint[] = (Object.keys(routes) as RouteName[]).map((name) => ({
  name,
  ...routes[name],
  handle: stories[name],
}));

/** The answer to every other path is one of its own. */
export const endpoints: readonly Endpoint[] = [...named, notFound];
