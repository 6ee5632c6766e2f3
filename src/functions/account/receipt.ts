/** GET /authorizations/receipts/{id}: what this person took back, signed. */
import { receiptOf, receiptType } from '../../flows/account/receipt.ts';
import { requireWindow } from '../../http/place.ts';
import { jwt } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { ownPage } from './own.ts';

export const receipt = ownPage({ page: 'authorizations' }, async ({ session, request, server }) => {
  // A signature costs something: nobody's page may ask for it in the background.
  requireWindow(request);
  const event = await server.store.history.find(session.userKey, request.segment('id') ?? '');
  const text = event && (await receiptOf(event, session, server));
  if (event === undefined || text === undefined) throw new OAuthError('receipt_unknown', 'there is no such receipt');
  const reply = jwt(text, `application/${receiptType}`);
  const disposition = `attachment; filename="receipt-${event.id}.jwt"`;
  return { ...reply, headers: { ...reply.headers, 'content-disposition': disposition } };
});
