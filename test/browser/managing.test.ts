/** What people manage, in Chromium: every state passes axe-core, by keyboard alone, and on a phone without scripts. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { type DemoStack, startDemoStack } from '../support/demo.ts';
import { eraseMe } from '../support/managing.ts';
import { type Login, signedInAt } from '../support/people.ts';
import { faultsOf, phone } from './faults.ts';
import { approve, connectAs, textsOf } from './steps.ts';
import { patience } from './world.ts';

vi.setConfig({ testTimeout: patience.test });

describe.skipIf(!hasChromium())('Managing authorizations in a browser', () => {
  let browser: Browser;
  let demo: DemoStack;
  let context: BrowserContext;

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoStack()]);
  });

  afterEach(async () => {
    await context?.close();
  });

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** A browser in which that person has connected the demo service. */
  const connected = async (login: Login, options: BrowserContextOptions = {}): Promise<Page> => {
    context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(patience.page);
    // Nothing is there that another try allowed.
    await eraseMe(await signedInAt(demo.stack, login), demo.stack.issuer);
    await connectAs(page, demo.boards, login);
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    return page;
  };

  const open = async (page: Page, path: string): Promise<void> => {
    await page.goto(`${demo.stack.issuer}${path}`);
  };

  it('no page and no state has a fault that axe-core knows, in English and from right to left', async () => {
    const page = await connected('alice');
    for (const locale of ['en', 'ar']) {
      await page.setExtraHTTPHeaders({ 'accept-language': locale });
      await open(page, '/authorizations');
      expect(await page.locator('html').getAttribute('dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr');
      await page.locator('.ask summary').first().click();
      expect(await faultsOf(page), `list, asking, ${locale}`).toEqual([]);
      await page.locator('article h3 a').click();
      await page.locator('#permissions').waitFor();
      await page.locator('.ask summary').first().click();
      expect(await faultsOf(page), `one service, ${locale}`).toEqual([]);
      await page.locator('section[aria-labelledby=contact] a').last().click();
      await page.locator('textarea').waitFor();
      expect(await faultsOf(page), `report, ${locale}`).toEqual([]);
      for (const path of ['/sessions', '/my-data', '/my-data/erase', '/authorizations?q=nothing']) {
        await open(page, path);
        for (const summary of await page.locator('summary').all()) await summary.click();
        expect(await faultsOf(page), `${path}, ${locale}`).toEqual([]);
      }
    }
  });

  it('a phone without scripts, in the dark: remove a permission, take the receipt, report, sign out everywhere', async () => {
    const page = await connected('bob', {
      javaScriptEnabled: false,
      viewport: phone,
      colorScheme: 'dark',
      isMobile: true,
    });
    await open(page, '/authorizations');
    await page.getByRole('link', { name: 'Contoso Boards' }).click();
    await page.getByRole('button', { name: 'Remove See your source code' }).click();
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('button', { name: /^Remove/ }).count()).toBe(1);
    const [receipt] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('status').getByRole('link', { name: 'Receipt' }).click(),
    ]);
    expect(receipt.suggestedFilename()).toMatch(/^receipt-[\w.-]+\.jwt$/);
    await page.getByRole('link', { name: 'Report this service' }).click();
    await page.getByLabel('It pretends to be somebody else').check();
    await page.getByRole('button', { name: 'Send report' }).click();
    await page.getByText('Your report has been sent.').waitFor();
    await open(page, '/sessions');
    await page.locator('summary', { hasText: 'Sign out everywhere' }).click();
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  });

  it('the keyboard alone ends a connection, and then erases everything, but only once that is ticked', async () => {
    const page = await connected('audrey');
    await open(page, '/authorizations');
    const press = async (role: 'link' | 'button' | 'checkbox', name: RegExp | string, key = 'Enter'): Promise<void> => {
      await page.getByRole(role, { name }).focus();
      await page.keyboard.press(key);
    };
    await press('link', 'Contoso Boards');
    await press('button', /^End /);
    await page.getByRole('status').waitFor();
    expect(await textsOf(page, '#connections')).toEqual([]);
    await open(page, '/my-data');
    await press('link', /^Erase everything/);
    await press('button', 'Erase me');
    // The browser itself asks for the tick.
    expect(new URL(page.url()).pathname).toBe('/my-data/erase');
    await press('checkbox', /everything about me/, 'Space');
    await press('button', 'Erase me');
    await page.getByRole('heading', { name: 'You are erased' }).waitFor();
    expect(await faultsOf(page), 'erased').toEqual([]);
    await page.goto(demo.boards);
    await page.getByRole('link', { name: 'Connect' }).waitFor();
  });
});
