/** GET, POST /console/services/rule: what is ruled for one service; what a change would do to whom, and then the change. */
import type { Story } from '../../http/endpoint.ts';
import { page, redirect } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import type { EffectView } from '../../pages/console/frame.ts';
import { type RuleView, serviceRuleHref, serviceRulePage, type TypedRule } from '../../pages/console/service-rule.ts';
import { answerOf, call } from './call.ts';
import { offeredPermissions, permissionFrom, valueIn } from './permissions.ts';
import { consolePage, consoleSite, type Refused, type Visit } from './visit.ts';

type Read = { readonly clientId: string; readonly inForce: RuleView; readonly etag: string };

const read = async (clientId: string, visit: Visit): Promise<Read> => {
  const { body, etag = '' } = await call<RuleView>('readServiceRule', { query: { client_id: clientId } }, visit);
  if (body === undefined) throw new Error('a rule that nobody told');
  return { clientId, inForce: body, etag };
};

const typedIn = (form: Parameters): TypedRule => ({ access: form.get('access'), permissions: form.all('permission') });

/** Permissions say nothing of a rule that is another one. */
const ruleFrom = ({ access, permissions }: TypedRule) => ({
  access,
  permissions: access === 'approved_for_everyone' ? permissions.map(permissionFrom) : [],
});

const effectsOf = async (clientId: string, typed: TypedRule, visit: Visit): Promise<readonly EffectView[]> => {
  const body = { client_id: clientId, ...ruleFrom(typed) };
  return (await answerOf<{ effects: readonly EffectView[] }>('previewServiceRule', { body }, visit)).effects;
};

/** A service that its document describes is not registered here, and may have a rule all the same. */
const nameOf = async (clientId: string, visit: Visit): Promise<string> => {
  try {
    const path = { client_id: clientId };
    return (await answerOf<{ readonly client_name: string }>('readClient', { path }, visit)).client_name;
  } catch (error) {
    if (error instanceof OAuthError && error.reason === 'admin_client_unknown') return clientId;
    throw error;
  }
};

type Shown = {
  readonly typed?: TypedRule;
  readonly effects?: readonly EffectView[] | undefined;
  readonly refused?: Refused | undefined;
};

const shown = async (now: Read, { typed, effects, refused }: Shown, visit: Visit) => {
  const permissions = offeredPermissions(visit);
  const [site, name] = await Promise.all([consoleSite(visit), nameOf(now.clientId, visit)]);
  const { access, permissions: without } = now.inForce;
  const untouched = { access, permissions: without.map((one) => valueIn(one, permissions)) };
  const saved = parseParameters(visit.request.query).get('done') === 'changed';
  const rest = { typed: typed ?? untouched, effects, saved, problem: refused?.problem };
  return serviceRulePage({ ...site, ...now, name, permissions, ...rest });
};

/** What was refused because somebody else was first is shown with what it would do now. */
const looked = async (refused: Refused, now: Read, visit: Visit): Promise<Shown> => {
  const typed = typedIn(refused.form);
  try {
    return { typed, refused, effects: await effectsOf(now.clientId, typed, visit) };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { typed, refused };
  }
};

export const serviceRule: Story = consolePage(
  async (visit, refused) => {
    const clientId = (refused?.form ?? parseParameters(visit.request.query)).get('client_id') ?? '';
    const now = await read(clientId, visit);
    return shown(now, refused === undefined ? {} : await looked(refused, now, visit), visit);
  },
  async (visit, form) => {
    const clientId = form.get('client_id') ?? '';
    const typed = typedIn(form);
    const now = await read(clientId, visit);
    const ifMatch = form.get('etag') ?? '';
    if (now.etag !== ifMatch)
      throw new OAuthError(
        'version_outdated',
        'Another operator has changed this rule since you opened the page. What is in force now is shown here',
      );
    if (form.get('do') !== 'save')
      return page(await shown(now, { typed, effects: await effectsOf(clientId, typed, visit) }, visit));
    await call('replaceServiceRule', { query: { client_id: clientId }, ifMatch, body: ruleFrom(typed) }, visit);
    return redirect(`${serviceRuleHref(clientId)}&done=changed`);
  },
);
