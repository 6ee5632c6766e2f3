/** A person's services, in Chromium: every page and state passes axe-core, by keyboard alone, and on a phone without scripts. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { letRegister } from '../support/apps.ts';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { pngOf } from '../support/pictures.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { faultsOf, phone } from './faults.ts';
import { signInAs, textsOf } from './steps.ts';
import { patience } from './world.ts';

/** Axe-core looks at each page in four modes. */
const manyPages = 300_000;

describe.skipIf(!hasChromium())('Looking after services in a browser', () => {
  let browser: Browser;
  let stack: Stack;
  let contexts: readonly BrowserContext[] = [];

  beforeAll(async () => {
    [browser, stack] = await Promise.all([launchBrowser(), startStack()]);
  });

  afterEach(async () => {
    for (const context of contexts) await context.close();
    contexts = [];
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  const signedIn = async (login: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext(options);
    contexts = [...contexts, context];
    const page = await context.newPage();
    page.setDefaultTimeout(patience.page);
    await page.goto(`${stack.issuer}/apps`);
    await signInAs(page, login);
    await page.waitForURL(`${stack.issuer}/apps`);
    return page;
  };

  const open = async (page: Page, path: string): Promise<void> => {
    await page.goto(`${stack.issuer}${path}`);
  };

  /** Sends the page's form for that address, whatever the language. */
  const send = (page: Page, action: string, button = 'button'): Promise<void> =>
    page.locator(`form[action$="${action}"] ${button}`).first().click();

  const clientIdOn = async (page: Page): Promise<string> =>
    /app-[\w-]{22}/.exec(await page.content())?.[0] ?? 'no client id';

  const registered = async (page: Page, name: string): Promise<string> => {
    await open(page, '/apps/new');
    await page.locator('#client_name').fill(name);
    await page.locator('[name=redirect_uris]').first().fill('https://planner.fabrikam.example/callback');
    await page
      .locator('details.area', { has: page.locator('input[value="vso.work"]') })
      .locator('summary')
      .click();
    await page.locator('input[value="vso.work"]').check();
    await send(page, '/apps/new', 'button.primary');
    await page.locator('code.copy').waitFor();
    return clientIdOn(page);
  };

  it.each(['en', 'ar'])(
    'no page and no state has a fault that axe-core knows, in %s',
    async (locale) => {
      const headers = { 'accept-language': locale };
      const page = await signedIn('olga', { extraHTTPHeaders: headers });
      expect(await page.locator('html').getAttribute('dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr');
      const found: string[] = [];
      const look = async (state: string): Promise<void> => {
        await page.evaluate(`for (const fold of document.querySelectorAll('details')) fold.open = true`);
        for (const fault of await faultsOf(page)) found.push(`${state}: ${fault}`);
      };
      await look('the list');
      await open(page, '/apps/new');
      await look('a new one');
      await page.locator('#client_name').fill('Micros0ft Login');
      await send(page, '/apps/new', 'button.primary');
      await page.getByRole('alert').waitFor();
      await look('a name that is refused');
      const clientId = await registered(page, 'Fabrikam Planner');
      await look('its first secret');
      for (const part of ['', '/edit', '/secrets', '/owners', '/delete']) {
        await open(page, `/apps/${clientId}${part}`);
        await look(`page ${part}`);
      }
      await open(page, `/apps/${clientId}/edit`);
      await send(page, '/logo');
      await page.locator('#logo-problem').waitFor();
      await look('no picture');
      await open(page, `/apps/${clientId}/secrets`);
      await send(page, '/secrets', 'button.primary');
      await page.locator('code.copy').waitFor();
      await look('two secrets');
      await open(page, `/apps/${clientId}/owners`);
      await send(page, '/owners', 'button[name=invite]');
      const link = await page.locator('code.copy').innerText();
      await look('an invitation');
      await page.goto(link);
      await look('becoming an owner');
      await page.goto(`${link}x`);
      await look('an invitation that is not open');
      await open(page, '/apps/unheard-of');
      await look('none of theirs');
      await open(page, '/apps');
      await look('a list of one');
      expect(found).toEqual([]);
    },
    manyPages,
  );

  it(
    'whoever may not register services reads that, without a fault',
    async () => {
      const page = await signedIn('bob');
      await page.getByText('The people who run this site register services.').waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await open(page, '/apps/new');
      await page.getByRole('heading', { name: 'You cannot register services' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
    },
    manyPages,
  );

  it(
    'a phone without scripts, in the dark: register, change, take a picture, share, hand over, leave and delete',
    async () => {
      const options = { javaScriptEnabled: false, viewport: phone, colorScheme: 'dark', isMobile: true } as const;
      const page = await signedIn('olga', options);
      const clientId = await registered(page, 'Fabrikam Planner');
      await page.getByRole('link', { name: 'Continue' }).click();
      await page.getByRole('link', { name: 'Change what is registered' }).click();
      await page.getByLabel('What it is for').fill('Plans what your team does next.');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('link', { name: 'Change what is registered' }).click();
      expect(await page.getByLabel('What it is for').inputValue()).toBe('Plans what your team does next.');
      await page
        .getByLabel('Choose a file')
        .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: pngOf({ width: 64, height: 64 }) });
      await page.getByRole('button', { name: 'Take this picture' }).click();
      await page.locator('img[src^="/logos/"]').waitFor();
      await page.getByRole('link', { name: 'Owners' }).click();
      await page.getByRole('button', { name: 'Make a link' }).click();
      const link = await page.locator('code.copy').innerText();

      const other = await signedIn('alice', options);
      await other.goto(link);
      await other.getByRole('button', { name: 'Yes, look after it' }).click();
      await other.waitForURL(`${stack.issuer}/apps/${clientId}`);
      await open(page, `/apps/${clientId}/owners`);
      await page.locator('summary', { hasText: 'Leave' }).click();
      await page.getByRole('button', { name: 'Yes, leave' }).click();
      await page.waitForURL(`${stack.issuer}/apps`);
      expect(await page.content()).not.toContain(clientId);
      await other.getByRole('link', { name: 'Delete' }).click();
      await other.getByRole('button', { name: 'Yes, delete it' }).click();
      await other.waitForURL(`${stack.issuer}/apps`);
      expect(await other.content()).not.toContain(clientId);
    },
    manyPages,
  );

  it(
    'the keyboard alone registers a service, gives it a second secret, removes the first, and deletes it',
    async () => {
      const page = await signedIn('olga');
      const press = async (role: 'link' | 'button', name: RegExp | string): Promise<void> => {
        await page.getByRole(role, { name }).focus();
        await page.keyboard.press('Enter');
      };
      /** By the tab key alone: whatever it never reaches cannot be used. */
      const tabTo = async (selector: string): Promise<void> => {
        await page.locator(selector).first().waitFor({ state: 'attached' });
        for (let steps = 0; steps < 200; steps++) {
          await page.keyboard.press('Tab');
          if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`)) return;
        }
        throw new Error(`the tab key does not reach ${selector}`);
      };
      await press('link', 'Register a service');
      await tabTo('#client_name');
      await page.keyboard.type('By keyboard');
      await tabTo('[name=redirect_uris]');
      await page.keyboard.type('https://planner.fabrikam.example/callback');
      await tabTo('details.area > summary');
      await page.keyboard.press('Enter');
      await tabTo('details.area[open] input[name=scope]');
      await page.keyboard.press('Space');
      await tabTo('form[action="/apps/new"] button.primary');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'is registered' }).waitFor();
      await press('link', 'Continue');
      await page.locator('#permissions').waitFor();
      expect(await textsOf(page, 'section[aria-labelledby=permissions] li')).toHaveLength(1);
      await press('link', 'Secrets');
      await tabTo('#name');
      await page.keyboard.type('Second');
      await page.keyboard.press('Enter');
      await page.locator('code.copy').waitFor();
      expect(await textsOf(page, 'article h2')).toHaveLength(2);
      await tabTo('details.once > summary');
      await page.keyboard.press('Enter');
      await tabTo('details.once[open] button');
      await page.keyboard.press('Enter');
      await expect.poll(() => textsOf(page, 'article h2'), { timeout: patience.page }).toEqual(['Second']);
      await press('link', 'Back to the service');
      await press('link', 'Delete');
      await page.getByRole('heading', { name: 'Delete By keyboard?' }).waitFor();
      await press('button', 'Yes, delete it');
      await page.waitForURL(`${stack.issuer}/apps`);
      expect(await page.content()).not.toContain('By keyboard');
    },
    manyPages,
  );

  it(
    'what a hostile owner typed runs nothing, reorders nothing, and makes no page wider',
    async () => {
      await letRegister(stack, 'everyone');
      const page = await signedIn('olga');
      const said: string[] = [];
      page.on('dialog', (dialog) => {
        said.push(dialog.message());
        void dialog.dismiss();
      });
      const hostile = `"><img src=x onerror=alert(1)>${'W'.repeat(40)}`;
      const clientId = await registered(page, hostile);
      await open(page, `/apps/${clientId}/edit`);
      await page.getByLabel('What it is for').fill('<script>alert(1)</script> \u202egnp.exe');
      await page.locator('#organization_name').fill(`\u202e${'m'.repeat(90)}`);
      await page.getByRole('button', { name: 'Save' }).click();
      for (const path of [
        '/apps',
        ...['', '/edit', '/secrets', '/owners', '/delete'].map((one) => `/apps/${clientId}${one}`),
      ]) {
        await open(page, path);
        expect(await page.locator('img[src="x"], main script').count()).toBe(0);
        expect(await page.locator('main').innerText()).not.toMatch(/[\u202a-\u202e]/);
        expect(await faultsOf(page), path).toEqual([]);
      }
      expect(said).toEqual([]);
    },
    manyPages,
  );
});
