/** GET /console/policy/try: what would happen to a person at a service. Each look is in the audit log. */
import type { Story } from '../../http/endpoint.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import { type TriedView, type TypedTrial, tryPage } from '../../pages/console/try-policy.ts';
import { answerOf } from './call.ts';
import { consolePage, consoleSite, type Visit } from './visit.ts';

const typedIn = (query: Parameters): TypedTrial => ({
  subject: query.get('subject')?.trim(),
  client_id: query.get('client_id')?.trim(),
  scope: query.get('scope')?.trim(),
  resource: query.get('resource')?.trim(),
  acr: query.get('acr')?.trim(),
  minutes: query.get('minutes')?.trim(),
});

export const tryPolicy: Story = consolePage(async (visit) => {
  const typed = typedIn(parseParameters(visit.request.query));
  const [site, result] = await Promise.all([consoleSite(visit), tried(typed, visit)]);
  return tryPage({ ...site, ...result, typed });
});

type Result = { readonly result?: TriedView; readonly wrong?: string };

/** What is typed wrongly stays, with the reason beside it. */
const tried = async (typed: TypedTrial, visit: Visit): Promise<Result> => {
  if (Object.values(typed).every((value) => value === undefined)) return {};
  try {
    return { result: await answerOf<TriedView>('tryPolicy', { body: trialFrom(typed) }, visit) };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { wrong: error.description };
  }
};

/** As the API takes it. Throws `operation_malformed`. */
const trialFrom = ({ subject, client_id: clientId, scope, resource, acr, minutes }: TypedTrial): unknown => {
  if (subject === undefined || clientId === undefined)
    throw new OAuthError('operation_malformed', 'say which person, and at which service');
  return {
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
