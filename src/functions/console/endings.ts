/** /console/authorizations/endings: the orders, and one of them with how far it has come. */
import type { Story } from '../../http/endpoint.ts';
import { redirect } from '../../http/reply.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { endingHref } from '../../pages/console/authorization-parts.ts';
import { type EndingView, orderPage, ordersPage, refreshSeconds } from '../../pages/console/endings.ts';
import { answerOf, call } from './call.ts';
import { consolePage, consoleSite } from './visit.ts';

type Orders = { readonly endings: readonly EndingView[]; readonly next?: string };

export const orders: Story = consolePage(async (visit) => {
  const query = { after: parseParameters(visit.request.query).get('after'), limit: 25 };
  const listed = await answerOf<Orders>('listEndings', { query }, visit);
  return ordersPage({ ...(await consoleSite(visit)), ...listed });
});

export const order: Story = consolePage(
  async (visit, refused) => {
    const asked = refused?.form ?? parseParameters(visit.request.query);
    const ending = await answerOf<EndingView>('readEnding', { path: { id: asked.get('id') ?? '' } }, visit);
    const reloads = ending.state === 'running' && refused === undefined && asked.get('still') === undefined;
    const html = orderPage({ ...(await consoleSite(visit)), ending, reloads, problem: refused?.problem });
    return reloads ? { html, refreshSeconds } : html;
  },
  async (visit, form) => {
    const id = form.get('id') ?? '';
    await call('stopEnding', { path: { id } }, visit);
    return redirect(endingHref(id));
  },
);
