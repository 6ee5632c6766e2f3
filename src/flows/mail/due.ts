/**
 * Mails whose time has come, again and again for a day. Whoever takes one first moves it on, so that nobody else does, and a
 * process that dies leaves it to be looked at again; what became of an earlier attempt is asked before there is another.
 */
import { sha256 } from '../../oauth/crypto.ts';
import type { Letter, Mail } from '../../outbound/mail.ts';
import type { Server } from '../../server.ts';
import type { Mailbox, WaitingMail } from '../../storage/mails.ts';

/** One minute, then twice as long each time, and never more than four hours. */
const firstPauseSeconds = 60;
const longestPauseSeconds = 14_400;
const patienceSeconds = 86_400;

const atOnce = 4;

/** The host ends what runs for longer than a few minutes. */
const runMilliseconds = 120_000;

/** What it says. */
type Compose = (news: WaitingMail, mailbox: Mailbox) => Promise<Omit<Letter, 'to'>>;

type Work = { readonly mail: Mail; readonly server: Server; readonly compose: Compose };

/** Throws `Unavailable`. */
export const sendDue = async (work: Work): Promise<void> => {
  const { server } = work;
  const next = (await server.store.mails.due(server.clock())).values();
  const endsAt = performance.now() + runMilliseconds;
  let isThrottled = false;
  const worker = async (): Promise<void> => {
    for (const one of next) {
      if (isThrottled || performance.now() > endsAt) return;
      isThrottled = (await settle(one, work)) === 'throttled' || isThrottled;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

const settle = async (waiting: WaitingMail, work: Work): Promise<'throttled' | undefined> => {
  const { store, clock, log } = work.server;
  const now = clock();
  if (now >= waiting.at + patienceSeconds) {
    log({ level: 'warning', event: 'mail_given_up', attempts: waiting.attempts });
    return void (await store.mails.finish(waiting));
  }
  const pause = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** waiting.attempts);
  const taken = await store.mails.postpone(waiting, now + pause);
  if (taken === undefined || (await wasTakenOn(taken, work))) return undefined;
  return send(taken, work);
};

/** A UUID (RFC 9562 §5.8) that is the same at every attempt: the service sends what has one of these once. */
const operationIdOf = ({ id }: WaitingMail): string => {
  const hex = sha256(`assent mail ${id}`).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** True if nothing is to be sent: an earlier attempt came through, or nobody knows yet. */
const wasTakenOn = async (taken: WaitingMail, { mail, server }: Work): Promise<boolean> => {
  if (taken.attempts === 1) return false;
  const progress = await mail.progress(operationIdOf(taken));
  if (progress.kind === 'none') return false;
  if (progress.kind === 'failed') server.log({ level: 'warning', event: 'mail_failed', reason: progress.reason });
  if (progress.kind === 'done' || progress.kind === 'failed') await server.store.mails.finish(taken);
  return true;
};

const send = async (taken: WaitingMail, { mail, server, compose }: Work): Promise<'throttled' | undefined> => {
  const { store, clock, log } = server;
  const mailbox = await store.mails.mailbox(taken.userKey);
  // Erased meanwhile, or without a verified address since.
  if (mailbox === undefined) return void (await store.mails.finish(taken));
  const letter = { ...(await compose(taken, mailbox)), to: mailbox.address };
  const sending = await mail.send(letter, operationIdOf(taken));
  if (sending.kind === 'accepted') log({ event: 'mail_accepted', attempts: taken.attempts });
  else log({ level: 'warning', event: 'mail_not_taken', ...sending });
  if (sending.kind === 'refused') await store.mails.finish(taken);
  if (sending.kind !== 'throttled') return undefined;
  await store.mails.postpone(taken, clock() + sending.afterSeconds);
  return 'throttled';
};
