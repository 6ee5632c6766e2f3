/** Tokens come into the audit log by their number: once, for each authorization session, at least daily and after its end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { purgeTimes } from '../../support/audit.ts';
import { signedInAt } from '../../support/people.ts';
import { type StoredRow, storedRows } from '../../support/rows.ts';
import { okJson, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import type { TableRequest } from '../../support/table-proxy.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
});

afterAll(() => stack.stop());

/** 256 slices of the key space, four a run. */
const runsOfAPass = 64;
/** Longer than a count waits. */
const countedSeconds = 43_200 + 300;

const isIts =
  ({ registration: { clientId } }: Service) =>
  ({ client, event }: StoredRow): boolean =>
    client === clientId && event === 'session.tokens_issued';

/** Of any day: the clock moves. */
const rowsOf = async (service: Service): Promise<readonly StoredRow[]> =>
  (await storedRows(stack, 'audit')).filter(isIts(service));

const countsOf = async (service: Service): Promise<readonly number[]> =>
  (await rowsOf(service)).map(({ details }) => (JSON.parse(String(details)) as { tokens: number }).tokens).toSorted();

const passes = 4;

/** Lets the timer come by everybody until there are as many events. */
const told = async (service: Service, events: number): Promise<readonly number[]> => {
  for (let pass = 0; pass < passes && (await rowsOf(service)).length < events; pass += 1) {
    await purgeTimes(stack, runsOfAPass);
    await expect
      .poll(() => rowsOf(service), { timeout: 60_000 })
      .toHaveLength(events)
      .catch(() => undefined);
  }
  return countsOf(service);
};

const refreshed = async (service: Service, { refresh_token: token }: TokenSet, times: number): Promise<TokenSet> => {
  let latest: TokenSet | undefined;
  let next = token;
  for (let time = 0; time < times; time += 1) {
    latest = await okJson<TokenSet>(service.refresh(next));
    next = latest.refresh_token;
  }
  if (latest === undefined) throw new Error('nothing was refreshed');
  return latest;
};

describe('tokens that a session got', () => {
  it('are one event when it has ended, and none before it is time', async () => {
    const alice = await signedInAt(stack);
    const service = await register(stack.issuer);
    const last = await refreshed(service, await service.tokens(alice), 3);
    await purgeTimes(stack, runsOfAPass);
    expect(await countsOf(service)).toEqual([]);
    await service.revoke({ token: last.refresh_token });
    expect(await told(service, 1)).toEqual([4]);
    const [row] = await rowsOf(service);
    expect(row).toMatchObject({ v: 1, actorKind: 'client', actor: service.registration.clientId });
    expect(JSON.parse(String(row?.details))).toMatchObject({
      family: expect.stringMatching(/^[0-9a-f]{32}$/),
      since: expect.any(Number),
    });
    await purgeTimes(stack, runsOfAPass);
    expect(await countsOf(service)).toEqual([4]);
  });

  it('are told of by half a day, each once, although the process dies in between', async () => {
    const bob = await signedInAt(stack, 'bob');
    const service = await register(stack.issuer);
    const first = await refreshed(service, await service.tokens(bob), 1);
    await stack.clock.move(countedSeconds);
    const isToAudit = ({ bodyStart }: Pick<TableRequest, 'bodyStart'>) => bodyStart.includes('actorKind');
    let held = 0;
    stack.tableProxy.deliveryRule = (request) => {
      if (!isToAudit(request)) return undefined;
      held += 1;
      return { kind: 'hang' };
    };
    await purgeTimes(stack, runsOfAPass);
    await expect.poll(() => held, { timeout: 60_000 }).toBeGreaterThan(0);
    await stack.killHost();
    stack.tableProxy.deliveryRule = undefined;
    await stack.restartHost();
    await refreshed(service, first, 2);
    await stack.clock.move(150);
    expect(await told(service, 1)).toEqual([2]);
    await stack.clock.move(countedSeconds);
    expect(await told(service, 2)).toEqual([2, 2]);
  });
});
