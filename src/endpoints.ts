/** Every HTTP function, in one table. */

import { appSecret, appSecrets, apps, app as oneApp } from './functions/admin-apps.ts';
import { notBefore } from './functions/admin-not-before.ts';
import { authorizations, revokeAllAuthorizations, revokeAuthorization } from './functions/authorizations.ts';
import { authorize } from './functions/authorize.ts';
import { consent } from './functions/consent.ts';
import { alive, ready } from './functions/health.ts';
import { home } from './functions/home.ts';
import { introspect } from './functions/introspect.ts';
import { jwks } from './functions/jwks.ts';
import { metadata } from './functions/metadata.ts';
import { notFound } from './functions/not-found.ts';
import { revoke } from './functions/revoke.ts';
import { signIn } from './functions/sign-in.ts';
import { signInCallback } from './functions/sign-in-callback.ts';
import { signOut } from './functions/sign-out.ts';
import { token } from './functions/token.ts';
import type { Endpoint } from './http/endpoint.ts';

export const endpoints: readonly Endpoint[] = [
  authorize,
  consent,
  token,
  revoke,
  introspect,
  metadata,
  jwks,
  signIn,
  signInCallback,
  signOut,
  authorizations,
  revokeAuthorization,
  revokeAllAuthorizations,
  apps,
  oneApp,
  appSecrets,
  appSecret,
  notBefore,
  alive,
  ready,
  home,
  notFound,
];
