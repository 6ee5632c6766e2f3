/** GET, POST /console/requests: who waits for an operator's approval, and deciding about it. */
import type { Story } from '../../http/endpoint.ts';
import { redirect } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { type RequestView, requestsPage } from '../../pages/console/requests.ts';
import { answerOf, call } from './call.ts';
import { chosen } from './chosen.ts';
import { consolePage, consoleSite } from './visit.ts';

type Waiting = { readonly requests: readonly RequestView[]; readonly next?: string };

const outcomes = { approved: 'approved', refused: 'refused' } as const;

export const requests: Story = consolePage(
  async (visit, refused) => {
    const query = parseParameters(visit.request.query);
    const { requests: waiting, next } = await answerOf<Waiting>(
      'listOperatorRequests',
      { query: { after: query.get('after') } },
      visit,
    );
    const decided = chosen(outcomes, query.get('decided'));
    return requestsPage({ ...(await consoleSite(visit)), requests: waiting, next, decided, problem: refused?.problem });
  },
  async (visit, form) => {
    const path = { id: form.get('id') ?? '' };
    const reason = form.get('reason');
    switch (form.get('decision')) {
      case 'approve':
        await call('approveOperatorRequest', { path, body: {} }, visit);
        return redirect('/console/requests?decided=approved');
      case 'refuse':
        await call('refuseOperatorRequest', { path, body: { reason } }, visit);
        return redirect('/console/requests?decided=refused');
      default:
        throw new OAuthError('operation_malformed', 'say whether to approve or to refuse');
    }
  },
);
