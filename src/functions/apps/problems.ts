/** What is wrong with a form, as its page says it: which field, and which of the words. */
import type { OAuthError } from '../../oauth/errors.ts';
import type { Reason } from '../../oauth/reasons.ts';
import type { FormProblem, ProblemField, ProblemWord } from '../../pages/apps-problems.ts';

const byReason: Readonly<Partial<Record<Reason, FormProblem>>> = {
  metadata_name_reserved: { field: 'client_name', word: 'nameReserved' },
  metadata_redirect_uri: { field: 'redirect_uris', word: 'redirectUri' },
  metadata_redirect_uris_missing: { field: 'redirect_uris', word: 'redirectUriMissing' },
  metadata_keys_missing: { field: 'jwks', word: 'keysMissing' },
  metadata_keys_twice: { field: 'jwks', word: 'keysTwice' },
  metadata_scope_unknown: { field: 'scope', word: 'scope' },
  metadata_scope_reserved: { field: 'scope', word: 'scope' },
  registration_not_permitted: { field: 'scope', word: 'notPermitted' },
  client_changed_meanwhile: { field: 'client_name', word: 'changedMeanwhile' },
  apps_too_many: { field: 'client_name', word: 'tooMany' },
  logo_unreadable: { field: 'logo', word: 'logoUnreadable' },
  logo_dimensions: { field: 'logo', word: 'logoDimensions' },
  logo_too_large: { field: 'logo', word: 'logoTooLarge' },
  logo_unavailable: { field: 'logo', word: 'logoUnavailable' },
};

/** By the member that a description of `metadata_malformed` names. */
const byMember: Readonly<Record<string, readonly [ProblemField, ProblemWord]>> = {
  client_name: ['client_name', 'name'],
  description: ['description', 'text'],
  organization_name: ['organization_name', 'text'],
  contacts: ['contacts', 'text'],
  client_uri: ['client_uri', 'webAddress'],
  tos_uri: ['tos_uri', 'webAddress'],
  policy_uri: ['policy_uri', 'webAddress'],
  jwks_uri: ['jwks_uri', 'webAddress'],
  jwks: ['jwks', 'keys'],
  scope: ['scope', 'scope'],
  redirect_uris: ['redirect_uris', 'redirectUriMany'],
};

/** Undefined for what is not about what was typed. */
export const problemOf = ({ reason, description, code }: OAuthError): FormProblem | undefined => {
  const known = byReason[reason];
  if (reason === 'metadata_name_reserved' && description.startsWith('organization_name'))
    return { field: 'organization_name', word: 'nameReserved' };
  if (known !== undefined) return known;
  const [field, word] = byMember[/^\w+/.exec(description)?.[0] ?? ''] ?? [];
  if (reason === 'metadata_malformed' && field !== undefined && word !== undefined) return { field, word };
  return code === 'invalid_client_metadata' ? { field: 'client_name', word: 'other' } : undefined;
};
