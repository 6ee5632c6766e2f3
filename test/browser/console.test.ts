/** The console in Chromium: every page passes axe-core for operators and auditors, by keyboard alone, and on a phone without scripts. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { routes } from '../../src/functions/routes.ts';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { indexOf } from '../support/index.ts';
import { signedInAt } from '../support/people.ts';
import { demoServices, register } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { faultsOf, phone } from './faults.ts';
import { signInAs } from './steps.ts';
import { patience } from './world.ts';

vi.setConfig({ testTimeout: patience.test });

/** What can be opened without saying of what. */
const pages = Object.entries(routes)
  .filter(([name, { methods }]) => /^console(-|$)/.test(name) && (methods as readonly string[]).includes('GET'))
  .map(([, { route }]) => `/${route}`)
  .filter((route) => !route.endsWith('/export'));

describe.skipIf(!hasChromium())('The console in a browser', () => {
  let browser: Browser;
  let stack: Stack;
  let context: BrowserContext;
  let clientId: string;

  beforeAll(async () => {
    [browser, stack] = await Promise.all([launchBrowser(), startStack()]);
    const service = await register(stack.issuer, { client_name: 'Reports <b>of</b> \u202eFabrikam' });
    clientId = service.registration.clientId;
    for (const login of ['alice', 'bob'] as const) await service.tokens(await signedInAt(stack, login));
    await demoServices(stack.issuer).web.tokens(await signedInAt(stack));
    await vi.waitUntil(async () => (await indexOf(stack, clientId)).count === 2, { timeout: patience.effect });
  }, patience.test);

  afterEach(async () => {
    await context?.close();
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  const consoleOf = async (login: string, options: BrowserContextOptions = {}): Promise<Page> => {
    context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(patience.page);
    await page.goto(`${stack.issuer}/console`);
    await signInAs(page, login);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    return page;
  };

  it.each(['olga', 'audrey'])('no page has a fault that axe-core knows, as %s sees it', async (login) => {
    const page = await consoleOf(login);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    const service = `?${new URLSearchParams({ client_id: clientId })}`;
    for (const path of pages) {
      await page.goto(`${stack.issuer}${path}${/\/(?:one|edit|rule)$/.test(path) ? service : ''}`);
      for (const fold of await page.locator('main summary').all()) await fold.click();
      expect(await faultsOf(page), path).toEqual([]);
    }
    await page.goto(`${stack.issuer}/console/authorizations${service}`);
    expect(await faultsOf(page), 'who authorized a service').toEqual([]);
    expect(complaints.filter((text) => !/status of 40/.test(text))).toEqual([]);
  });

  it('is walked through by its own links, and says where one is', async () => {
    const page = await consoleOf('olga');
    const areas = await page.locator('nav[aria-label=Console] a').allInnerTexts();
    for (const area of areas) {
      await page.locator('nav[aria-label=Console] a', { hasText: area }).click();
      await page.waitForLoadState();
      expect(await page.locator('nav[aria-label=Console] [aria-current=page]').innerText()).toBe(area);
      expect(await page.locator('h1').count(), area).toBe(1);
    }
  });

  it('ends what a person authorized, by keyboard alone, on a phone without scripts', async () => {
    const page = await consoleOf('olga', { viewport: phone, javaScriptEnabled: false });
    await page.goto(`${stack.issuer}/console/authorizations?${new URLSearchParams({ client_id: clientId })}`);
    const first = page.locator('main a[href*="/authorizations/one"]').first();
    await first.focus();
    await page.keyboard.press('Enter');
    const fold = page.locator('main summary', { hasText: /End/ }).first();
    await fold.focus();
    await page.keyboard.press('Enter');
    const button = page.locator('button', { hasText: /End/ }).first();
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('status').innerText()).toMatch(/ended/i);
  });

  it('gives an auditor the log to take along, and no form that changes anything', async () => {
    const page = await consoleOf('audrey');
    for (const path of pages) {
      await page.goto(`${stack.issuer}${path}`);
      expect(await page.locator('main form[method=post]').count(), path).toBe(0);
    }
    await page.goto(`${stack.issuer}/console/audit`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Take these days along' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('assent-audit.jsonl');
  });
});
