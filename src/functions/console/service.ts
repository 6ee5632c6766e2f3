/** GET, POST /console/services/one: a service, and what operators do with it. */
import type { Story } from '../../http/endpoint.ts';
import { page, type Reply, redirect } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import { servicePage } from '../../pages/console/service.ts';
import { type MadeSecret, madePage, serviceHref } from '../../pages/console/service-parts.ts';
import type { ServiceView } from '../../pages/console/services.ts';
import { answerOf, call } from './call.ts';
import { chosen } from './chosen.ts';
import { consolePage, consoleSite, type Visit } from './visit.ts';

type Metadata = Readonly<Record<string, unknown>>;

export const service: Story = consolePage(
  async (visit, refused) => {
    const clientId = (refused?.form ?? parseParameters(visit.request.query)).get('client_id') ?? '';
    const { body: metadata = {}, etag = '' } = await call<Metadata>(
      'readClient',
      { path: { client_id: clientId } },
      visit,
    );
    const [site, one, rule] = await Promise.all([
      consoleSite(visit),
      oneOf(clientId, visit),
      answerOf<{ readonly access: string }>('readServiceRule', { query: { client_id: clientId } }, visit),
    ]);
    const changed = parseParameters(visit.request.query).get('done') === 'changed';
    return servicePage({ ...site, one, metadata, etag, rule: rule.access, changed, problem: refused?.problem });
  },
  async (visit, form) => {
    const act = chosen(acts, form.get('do'));
    if (act === undefined) throw new OAuthError('operation_malformed', 'say what is to be done');
    return act({ clientId: form.get('client_id') ?? '', ifMatch: form.get('etag') ?? '', form }, visit);
  },
);

const oneOf = async (clientId: string, visit: Visit): Promise<ServiceView> => {
  const said = { query: { client_id: clientId } };
  const { services } = await answerOf<{ readonly services: readonly ServiceView[] }>('listServices', said, visit);
  const [one] = services;
  if (one === undefined) throw new OAuthError('admin_client_unknown', 'there is no such client');
  return one;
};

type Asked = { readonly clientId: string; readonly ifMatch: string; readonly form: Parameters };
type Act = (asked: Asked, visit: Visit) => Promise<Reply>;

/** Everything else stays as it is: a version that is not the present one is refused. */
const saying =
  (said: Metadata): Act =>
  async ({ clientId, ifMatch }, visit) => {
    const path = { client_id: clientId };
    const present = await answerOf<Metadata>('readClient', { path }, visit);
    await call('replaceClient', { path, ifMatch, body: { ...present, ...said } }, visit);
    return redirect(serviceHref(clientId));
  };

const acts: Readonly<Record<string, Act>> = {
  verify: saying({ assent_verified: true }),
  unverify: saying({ assent_verified: false }),
  block: saying({ assent_blocked: true }),
  unblock: saying({ assent_blocked: false }),
  'add-secret': async ({ clientId }, visit) => {
    const path = { client_id: clientId };
    const made = await answerOf<Omit<MadeSecret, 'client_id'>>('addClientSecret', { path, body: {} }, visit);
    return page(madePage(await consoleSite(visit), 'A new secret', { ...path, ...made }));
  },
  'remove-secret': async ({ clientId, form }, visit) => {
    const path = { client_id: clientId, secret_id: form.get('secret_id') ?? '' };
    await call('deleteClientSecret', { path }, visit);
    return redirect(serviceHref(clientId));
  },
  delete: async ({ clientId, ifMatch, form }, visit) => {
    if (form.get('sure') !== 'yes') throw new OAuthError('operation_malformed', 'tick the box: nothing brings it back');
    await call('deleteClient', { path: { client_id: clientId }, ifMatch }, visit);
    return redirect('/console/services?done=deleted');
  },
};
