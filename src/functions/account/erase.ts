/** GET, POST /my-data/erase: says what goes and what stays, and deletes everything about the person. */
import { eraseMe } from '../../flows/account/erase.ts';
import { erasureReceipt } from '../../flows/account/receipt.ts';
import { expired } from '../../http/cookies.ts';
import type { Story } from '../../http/endpoint.ts';
import { page, type Reply } from '../../http/reply.ts';
import { siteOf } from '../../http/site.ts';
import { formTokenOf } from '../../oauth/authorization/approval.ts';
import { erasedPage, erasePage } from '../../pages/my-data.ts';
import { sessionCookieName } from '../sign-in/browser-session.ts';
import { ownForm, ownPage, type Submission, type Visit } from './own.ts';

export const erase: Story = (request, server) => (request.method === 'POST' ? carryOut : ask)(request, server);

const ask = ownPage({ page: 'my-data' }, (visit) => shown(visit, { isUnconfirmed: false }));

const carryOut = ownForm((submission) =>
  submission.form.get('confirmed') === 'yes' ? erased(submission) : shown(submission, { isUnconfirmed: true }),
);

const shown = async (
  { session, request, server }: Visit,
  { isUnconfirmed }: { readonly isUnconfirmed: boolean },
): Promise<Reply> => {
  const account = { name: session.displayName, accountName: session.accountName };
  const site = await siteOf(request, server);
  return page(erasePage({ ...site, account, formToken: formTokenOf(session), isUnconfirmed }));
};

/** The receipt comes first: afterwards nobody could ask for it. It is worth less than the erasure, which goes on without. */
const erased = async ({ session, request, server }: Submission): Promise<Reply> => {
  const at = server.clock();
  const receipt = await erasureReceipt(at, session, server).catch(() => undefined);
  const isWhole = await eraseMe(session, at, server);
  const cookies = [expired(sessionCookieName(server))];
  return page(erasedPage(await siteOf(request, server), { isWhole, receipt }), { cookies });
};
