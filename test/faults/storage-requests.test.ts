import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from './cases.ts';
import { type Lanes, startLanes } from './lanes.ts';
import { requestScenarios } from './request-scenarios.ts';

let lanes: Lanes;

beforeAll(async () => {
  lanes = await startLanes();
});

afterAll(() => lanes.stop());

describe.concurrent('[AZ22][ER05] storage that loses, delays or refuses one request or all of them', () => {
  it.each(requestScenarios)(
    'costs $name nothing but a 503 with Retry-After, after which it goes on',
    async (scenario) => {
      expect(await problemsOf(lanes, scenario)).toEqual([]);
    },
    240_000,
  );
});
