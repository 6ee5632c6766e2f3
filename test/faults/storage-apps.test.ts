import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appScenarios } from './app-scenarios.ts';
import { problemsOf } from './cases.ts';
import { erasure } from './erasure-scenario.ts';
import { type Lanes, startLanes } from './lanes.ts';

let lanes: Lanes;

beforeAll(async () => {
  lanes = await startLanes();
});

afterAll(() => lanes.stop());

/** One after the other: each lane's service has one owner at work at a time. */
describe('[ER05] storage that loses, delays or refuses one request or all of them', () => {
  it.each(appScenarios)(
    'costs $name nothing but a 503 page with Retry-After, after which the owner gets on',
    async (scenario) => {
      expect(await problemsOf(lanes, scenario)).toEqual([]);
    },
    240_000,
  );

  it('costs a person who has themselves erased nothing but a 503 page, after which they can ask again', async () => {
    expect(await problemsOf(lanes, erasure, 'one by one')).toEqual([]);
  }, 240_000);
});
