/** GET /my-data, /my-data/download: what is stored about a person, for them to take along. */
import { myData as dataOf } from '../../flows/account/my-data.ts';
import { requireWindow } from '../../http/place.ts';
import { json, page } from '../../http/reply.ts';
import { siteOf } from '../../http/site.ts';
import { parseParameters } from '../../oauth/parameters.ts';
import { myDataPage } from '../../pages/my-data.ts';
import { ownPage } from './own.ts';

export const myData = ownPage({ page: 'my-data' }, async ({ session, request, server }) => {
  const account = { name: session.displayName, accountName: session.accountName };
  return page(myDataPage({ ...(await siteOf(request, server)), account }));
});

/** Row keys have no other characters. */
const cursor = /^[\w:.-]{1,300}$/;

export const downloadMyData = ownPage({ page: 'my-data' }, async ({ session, request, server }) => {
  requireWindow(request);
  const after = parseParameters(request.query).get('after');
  const { next, ...data } = await dataOf(session, cursor.test(after ?? '') ? after : undefined, server);
  const address = `${server.config.issuer}/my-data/download?after=${encodeURIComponent(next ?? '')}`;
  return json(next === undefined ? data : { ...data, next: address }, {
    headers: { 'content-disposition': 'attachment; filename="assent-my-data.json"' },
  });
});
