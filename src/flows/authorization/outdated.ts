/** Whether what a person answered is still what they would be asked. */
import type { Approval } from '../../oauth/authorization/approval.ts';
import type { Asked } from '../../oauth/authorization/asked.ts';
import type { Session } from '../../oauth/authorization/session.ts';
import { isVoid } from '../../oauth/grants/not-before.ts';
import type { Server } from '../../server.ts';

/** True if the page is too old, was made void, or showed something else than it would show now. */
export const isOutdated = async (
  approval: Approval,
  asked: Asked,
  { session, server }: { readonly session: Session; readonly server: Server },
): Promise<boolean> => {
  const { userKey, createdAt } = session;
  const subject = { userKey, clientKey: asked.clientKey };
  const instants = await server.store.deployment.notBefore.instantsFor(subject);
  // The page may be older than the session.
  return (
    server.clock() >= approval.issuedAt + server.config.lifetimes.approvalSeconds ||
    isVoid({ sessionAt: createdAt, consentAt: approval.issuedAt }, instants) ||
    approval.shown !== asked.shownDigest
  );
};
