/** The pages of a person's services; what is hostile is every text of them. */
import { type AppFormView, appFormPage, type TypedApp } from '../../src/pages/apps-form.ts';
import { appsPage } from '../../src/pages/apps-list.ts';
import { appPage, deleteAppPage } from '../../src/pages/apps-one.ts';
import { appOwnersPage, joinPage } from '../../src/pages/apps-owners.ts';
import type { AppsSite, ShownApp } from '../../src/pages/apps-parts.ts';
import type { OfferedArea } from '../../src/pages/apps-permissions.ts';
import { appSecretsPage, registeredPage } from '../../src/pages/apps-secrets.ts';
import type { Html } from '../../src/pages/html.ts';
import type { Site } from '../../src/pages/layout.ts';

/** 21 November 2026, 18:30 UTC */
const now = 1_795_285_800;
const day = 86_400;

const shownApp = (text: string | undefined): ShownApp => ({
  clientId: text ?? 'app-3q2-7wAAAAAAAAAAAAAAAA',
  name: text ?? 'Fabrikam Planner',
  publisher: text ?? 'Fabrikam Inc.',
  proof: 'secret',
  blocked: text !== undefined,
  verified: text === undefined,
  createdAt: now - 90 * day,
  secrets: [
    { id: text ?? 'a', name: text ?? 'Production', createdAt: now - 55 * day, expiresAt: now + 5 * day },
    { id: text ?? 'b', createdAt: now - 70 * day, expiresAt: now - 10 * day },
  ],
});

const areasOf = (text: string | undefined): readonly OfferedArea[] => {
  const permission = (id: string, name: string, highPrivilege: boolean) => ({
    id: text ?? id,
    name: text ?? name,
    description: text ?? 'See work items, boards, backlogs, queries and their history.',
    highPrivilege,
  });
  return ['Work items', 'Code'].map((category) => ({
    resource: text ?? 'Contoso DevOps',
    category: text ?? category,
    permissions: [
      permission(`${category}.read`, `${category} (read)`, false),
      permission(`${category}.full`, `${category} (full)`, true),
    ],
  }));
};

const emptyForm: TypedApp = {
  name: undefined,
  description: undefined,
  publisher: undefined,
  uri: undefined,
  tosUri: undefined,
  policyUri: undefined,
  contact: undefined,
  redirectUris: [],
  scopes: [],
  proof: 'secret',
  jwks: undefined,
  jwksUri: undefined,
  devices: false,
};

const filledForm = (text: string | undefined): TypedApp => ({
  name: text ?? 'Fabrikam Planner',
  description: text ?? 'Plans what your team does next.',
  publisher: text ?? 'Fabrikam Inc.',
  uri: text ?? 'https://fabrikam.example/',
  tosUri: text ?? 'https://fabrikam.example/terms',
  policyUri: text ?? 'https://fabrikam.example/privacy',
  contact: text ?? 'planner@fabrikam.example',
  redirectUris: [text ?? 'https://planner.fabrikam.example/callback', text ?? 'http://127.0.0.1/callback'],
  scopes: [text ?? 'Code.read'],
  proof: 'keys',
  jwks: text ?? '{"keys":[{"kty":"EC","crv":"P-256","x":"…","y":"…"}]}',
  jwksUri: text,
  devices: true,
});

const problem: AppFormView['problem'] = { field: 'redirect_uris', word: 'redirectUri' };

/** Name of the page -> the page, in the site's language; `text` takes the place of every text that somebody supplied. */
export const appSamples = (ofSite: Site, text?: string): Readonly<Record<string, Html>> => {
  const account = { name: text ?? 'Alice Example', accountName: text ?? 'alice@contoso.example' };
  const site: AppsSite = { ...ofSite, account, formToken: text ?? 'form-token', now };
  const app = shownApp(text);
  const areas = areasOf(text);
  const issued = { secret: text ?? `assent_cs_${'x'.repeat(43)}`, stored: { expiresAt: now + 60 * day } };
  const owner = { id: text ?? 'aa', name: text ?? 'Alice Example', accountName: account.accountName, since: now };
  const owners = [
    { ...owner, isReader: true },
    { ...owner, isReader: false },
  ];
  const link = text ?? `https://login.contoso.example/apps/join?invitation=${'x'.repeat(60)}`;
  const errors = ['invalid_client', 'unproven_redirect', 'unsupported_grant_type'].map((code) => ({
    code,
    error: code,
    times: 1_200,
  }));
  const redirectUris = [text ?? 'https://planner.fabrikam.example/callback'];
  return {
    'apps, some': appsPage({ ...site, apps: [app, { ...app, blocked: true, verified: false }], mayRegister: true }),
    'apps, none': appsPage({ ...site, apps: [], mayRegister: false }),
    'an app': appPage({ ...site, app, areas, redirectUris, authorizations: 1_234, errors }),
    'a blocked app': appPage({
      ...site,
      app: { ...app, blocked: true },
      ...{ areas: [], redirectUris: [], authorizations: 0, errors: [] },
    }),
    'a new app': appFormPage({ ...site, form: emptyForm, areas }),
    'an app that is changed': appFormPage({ ...site, form: filledForm(text), areas, app, etag: text ?? 'e', problem }),
    'a wrong picture': appFormPage({
      ...site,
      form: filledForm(text),
      areas,
      app,
      problem: { field: 'logo', word: 'logoUnreadable' },
    }),
    'an app, registered': registeredPage({ ...site, clientId: app.clientId, name: app.name, issued }),
    'secrets of an app': appSecretsPage({ ...site, app, days: [60, 7, 30] }),
    'a new secret of an app': appSecretsPage({ ...site, app, days: [60, 7], made: issued.secret }),
    'owners of an app': appOwnersPage({
      ...site,
      app,
      owners,
      invitations: [{ id: text ?? 'i', expiresAt: now }],
      link,
    }),
    'the only owner of an app': appOwnersPage({ ...site, app, owners: owners.slice(0, 1), invitations: [] }),
    'an invitation': joinPage({ ...site, app, invitation: text ?? 'assent_in_x' }),
    'deleting an app': deleteAppPage({ ...site, app, etag: text ?? 'e' }),
  };
};
