/** Every HTTP function, in one table. */
import type { Endpoint } from '../http/endpoint.ts';
import { authorizations, revokeAllAuthorizations, revokeAuthorization } from './account/authorizations.ts';
import { appSecret, appSecrets, apps, app as oneApp } from './admin/apps.ts';
import { notBefore } from './admin/not-before.ts';
import { registrationToken, registrationTokens } from './admin/registration-tokens.ts';
import { authorize } from './oauth/authorize.ts';
import { consent } from './oauth/consent.ts';
import { device } from './oauth/device.ts';
import { deviceAuthorization } from './oauth/device-authorization.ts';
import { deviceDecision } from './oauth/device-decision.ts';
import { events } from './oauth/events.ts';
import { introspect } from './oauth/introspect.ts';
import { jwks } from './oauth/jwks.ts';
import { metadata, openidConfiguration } from './oauth/metadata.ts';
import { par } from './oauth/par.ts';
import { protectedResource } from './oauth/protected-resource.ts';
import { register, registration } from './oauth/register.ts';
import { revocations } from './oauth/revocations.ts';
import { revoke } from './oauth/revoke.ts';
import { token } from './oauth/token.ts';
import { userinfo } from './oauth/userinfo.ts';
import { signInCallback } from './sign-in/callback.ts';
import { endSessionEndpoint } from './sign-in/end-session.ts';
import { signIn } from './sign-in/sign-in.ts';
import { signOut } from './sign-in/sign-out.ts';
import { alive, ready } from './system/health.ts';
import { home } from './system/home.ts';
import { notFound } from './system/not-found.ts';

const named: readonly Endpoint[] = [
  authorize,
  consent,
  par,
  token,
  revoke,
  introspect,
  register,
  registration,
  revocations,
  events,
  deviceAuthorization,
  device,
  deviceDecision,
  userinfo,
  metadata,
  openidConfiguration,
  protectedResource,
  jwks,
  signIn,
  signInCallback,
  signOut,
  endSessionEndpoint,
  authorizations,
  revokeAuthorization,
  revokeAllAuthorizations,
  apps,
  oneApp,
  appSecrets,
  appSecret,
  notBefore,
  registrationTokens,
  registrationToken,
  alive,
  ready,
];

/** The home page and the answer to every other path know the others. */
export const endpoints: readonly Endpoint[] = [...named, home(named), notFound(named)];
