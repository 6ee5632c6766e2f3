/**
 * GET /authorizations/{id}: one service, with all that is known of it.
 * POST /authorizations/narrow, /authorizations/end-connection: take a part of it back.
 */
import { leftOf, takeBack } from '../../flows/account/narrow.ts';
import { lingersUntil } from '../../flows/account/receipt.ts';
import { page, type Reply, redirect } from '../../http/reply.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { byLastUse, type Family, lastUsedAt } from '../../oauth/grants/family.ts';
import { isInForce } from '../../oauth/grants/grant.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { familyIdLength } from '../../oauth/tokens/locator.ts';
import {
  type AuthorizationView,
  authorizationPage,
  type RemovablePermission,
  type ShownConnection,
} from '../../pages/authorization.ts';
import type { Server } from '../../server.ts';
import type { Authorization } from '../../storage/grant-rows.ts';
import { doneNotice } from './notices.ts';
import { namedClientKey, ownForm, ownPage, type Visit } from './own.ts';
import { type Known, knownOf, namesOf, placesOf, summaryOf } from './shown-authorizations.ts';
import { shownHistory } from './shown-history.ts';
import { requestsOf } from './shown-rules.ts';

export const authorization = ownPage({ page: 'authorizations' }, async (visit) => {
  const found = await findAuthorization(visit, visit.request.segment('id'));
  // Revoked, or never there: the list says what there is.
  return found === undefined ? redirect('/authorizations') : shown(visit, found);
});

export const narrowAuthorization = ownForm(async ({ session, form, server }) => {
  const clientKey = namedClientKey(form.get('authorization'));
  const done = await takeBack({ userKey: session.userKey, clientKey }, form.get('permission') ?? '', server);
  const id = clientKey.toString('hex');
  return redirect(done === 'revoked' ? `/authorizations?revoked=${id}` : `/authorizations/${id}?done=narrowed`);
});

export const endConnection = ownForm(async ({ session, form, server }) => {
  const clientKey = namedClientKey(form.get('authorization'));
  const familyId = Buffer.from(form.get('connection') ?? '', 'hex');
  if (familyId.length !== familyIdLength) throw new OAuthError('connection_not_named', 'the form names no connection');
  const family = await server.store.families.read({ userKey: session.userKey, clientKey, familyId });
  if (family !== undefined) await end(family, server);
  return redirect(`/authorizations/${clientKey.toString('hex')}?done=ended`);
});

const end = async (family: Family, server: Server): Promise<void> => {
  const { clientId, address } = family;
  const at = server.clock();
  const { grant } = (await server.store.grants.one(address)) ?? {};
  const clientName = grant?.clientName ?? clientId;
  const event = { kind: 'ended by user', at, clientId, clientName, family: address.familyId.toString('hex') } as const;
  await server.store.families.end(family, { reason: 'ended by user', at, event });
};

type Found = { readonly authorization: Authorization; readonly known: Known };

/** Undefined for what is not in force, or whose service is gone. */
export const findAuthorization = async (
  { session, request, server }: Visit,
  name: string | undefined,
): Promise<Found | undefined> => {
  const { words } = await siteOf(request, server);
  const owner = { userKey: session.userKey, clientKey: namedClientKey(name) };
  const authorization = await server.store.grants.one(owner);
  const requests = await requestsOf(session.userKey, server);
  const known = authorization && (await knownOf(authorization, { session, words, requests }, server));
  if (authorization === undefined || known === undefined) return undefined;
  return isInForce(authorization.grant, server.clock(), known.instants) ? { authorization, known } : undefined;
};

const shown = async (visit: Visit, found: Found): Promise<Reply> => page(authorizationPage(await viewOf(visit, found)));

const viewOf = async ({ session, request, server }: Visit, found: Found): Promise<AuthorizationView> => {
  const { authorization, known } = found;
  const site = await siteOf(request, server);
  const { clientId } = authorization.grant;
  const events = (await server.store.history.newest(session.userKey)).filter((event) => event.clientId === clientId);
  const telling = { ...site, until: (at: number) => lingersUntil(at, server) };
  const notice = doneNotice(parseParameters(request.query).get('done'), events, telling);
  const now = server.clock();
  return {
    ...site,
    now,
    service: summaryOf(authorization, known, server),
    places: removable(found, server),
    connections: connectionsOf(known.live),
    events: await shownHistory({ events, words: site.words }, session, server),
    contacts: known.client.contacts,
    formToken: formTokenOf(session),
    lingersUntil: lingersUntil(now, server),
    ...(notice === undefined ? {} : { notice }),
  };
};

const removable = ({ authorization, known }: Found, server: Server): AuthorizationView['places'] => {
  const places = placesOf(authorization, known, server);
  const held = places.flatMap(({ permissions }) => permissions.map(({ id }) => id));
  return places.map(({ name, permissions }) => ({
    name,
    permissions: permissions.map(({ id, permission }): RemovablePermission => {
      const left = leftOf(id, held, server);
      const removes = namesOf(
        held.filter((one) => one !== id && !left.includes(one)),
        known.words,
        server,
      );
      return { ...permission, id, removes, isLast: left.length === 0 };
    }),
  }));
};

const connectionsOf = (live: readonly Family[]): readonly ShownConnection[] =>
  live
    .toSorted((a, b) => byLastUse(b, a))
    .map((family) => ({
      id: family.address.familyId.toString('hex'),
      since: family.createdAt,
      lastUsedAt: family.state === 'active' ? lastUsedAt(family) : undefined,
      use: family.use,
    }));
