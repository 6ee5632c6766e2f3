/** Each day of the audit log is sealed once it has ended: a chain of hashes over its events, signed by the vault. */
import { firstHead, lineOf, nextHead, sealClaims, sealHash, sealType } from '../../oauth/audit/chain.ts';
import type { Server } from '../../server.ts';
import { dayOf } from '../../storage/audit.ts';
import type { Seal } from '../../storage/seals.ts';
import { openAfterDaySeconds } from './deliver.ts';

const daySeconds = 86_400;

/** Between the last event that a day takes and its seal: whatever clock wrote it, and however long that took. */
const settlingSeconds = 600;

/** In one run; the next goes on. */
const daysPerRun = 31;

/** Seals every day that has ended and has no seal, the oldest first; the first of all is yesterday. Throws `Unavailable`. */
export const sealDays = async (server: Server): Promise<void> => {
  const { store, clock } = server;
  const newestDay = dayOf(clock() - daySeconds - openAfterDaySeconds - settlingSeconds);
  let before = await store.seals.newest(clock());
  let day = before === undefined ? newestDay : dayAfter(before.day);
  for (let run = 0; day <= newestDay && run < daysPerRun; run++) {
    before = await seal(day, before, server);
    day = dayAfter(day);
  }
};

const dayAfter = (day: string): string => dayOf(Date.parse(day) / 1000 + daySeconds);

const seal = async (day: string, before: Seal | undefined, server: Server): Promise<Seal> => {
  const { store, signer, clock, config } = server;
  let head = firstHead({ day, previous: before === undefined ? '' : sealHash(before.seal) });
  for await (const { key: _, ...event } of store.auditReader.day(day)) head = nextHead(head, lineOf(event));
  const claims = sealClaims(head, { issuer: config.issuer, now: clock() });
  const made = { day, seal: await signer.sign(sealType, claims), count: head.count };
  if (await store.seals.add(made)) {
    // Elsewhere than the table: whoever could write that could seal a day again.
    server.log({ event: 'audit_sealed', day, count: head.count, seal: sealHash(made.seal) });
    return made;
  }
  // Another instance was first: its seal is the one that the next day names.
  const [theirs] = await store.seals.between(day, day);
  if (theirs === undefined) throw new Error(`the seal of ${day} is there and is not`);
  return theirs;
};
