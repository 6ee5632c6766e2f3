/** GET, POST /console/authorizations/one: an authorization, and ending it. */
import type { Story } from '../../http/endpoint.ts';
import { redirect } from '../../http/reply.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { type AuthorizationView, authorizationPage } from '../../pages/console/authorization.ts';
import { ofPersonHref } from '../../pages/console/authorization-parts.ts';
import { personOf } from './authorizations.ts';
import { call } from './call.ts';
import { consolePage, consoleSite } from './visit.ts';

export const authorization: Story = consolePage(
  async (visit, refused) => {
    const id = (refused?.form ?? parseParameters(visit.request.query)).get('id') ?? '';
    const { body: one, etag = '' } = await call<AuthorizationView>('readAuthorization', { path: { id } }, visit);
    if (one === undefined) throw new Error('an authorization that nobody told');
    const [site, person] = await Promise.all([consoleSite(visit), personOf(one.person, visit)]);
    return authorizationPage({ ...site, one, etag, person, problem: refused?.problem });
  },
  async (visit, form) => {
    const id = form.get('id') ?? '';
    await call('endAuthorization', { path: { id }, ifMatch: form.get('etag') ?? '' }, visit);
    return redirect(`${ofPersonHref(id.slice(0, id.indexOf('.')))}&done=ended`);
  },
);
