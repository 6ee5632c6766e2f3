/** GET /: what this place is, for whoever comes by. */
import type { Facts, Story } from '../../http/endpoint.ts';
import { page } from '../../http/reply.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { type HomeView, homePage } from '../../pages/home.ts';
import { routes } from '../routes.ts';
import { currentSession } from '../sign-in/browser-session.ts';

/** The addresses that their endpoints want to see on the page, by who reads it. */
export const listedAddresses = (named: readonly Facts[] = Object.values(routes)): HomeView['addresses'] => {
  const listedFor = (reader: keyof HomeView['addresses']) =>
    named.flatMap(({ route, listed }) => (listed?.for === reader ? [{ path: `/${route}`, about: listed.about }] : []));
  return { developers: listedFor('developers'), operators: listedFor('operators') };
};

const addresses = listedAddresses();

export const home: Story = async (request, server) => {
  const session = await currentSession(request, server);
  const site = { ...(await siteOf(request, server)), addresses };
  if (session === undefined) return page(homePage(site));
  const account = { name: session.displayName, accountName: session.accountName };
  return page(homePage({ ...site, account, role: session.role, formToken: formTokenOf(session) }));
};
