import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from './cases.ts';
import { type Lanes, startLanes } from './lanes.ts';
import { list, peopleScenarios } from './people-scenarios.ts';

let lanes: Lanes;

beforeAll(async () => {
  lanes = await startLanes();
});

afterAll(() => lanes.stop());

describe.concurrent('[AZ22][ER05] storage that loses, delays or refuses one request or all of them', () => {
  it.each([...peopleScenarios, list])(
    'costs $name nothing but a 503 page with Retry-After, after which the person gets on',
    async (scenario) => {
      expect(await problemsOf(lanes, scenario, scenario === list ? 'one by one' : 'together')).toEqual([]);
    },
    240_000,
  );
});
