/** GET, POST /console/policy: what is ruled; what a change would do to whom, and then the change. */
import type { Story } from '../../http/endpoint.ts';
import { page, redirect } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import type { EffectView } from '../../pages/console/frame.ts';
import { policyPage, type ServiceRuleView } from '../../pages/console/policy.ts';
import type { TypedPolicy } from '../../pages/console/policy-fields.ts';
import type { PolicyView } from '../../pages/console/policy-words.ts';
import { answerOf, call } from './call.ts';
import { offeredPermissions } from './permissions.ts';
import { policyFrom, policyProblem, typedIn, typedOf } from './policy-form.ts';
import { consolePage, consoleSite, type Refused, type Visit } from './visit.ts';

type Rules = { readonly services: readonly ServiceRuleView[]; readonly next?: string };

const read = async (visit: Visit): Promise<{ readonly inForce: PolicyView; readonly etag: string }> => {
  const { body, etag = '' } = await call<PolicyView>('readPolicy', {}, visit);
  if (body === undefined) throw new Error('a policy that nobody told');
  return { inForce: body, etag };
};

type Shown = { readonly typed?: TypedPolicy; readonly effects?: readonly EffectView[] | undefined };

/** The version is read before the effects are: a change between them is noticed when it is saved. */
const shownAs = async (visit: Visit, shown: (typed: Parameters | undefined) => Promise<Shown>, refused?: Refused) => {
  const query = parseParameters(visit.request.query);
  const { inForce, etag } = await read(visit);
  const permissions = offeredPermissions(visit);
  const [site, rules, { typed, effects }] = await Promise.all([
    consoleSite(visit),
    answerOf<Rules>('listServiceRules', { query: { after: query.get('after') } }, visit),
    shown(refused?.form),
  ]);
  return policyPage({
    ...site,
    inForce,
    etag,
    permissions,
    rules: rules.services,
    next: rules.next,
    typed: typed ?? typedOf(inForce, permissions),
    effects,
    saved: query.get('saved') === 'yes',
    problem: policyProblem(refused),
  });
};

const effectsOf = async (typed: TypedPolicy, visit: Visit): Promise<readonly EffectView[]> => {
  const body = policyFrom(typed);
  return (await answerOf<{ effects: readonly EffectView[] }>('previewPolicy', { body }, visit)).effects;
};

/** What was refused because somebody else was first is shown with what it would do now. */
const looked = async (typed: TypedPolicy, visit: Visit): Promise<Shown> => {
  try {
    return { typed, effects: await effectsOf(typed, visit) };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { typed };
  }
};

const requireSeen = async (form: Parameters, visit: Visit): Promise<void> => {
  const { etag } = await read(visit);
  if (etag !== form.get('etag'))
    throw new OAuthError(
      'version_outdated',
      'Another operator has changed the rules since you opened this page. What is in force now is shown here',
    );
};

export const policy: Story = consolePage(
  (visit, refused) => shownAs(visit, async (form) => (form === undefined ? {} : looked(typedIn(form), visit)), refused),
  async (visit, form) => {
    const typed = typedIn(form);
    await requireSeen(form, visit);
    if (form.get('do') === 'save') {
      await call('replacePolicy', { body: policyFrom(typed), ifMatch: form.get('etag') ?? '' }, visit);
      return redirect('/console/policy?saved=yes');
    }
    const effects = await effectsOf(typed, visit);
    return page(await shownAs(visit, async () => ({ typed, effects })));
  },
);
