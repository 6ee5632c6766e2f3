/** The person's history remembers what they refused. */
import type { Incoming } from '../../http/request.ts';
import { openApproval } from '../../oauth/authorization/approval.ts';
import type { Asked } from '../../oauth/authorization/asked.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { Server } from '../../server.ts';
import { currentSession } from '../sign-in/browser-session.ts';

/**
 * Writes it down for the person whom the page was shown to, if they are still signed in here. Never throws: the service is
 * told of the refusal whether or not it can be written down.
 */
export const recordRefusal = async (
  asked: Asked,
  { form, request }: { readonly form: Parameters; readonly request: Incoming },
  server: Server,
): Promise<void> => {
  const { clientId, name: clientName } = asked.client;
  try {
    const session = await currentSession(request, server);
    if (session === undefined || openApproval(form.get('approval') ?? '', session)?.request !== asked.digest) return;
    const permissions = asked.permissions;
    const at = server.clock();
    await server.store.history.add(session.userKey, { kind: 'refused', at, clientId, clientName, permissions });
  } catch {
    server.log({ event: 'history_incomplete', missing: 'refused', client_id: clientId });
  }
};
