/**
 * GET /authorizations: what this person authorized, what each may do, when it last did it.
 * POST /authorizations/revoke, /authorizations/revoke-all: take it back, at once.
 */
import { lingersUntil } from '../../flows/account/receipt.ts';
import { page, redirect } from '../../http/reply.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import type { OperatorRequest } from '../../oauth/policy/operator-request.ts';
import { type AuthorizationsView, authorizationsPage, type ShownRequest } from '../../pages/authorizations.ts';
import type { Words } from '../../pages/words/words.ts';
import type { Server } from '../../server.ts';
import { type Listed, listed } from './listed.ts';
import { allRevoked, revokedNotice } from './notices.ts';
import { namedClientKey, ownForm, ownPage, type Visit } from './own.ts';
import { namesOf, shownAuthorizations } from './shown-authorizations.ts';
import { shownHistory } from './shown-history.ts';
import { requestsOf } from './shown-rules.ts';

const queryLength = 100;

export const authorizations = ownPage({ page: 'authorizations' }, async (visit) =>
  page(authorizationsPage(await viewOf(visit))),
);

export const revokeAuthorization = ownForm(async ({ session, form, server }) => {
  const clientKey = namedClientKey(form.get('authorization'));
  await server.store.grants.revoke(session.userKey, clientKey);
  return redirect(`/authorizations?revoked=${clientKey.toString('hex')}`);
});

export const revokeAllAuthorizations = ownForm(async ({ session, server }) => {
  await server.store.grants.revokeAll(session.userKey);
  return redirect('/authorizations?revoked=all');
});

const viewOf = async ({ session, request, server }: Visit): Promise<AuthorizationsView> => {
  const site = await siteOf(request, server);
  const parameters = parseParameters(request.query);
  const query = parameters.get('q')?.trim().slice(0, queryLength) || undefined;
  const after = parameters.get('after');
  const { words } = site;
  const found = await listed(session, { query, after, words }, server);
  const { events } = found.overview;
  const now = server.clock();
  const notice = noticeOf(parameters.get('revoked'), found, { ...site, until: (at) => lingersUntil(at, server) });
  const requests = await requestsOf(session.userKey, server);
  const authorizations = await shownAuthorizations(found.page, { session, words, requests }, server);
  const isFirst = query === undefined && after === undefined;
  return {
    ...site,
    account: { name: session.displayName, accountName: session.accountName },
    now,
    authorizations,
    total: totalOf(found, authorizations.length),
    ...(query === undefined ? {} : { query }),
    ...(found.next === undefined ? {} : { after: found.next }),
    waiting: isFirst ? requests.map((one) => shownRequest(one, words, server)) : [],
    events: isFirst ? await shownHistory({ events, words }, session, server) : [],
    formToken: formTokenOf(session),
    lingersUntil: lingersUntil(now, server),
    ...(notice === undefined ? {} : { notice }),
  };
};

const shownRequest = (
  { clientName, permissions, askedAt }: OperatorRequest,
  words: Words,
  server: Server,
): ShownRequest => ({ clientName, permissions: namesOf(permissions, words, server), askedAt });

/** Services of the page that are gone do not count. */
const totalOf = ({ total, page: all }: Listed, shown: number): number | undefined =>
  total === undefined ? undefined : total - (all.length - shown);

const noticeOf = (revoked: string | undefined, found: Listed, telling: Parameters<typeof revokedNotice>[2]) => {
  const { events, part } = found.overview;
  if (revoked !== 'all') return revokedNotice(revoked, events, telling);
  const isNothingLeft = found.total === 0 || (part?.last === undefined && found.page.length === 0);
  return isNothingLeft ? allRevoked(events, telling) : undefined;
};
