/** What is wrong with a page for somebody: by axe-core, in light and dark, on a screen and on a phone. */
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const { source: axe } = createRequire(import.meta.url)('axe-core') as { source: string };

const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

const modes = {
  light: { viewport: desktop, colorScheme: 'light' },
  dark: { viewport: desktop, colorScheme: 'dark' },
  phone: { viewport: phone, colorScheme: 'light' },
  'dark phone': { viewport: phone, colorScheme: 'dark' },
} as const;

/** Everything that axe-core finds on the page, in every mode; a page that is wider than the screen as well. */
export const faultsOf = async (page: Page): Promise<readonly string[]> => {
  const found: string[] = [];
  await page.waitForLoadState();
  await page.evaluate(axe);
  for (const [mode, { viewport, colorScheme }] of Object.entries(modes)) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = (await page.evaluate(`axe.run({ resultTypes: ['violations'] })`)) as AxeResults;
    for (const { id, nodes } of violations) for (const { html } of nodes) found.push(`${mode}: ${id}: ${html}`);
    const tooWide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
    if (tooWide) found.push(`${mode}: scrolls sideways`);
  }
  await page.setViewportSize(desktop);
  return found;
};
