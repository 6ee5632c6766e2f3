/** The accessibility checker axe-core, in a page of Chromium. */
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const { source } = createRequire(import.meta.url)('axe-core') as { source: string };

/** For the page as it was loaded last. */
export const loadAxe = (page: Page): Promise<unknown> => page.evaluate(source);

/** A rule's id and the markup that breaks it, of every violation in the page as it is now. */
export const violations = async (page: Page): Promise<readonly string[]> => {
  const result = (await page.evaluate(`axe.run({ resultTypes: ['violations'] })`)) as AxeResults;
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
};
