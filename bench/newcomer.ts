/** People who have done nothing yet: what one authorization costs must not depend on how many the same person had before. */
import { erasePerson } from './pile.ts';
import { connected, disconnect, wholeFlow } from './steps.ts';
import { type Running, type Subject, usersOf } from './subjects.ts';
import type { World } from './world.ts';

/** Flows of one person and service in a row: with more of them old rows are looked through, and the oldest would end. */
export const flowsPerPerson = 40;

/** The server with somebody who has just signed in there, and of whom it knows nothing else. */
export const newcomer = async (world: World, running: Running, login = 'alice'): Promise<Subject> => {
  const { kind, issuer, child } = running;
  if (kind === 'assent') await erasePerson(world, login);
  const subject = { kind, issuer, child, ...usersOf(world, running, login) };
  await disconnect(subject, await connected(subject));
  return subject;
};

/** Whole flows, one after another, of as many newcomers as that takes. */
export const runFlows = async (world: World, running: Running, count: number): Promise<void> => {
  for (let done = 0; done < count; done += flowsPerPerson) {
    const subject = await newcomer(world, running);
    for (let flow = done; flow < Math.min(count, done + flowsPerPerson); flow++) await wholeFlow(subject);
  }
};
