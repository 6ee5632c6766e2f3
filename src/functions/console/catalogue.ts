/** GET /console/catalogue, and GET, POST /console/catalogue/one: what can be asked for, where it was declared, and removing it. */
import type { Story } from '../../http/endpoint.ts';
import { redirect } from '../../http/reply.ts';
import type { Resource } from '../../oauth/access/resources.ts';
import { findResource } from '../../oauth/access/resources.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { cataloguePage, type ResourceView } from '../../pages/console/catalogue.ts';
import type { EffectView } from '../../pages/console/frame.ts';
import { resourcePage } from '../../pages/console/resource.ts';
import { answerOf, call } from './call.ts';
import { chosen } from './chosen.ts';
import { consolePage, consoleSite, type Visit } from './visit.ts';

type Resources = { readonly resources: readonly ResourceView[]; readonly next?: string };
type Effects = { readonly effects: readonly EffectView[] };

const done = { declared: 'declared', changed: 'changed', removed: 'removed' } as const;

export const catalogue: Story = consolePage(async (visit) => {
  const query = parseParameters(visit.request.query);
  const listed = await answerOf<Resources>('listResources', { query: { after: query.get('after'), limit: 50 } }, visit);
  const counts = new Map(listed.resources.map((one) => [one, permissionsOf(one, visit).length]));
  const said = chosen(done, query.get('done'));
  return cataloguePage({ ...(await consoleSite(visit)), ...listed, counts, done: said });
});

/** A declaration without permissions has the built-in ones, which the resource in force knows. */
const permissionsOf = ({ declaration, in_force: inForce }: ResourceView, { server }: Visit) =>
  declaration.permissions ?? (inForce ? builtIn(findResource(declaration.identifier, server.resources)) : []);

const builtIn = (resource: Resource | undefined) => [...(resource?.permissions.values() ?? [])];

export const resource: Story = consolePage(
  async (visit, refused) => {
    const identifier = (refused?.form ?? parseParameters(visit.request.query)).get('identifier') ?? '';
    const { body: one, etag } = await call<ResourceView>('readResource', { query: { identifier } }, visit);
    if (one === undefined) throw new Error('a resource that nobody told');
    const isOurs = one.source === 'operators' && visit.principal.role === 'operator';
    const [site, effects] = await Promise.all([consoleSite(visit), isOurs ? removing(identifier, visit) : undefined]);
    const permissions = permissionsOf(one, visit);
    return resourcePage({ ...site, one, permissions, etag, removing: effects, problem: refused?.problem });
  },
  async (visit, form) => {
    const identifier = form.get('identifier') ?? '';
    await call('removeResource', { query: { identifier }, ifMatch: form.get('etag') ?? '' }, visit);
    return redirect('/console/catalogue?done=removed');
  },
);

const removing = async (identifier: string, visit: Visit): Promise<readonly EffectView[]> =>
  (await answerOf<Effects>('previewResource', { body: { identifier } }, visit)).effects;
