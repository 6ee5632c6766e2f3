/** What an instance does by what it wrote or showed last (`src/storage/kept.ts`); the other files have one that remembers nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemsOf } from './cases.ts';
import { type Lanes, startLanes } from './lanes.ts';
import { peopleScenarios } from './people-scenarios.ts';
import { requestScenarios } from './request-scenarios.ts';
import { serviceScenarios } from './service-scenarios.ts';

let lanes: Lanes;

beforeAll(async () => {
  lanes = await startLanes({ remembers: true });
});

afterAll(() => lanes.stop());

const byCopy = [...serviceScenarios, ...peopleScenarios, ...requestScenarios].filter(({ isByCopy }) => isByCopy);

describe.concurrent('[ER05][RV08] storage that loses, delays or refuses one request or all of them', () => {
  it.each(byCopy)(
    'costs $name by a copy nothing but a 503 with Retry-After, after which it goes on',
    async (scenario) => {
      expect(await problemsOf(lanes, scenario)).toEqual([]);
    },
    240_000,
  );
});
