/** The form of a registration: from the wire, and back to the page with what is wrong with it. */

import { RefusedWith } from '../../http/refusal.ts';
import { page } from '../../http/reply.ts';
import { type AppForm, proofs } from '../../oauth/clients/person-registration.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { type AppFormView, appFormPage } from '../../pages/apps-form.ts';
import { problemOf } from './problems.ts';
import { offeredAreas } from './shown.ts';
import { appsSite, type Visit } from './visit.ts';

const emptyForm: AppForm = {
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

/** Throws `invalid_request` for what no page of ours sends. */
export const appFormIn = (form: Parameters): AppForm => {
  const proof = proofs.find((one) => one === form.get('proof'));
  if (proof === undefined) throw new OAuthError('app_form_malformed', 'the form lacks how the service proves itself');
  const trimmed = (name: string) => form.get(name)?.trim() || undefined;
  return {
    name: trimmed('client_name'),
    description: trimmed('description'),
    publisher: trimmed('organization_name'),
    uri: trimmed('client_uri'),
    tosUri: trimmed('tos_uri'),
    policyUri: trimmed('policy_uri'),
    contact: trimmed('contacts'),
    redirectUris: form.all('redirect_uris').map((one) => one.trim()),
    scopes: form.all('scope'),
    proof,
    jwks: trimmed('jwks'),
    jwksUri: trimmed('jwks_uri'),
    devices: form.get('devices') !== undefined,
  };
};

type Filled = Pick<AppFormView, 'app' | 'etag' | 'problem'> & { readonly form?: AppForm };

/** The page with the form as it is, or empty. */
export const appFormReply = async (visit: Visit, { form = emptyForm, ...rest }: Filled) => {
  const site = await appsSite(visit);
  const view = { ...site, form, areas: offeredAreas(visit.server, site.words), ...rest };
  return page(appFormPage(view), { status: rest.problem === undefined ? 200 : 400 });
};

/** What was typed comes back with what is wrong with it; whatever is not about the form is thrown on. */
export const orFormAgain = async <T>(visit: Visit, filled: Filled, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const problem = error instanceof OAuthError ? problemOf(error) : undefined;
    if (problem === undefined) throw error;
    throw new RefusedWith(await appFormReply(visit, { ...filled, problem }), error as OAuthError);
  }
};
