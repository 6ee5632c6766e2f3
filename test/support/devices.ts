/** A device without a browser (RFC 8628), and the person beside it. */

import { formsIn } from './forms.ts';
import { approvalForm, type Page, type Person } from './person.ts';
import { okJson, postForm, type Registration, register, type Service } from './service.ts';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** RFC 8628 §3.2. */
export type DeviceCodes = {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
};

/** A public client for devices. */
export const registerDevice = (issuer: string, metadata: Readonly<Record<string, unknown>> = {}): Promise<Service> =>
  register(issuer, {
    client_name: 'Wingtip Television',
    token_endpoint_auth_method: 'none',
    grant_types: [deviceGrant, 'refresh_token'],
    redirect_uris: [],
    ...metadata,
  });

export const askForCodes = (
  origin: string,
  { clientId }: Registration,
  fields: Readonly<Record<string, string>> = { scope: 'vso.work vso.code' },
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> => postForm(`${origin}/device_authorization`, { client_id: clientId, ...fields }, headers);

export const codesOf = (origin: string, registration: Registration): Promise<DeviceCodes> =>
  okJson<DeviceCodes>(askForCodes(origin, registration));

export const poll = (service: Service, { device_code }: DeviceCodes): Promise<Response> =>
  service.token({ grant_type: deviceGrant, device_code });

/** The person types the code. Resolves with the page that follows. */
export const enterCode = async (person: Person, issuer: string, userCode: string): Promise<Page> => {
  const page = await person.visit(`${issuer}/device`);
  const form = page.kind === 'page' ? formsIn(page.html).find(({ action }) => action === '/device') : undefined;
  if (page.kind !== 'page' || form === undefined) throw new Error('there is no page to enter a code on');
  const answer = await person.submit(page, form, new URLSearchParams({ user_code: userCode }));
  if (answer.kind !== 'page') throw new Error(`left for ${answer.location}`);
  return answer;
};

/** The answer on the approval page that `enterCode` led to. */
export const answerDevice = async (
  person: Person,
  page: Page,
  { decision, permissions }: { readonly decision: 'approve' | 'deny'; readonly permissions?: readonly string[] },
): Promise<Page> => {
  if (approvalForm(page) === undefined) throw new Error(`no approval page: ${page.status}`);
  const answer = await person.decide(page, permissions === undefined ? { decision } : { decision, permissions });
  if (answer.kind !== 'page') throw new Error(`left for ${answer.location}`);
  return answer;
};
