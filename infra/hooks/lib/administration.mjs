/** What the Entra application exposes: administration in a person's name, for the Azure CLI and whatever directories allow. */
import { sendToGraph } from './graph.mjs';
import { say } from './shell.mjs';

/** What whoever administers by the Azure CLI lets it do here; `src/oauth/access/provider-token.ts` takes tokens with it. */
const administration = {
  adminConsentDescription: 'Administer Assent in the name of the person who is signed in, as far as their role goes.',
  adminConsentDisplayName: 'Administer Assent',
  id: '5b0c8f0e-6c0f-4a57-9a0a-7a3a1c3b2d44',
  isEnabled: true,
  // Nobody can be talked into giving another program what an operator may do: an administrator of the directory has to.
  type: 'Admin',
  userConsentDescription: 'Administer Assent in your name, as far as your role goes.',
  userConsentDisplayName: 'Administer Assent',
  value: 'Admin.Manage',
};

/** Client id of the Azure CLI, the same in every tenant and cloud. */
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/**
 * Lets the Azure CLI get tokens for the admin API, and says what it changed. Throws NotAllowed. Two requests: Entra takes no word
 * about a permission that it does not have yet. Each says the whole of `api`, because what is left out may count as removed.
 */
export const ensureAdministration = (app) => {
  const api = app.api ?? {};
  const identifierUris = app.identifierUris ?? [];
  const scopes = api.oauth2PermissionScopes ?? [];
  const present = scopes.find(({ value }) => value === administration.value);
  if (api.requestedAccessTokenVersion !== 2 && scopes.some((scope) => scope !== present)) {
    say(
      `The application ${app.appId} is an API of its own, with tokens of version 1, which Assent does not take: nobody can`,
      'administer with "az". Set requestedAccessTokenVersion to 2 there, or let Assent have an application of its own.',
    );
    return;
  }
  const uri = `api://${app.appId}`;
  const exposed = {
    ...api,
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: present === undefined ? [...scopes, administration] : scopes,
  };
  if (present === undefined || api.requestedAccessTokenVersion !== 2 || !identifierUris.includes(uri)) {
    say(`Exposing ${uri}/${administration.value}.`);
    const uris = [...new Set([...identifierUris, uri])];
    sendToGraph('patch', `/applications/${app.id}`, { identifierUris: uris, api: exposed });
  }
  ensurePreAuthorized(app, exposed, (present ?? administration).id);
};

/** Without it, an administrator of the directory would have to consent first. */
const ensurePreAuthorized = (app, api, scope) => {
  const before = api.preAuthorizedApplications ?? [];
  const present = before.find(({ appId }) => appId === azureCli);
  const permitted = present?.delegatedPermissionIds ?? [];
  if (permitted.includes(scope)) return;
  say('Letting the Azure CLI administer in the name of whoever is signed in to it.');
  const others = before.filter((one) => one !== present);
  const preAuthorizedApplications = [...others, { appId: azureCli, delegatedPermissionIds: [...permitted, scope] }];
  sendToGraph('patch', `/applications/${app.id}`, { api: { ...api, preAuthorizedApplications } });
};

/** What `ensureAdministration` sends, for an application that exposes nothing else. */
export const administrationBodies = (clientId) => {
  const api = { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [administration] };
  const preAuthorizedApplications = [{ appId: azureCli, delegatedPermissionIds: [administration.id] }];
  return [{ identifierUris: [`api://${clientId}`], api }, { api: { ...api, preAuthorizedApplications } }];
};
