/**
 * What services can cause as often as they like, and what is worth an event all the same: once a day and instance, after the
 * answer. Nothing has changed by it, so nothing waits for the log, and what a process that ends has not told is in its lines.
 */
import type { Server } from '../../server.ts';
import type { AuditEntry } from '../../storage/audit.ts';

type Telling = Pick<Server, 'clock' | 'log'> & {
  readonly limits: Pick<Server['limits'], 'reminders'>;
  readonly store: { readonly audit: Pick<Server['store']['audit'], 'record'> };
};

/** `what` tells events of one service and action apart. */
export const toldDaily = (
  { action, target, what }: Pick<AuditEntry, 'action' | 'target'> & { readonly what: Readonly<Record<string, string>> },
  { clock, log, limits, store }: Telling,
): void => {
  const key = `${action} ${target} ${JSON.stringify(what)}`;
  if (!limits.reminders.take(key, clock())) return;
  const entry = { action, target, actor: { by: 'client', id: target }, details: what } as const;
  void store.audit.record(entry).catch((error: unknown) => {
    // The next one of its kind is told of instead.
    limits.reminders.give(key, clock());
    log({ level: 'warning', event: 'event_not_told', action, client_id: target, reason: String(error) });
  });
};

/** Tells of what the rules refuse (`oauth/policy`), and of no other refusal: those anybody can cause without a service. */
export const toldOfRules =
  (server: Telling) =>
  ({
    reason,
    client_id: target,
  }: {
    readonly reason?: string | undefined;
    readonly client_id?: string | undefined;
  }): void => {
    if (target !== undefined && reason?.startsWith('policy_') === true)
      toldDaily({ action: 'refuse by rule', target, what: { reason } }, server);
  };
