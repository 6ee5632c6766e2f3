/** GET, POST /apps/{client_id}/owners: who looks after a service. GET, POST /apps/join: becoming one of them. */
import { type OwnedApp, ownedApp } from '../../flows/apps/owned.ts';
import { acceptInvitation, invitedApp, inviteOwner, removeOwner, withdrawInvitation } from '../../flows/apps/owners.ts';
import type { Story } from '../../http/endpoint.ts';
import { page, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import { openInvitations } from '../../oauth/clients/owners.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { appOwnersPage, joinPage } from '../../pages/apps-owners.ts';
import { shownApp } from './shown.ts';
import { appsSite, pageAndForm, submitted, type Visit, visited } from './visit.ts';

const ownersIn = ({ registrant }: OwnedApp, { session }: Visit) =>
  registrant.owners.map(({ userKey, name, accountName, since }) => ({
    id: userKey,
    name,
    accountName,
    since,
    isReader: userKey === session.userKey.toString('hex'),
  }));

const show = async (visit: Visit, link?: string) => {
  const app = await ownedApp(visit.clientId, visit);
  const site = await appsSite(visit);
  const invitations = openInvitations(app.registrant, site.now);
  const view = { ...site, app: shownApp(app), owners: ownersIn(app, visit), invitations };
  return page(appOwnersPage({ ...view, ...(link === undefined ? {} : { link }) }));
};

export const ownersOfOne: Story = pageAndForm(
  visited((visit) => show(visit)),
  submitted(async (visit, form) => {
    const { clientId, session, server } = visit;
    const [remove, withdraw] = [form.get('remove'), form.get('withdraw')];
    if (remove !== undefined) {
      await removeOwner({ clientId, userKey: remove }, visit);
      return redirect(remove === session.userKey.toString('hex') ? '/apps' : `/apps/${clientId}/owners`);
    }
    if (withdraw !== undefined) {
      await withdrawInvitation({ clientId, id: withdraw }, visit);
      return redirect(`/apps/${clientId}/owners`);
    }
    const invitation = await inviteOwner(clientId, visit);
    return show(visit, `${server.config.issuer}/apps/join?invitation=${encodeURIComponent(invitation)}`);
  }),
);

const invitationIn = (request: Incoming): string => parseParameters(request.query).get('invitation') ?? '';

export const join: Story = pageAndForm(
  visited(
    async (visit) => {
      const invitation = invitationIn(visit.request);
      const { app } = await invitedApp(invitation, visit);
      return page(joinPage({ ...(await appsSite(visit)), app: shownApp(app), invitation }));
    },
    (request) => ({ page: 'apps-join', invitation: invitationIn(request).slice(0, 400) }),
  ),
  submitted(async (visit, form) => {
    const { clientId } = await acceptInvitation(form.get('invitation') ?? '', visit);
    return redirect(`/apps/${clientId}`);
  }),
);
