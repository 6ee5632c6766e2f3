/** GET, POST /console/policy/try: what would happen to a person at a service, by rules in force or not saved yet. Each look is in the audit log. */
import type { Story } from '../../http/endpoint.ts';
import { page } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import {
  type KnownService,
  type TriedView,
  type TypedTrial,
  tryPage,
  type Untried,
} from '../../pages/console/try-policy.ts';
import type { Html } from '../../pages/html.ts';
import { answerOf } from './call.ts';
import { policyFrom, ruledBy, typedIn as typedPolicyIn } from './policy-form.ts';
import { consolePage, consoleSite, type Visit } from './visit.ts';

const typedIn = (form: Parameters): TypedTrial => ({
  account: form.get('account')?.trim(),
  subject: form.get('subject')?.trim(),
  client_id: form.get('client_id')?.trim(),
  scope: form.get('scope')?.trim(),
  resource: form.get('resource')?.trim(),
  signed_in_by: form.get('signed_in_by')?.trim(),
  minutes: form.get('minutes')?.trim(),
});

/** Trying changes nothing: what a form of rules that are not saved is refused for is an answer to the trial. */
export const tryPolicy: Story = consolePage(
  (visit, refused) => shown(refused?.form ?? parseParameters(visit.request.query), undefined, visit),
  async (visit, form) => page(await shown(form, unsavedIn(form), visit)),
);

const unsavedIn = (form: Parameters): Untried => {
  const typed = typedPolicyIn(form);
  return { typed, etag: form.get('etag') ?? '', rules: ruledBy(typed) };
};

const shown = async (form: Parameters, unsaved: Untried | undefined, visit: Visit): Promise<Html> => {
  const typed = typedIn(form);
  const [site, services, result] = await Promise.all([
    consoleSite(visit),
    answerOf<{ readonly apps: readonly KnownService[] }>('listClients', { query: {} }, visit),
    tried(typed, unsaved, visit),
  ]);
  return tryPage({ ...site, ...result, typed, unsaved, services: services.apps });
};

type Result = { readonly result?: TriedView; readonly wrong?: string };

/** What is typed wrongly stays, with the reason beside it. */
const tried = async (typed: TypedTrial, unsaved: Untried | undefined, visit: Visit): Promise<Result> => {
  if (Object.values(typed).every((value) => value === undefined)) return {};
  try {
    const policy = unsaved && policyFrom(unsaved.typed);
    return { result: await answerOf<TriedView>('tryPolicy', { body: { ...trialFrom(typed), policy } }, visit) };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { wrong: error.description };
  }
};

/** As the API takes it. Throws `operation_malformed`. */
const trialFrom = (typed: TypedTrial): object => {
  const { account, subject, client_id: clientId, scope, resource, signed_in_by: acr, minutes } = typed;
  if ((account === undefined) === (subject === undefined))
    throw new OAuthError('operation_malformed', 'say which person, by the name of the account or by the identifier');
  if (clientId === undefined) throw new OAuthError('operation_malformed', 'say at which service');
  return {
    account,
    subject,
    client_id: clientId,
    scope,
    resource: resource?.split(' ').filter((one) => one !== ''),
    acr,
    signed_in_seconds_ago: minutes === undefined ? undefined : secondsIn(minutes),
  };
};

const secondsIn = (minutes: string): number => {
  if (!/^\d{1,7}$/.test(minutes)) throw new OAuthError('operation_malformed', 'say how many minutes ago as a number');
  return Number(minutes) * 60;
};
