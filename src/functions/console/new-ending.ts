/** GET, POST /console/authorizations/endings/new: what a rule would end, and the order to end it. */
import type { Story } from '../../http/endpoint.ts';
import { redirect } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import { endingHref } from '../../pages/console/authorization-parts.ts';
import type { EndingView } from '../../pages/console/endings.ts';
import { newEndingPage, type PreviewView, type TypedRule } from '../../pages/console/new-ending.ts';
import { answerOf } from './call.ts';
import { offeredPermissions, permissionFrom } from './permissions.ts';
import { consolePage, consoleSite, type Visit } from './visit.ts';

const typedIn = (form: Parameters): TypedRule => ({
  client_id: form.get('client_id')?.trim(),
  subject: form.get('subject')?.trim(),
  person: form.get('person')?.trim(),
  before: form.get('before'),
  permission: form.get('permission'),
});

const instantIn = (before: string): number => {
  const at = Date.parse(`${before}Z`);
  if (Number.isNaN(at)) throw new OAuthError('operation_malformed', 'say before which day and time');
  return Math.floor(at / 1_000);
};

/** As the API takes it. */
const ruleFrom = ({ before, permission, ...named }: TypedRule) => ({
  ...named,
  ...(before === undefined ? {} : { created_before: instantIn(before) }),
  ...(permission === undefined ? {} : { permission: permissionFrom(permission) }),
});

const isEmpty = (typed: TypedRule): boolean => Object.values(typed).every((value) => value === undefined);

/** What is typed wrongly stays, with the reason beside it. */
const previewOf = async (
  typed: TypedRule,
  visit: Visit,
): Promise<{ readonly preview: PreviewView | undefined; readonly wrong?: string }> => {
  if (isEmpty(typed)) return { preview: undefined };
  try {
    return { preview: await answerOf<PreviewView>('previewEnding', { body: ruleFrom(typed) }, visit) };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { preview: undefined, wrong: error.description };
  }
};

/** Those of the catalogue, and one that is asked for and no longer in it: somebody may hold it still. */
const permissionsOffered = (chosen: string | undefined, visit: Visit) => {
  const offered = offeredPermissions(visit).map(({ value, scope, name, of }) => ({
    value,
    label: `${scope}: ${name} (${of})`,
  }));
  if (chosen === undefined || offered.some(({ value }) => value === chosen)) return offered;
  return [...offered, { value: chosen, label: chosen }];
};

export const newEnding: Story = consolePage(
  async (visit, refused) => {
    const typed = typedIn(refused?.form ?? parseParameters(visit.request.query));
    const permissions = permissionsOffered(typed.permission, visit);
    const [site, previewed] = await Promise.all([consoleSite(visit), previewOf(typed, visit)]);
    return newEndingPage({ ...site, ...previewed, typed, permissions, problem: refused?.problem });
  },
  async (visit, form) => {
    if (form.get('sure') !== 'yes') throw new OAuthError('operation_malformed', 'tick the box: nothing brings it back');
    const { id } = await answerOf<EndingView>('orderEnding', { body: ruleFrom(typedIn(form)) }, visit);
    return redirect(endingHref(id));
  },
);
