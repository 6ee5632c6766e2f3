/**
 * `npm run bench:revocation`: from the click on Revoke to the refusal at an API that consults the list by
 * `examples/lib/revocations.mjs`, with a busy API and one that had rested. `--rounds` says how often.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { buildPackage } from '../local/processes.ts';
import { signedInAt } from '../test/support/people.ts';
import type { Person } from '../test/support/person.ts';
import { revokeAll, startApi, untilRefused } from '../test/support/revoking.ts';
import { register } from '../test/support/service.ts';
import { type Stack, startStack } from '../test/support/stack.ts';
import { readOptions } from './options.ts';
import { median, spread } from './statistics.ts';

const { rounds } = readOptions({ rounds: 10 });

/** Far more than is promised. */
const patienceMilliseconds = 60_000;

/** Anywhere in the time between two looks at the list. */
const anyMoment = (): Promise<void> => sleep(Math.random() * 5_000);

const apis: Readonly<Record<string, (api: Api, token: string) => Promise<void>>> = {
  busy: async (api, token) => {
    for (const until = performance.now() + 5_000 * Math.random(); performance.now() < until; await sleep(50))
      await api.refuses(token);
  },
  rested: async (api, token) => {
    await api.refuses(token);
    await anyMoment();
  },
};

type Api = Awaited<ReturnType<typeof startApi>>;

const measure = async ({ issuer }: Stack, person: Person, before: (api: Api, token: string) => Promise<void>) => {
  const service = await register(issuer);
  const { access_token: token } = await service.tokens(person);
  const api = await startApi(issuer);
  await before(api, token);
  const clickedAt = performance.now();
  await revokeAll(person, issuer);
  await untilRefused(api, token, patienceMilliseconds);
  return performance.now() - clickedAt;
};

const main = async (): Promise<void> => {
  await buildPackage();
  const stack = await startStack();
  try {
    const person = await signedInAt(stack);
    for (const [name, before] of Object.entries(apis)) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) times.push(await measure(stack, person, before));
      const [lowest, highest] = spread(times);
      const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);
      console.log(
        `${name} API: refused ${seconds(median(times))} s after the click (${seconds(lowest)}-${seconds(highest)}), ${rounds} times`,
      );
    }
  } finally {
    await stack.stop();
  }
};

await main();
