/** WCAG 2.2 on the pages as the built server serves them, and the whole flow by keyboard, by phone and without scripts. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { type DemoStack, startDemoStack } from '../support/demo.ts';
import { faultsOf, phone } from './faults.ts';
import { approve, connectAs, revoke, signInAs, textsOf } from './steps.ts';
import { patience } from './world.ts';

/** Presses Tab until what has focus is called so; fails when everything has had its turn. */
const tabTo = async (page: Page, name: string): Promise<void> => {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(
      `(() => { const e = document.activeElement;
        return (e.labels?.[0]?.innerText ?? (e.innerText || e.value || '')).replace(/\\s+/g, ' ').trim(); })()`,
    );
    if (focused === name) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
};

vi.setConfig({ testTimeout: patience.test });

describe.skipIf(!hasChromium())('Pages for everybody', () => {
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

  const newPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
    context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(patience.page);
    return page;
  };

  it('no page of the flow has a fault that axe-core knows: light, dark, on a screen and on a phone', async () => {
    const page = await newPage();
    const { issuer } = demo.stack;
    await page.goto(issuer);
    expect(await faultsOf(page), 'home of a stranger').toEqual([]);
    await page.goto(demo.boards);
    expect(await faultsOf(page), 'demo service').toEqual([]);
    await page.getByRole('link', { name: 'Connect' }).click();
    await page.getByLabel('Password').waitFor();
    expect(await faultsOf(page), 'sign-in of the local provider').toEqual([]);
    await signInAs(page, 'olga');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    expect(await faultsOf(page), 'approval').toEqual([]);
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    expect(await faultsOf(page), 'demo service, connected').toEqual([]);

    await page.goto(issuer);
    await page.getByRole('heading', { name: 'For operators' }).waitFor();
    expect(await faultsOf(page), 'home of an operator').toEqual([]);
    await page.goto(`${issuer}/authorizations`);
    await page.getByRole('heading', { name: 'Contoso Boards' }).waitFor();
    expect(await faultsOf(page), 'authorizations').toEqual([]);
    await revoke(page, 'Contoso Boards');
    await page.getByRole('status').waitFor();
    expect(await faultsOf(page), 'authorizations, none').toEqual([]);
    await page.goto(`${issuer}/authorize?client_id=nobody`);
    expect(await faultsOf(page), 'error').toEqual([]);
    await page.goto(`${issuer}/nothing-here`);
    expect(await faultsOf(page), 'not found').toEqual([]);
    await page.goto(`${issuer}/sign-out`);
    expect(await faultsOf(page), 'sign-out').toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(await faultsOf(page), 'signed out').toEqual([]);
  });

  it('the keyboard alone connects a service with less than it asked for, and revokes it', async () => {
    const page = await newPage();
    await page.goto(demo.boards);
    await tabTo(page, 'Connect');
    await page.keyboard.press('Enter');
    await page.getByLabel('Password').waitFor();
    // The name has focus already.
    await page.keyboard.type('alice');
    await page.keyboard.press('Tab');
    await page.keyboard.type('any');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await tabTo(page, 'See your source code');
    await page.keyboard.press('Space');
    await tabTo(page, 'Approve');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${demo.boards}/`);
    expect((await textsOf(page, 'dd'))[1]).toBe('vso.work');

    await page.goto(`${demo.stack.issuer}/authorizations`);
    await tabTo(page, 'Revoke… Contoso Boards');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Revoke Contoso Boards');
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    await page.getByText('No service can use your data.').waitFor();
  });

  it('Enter in a checkbox of the approval page denies: a slip never approves', async () => {
    const page = await newPage();
    await connectAs(page, demo.boards, 'alice');
    await tabTo(page, 'See your source code');
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('status').innerText()).toBe('You did not approve.');
  });

  it('the whole flow works on a phone, in the dark, without JavaScript', async () => {
    const page = await newPage({ javaScriptEnabled: false, viewport: phone, colorScheme: 'dark', isMobile: true });
    await connectAs(page, demo.boards, 'bob');
    await page.getByLabel('See your source code').uncheck();
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    expect(await page.getByRole('list', { name: 'Work items' }).getByRole('listitem').count()).toBe(2);

    await page.goto(`${demo.stack.issuer}/authorizations`);
    expect(await textsOf(page, '.grants li')).toEqual(['See your work items']);
    await revoke(page, 'Contoso Boards');
    await page.getByRole('status').waitFor();
    await page.goto(demo.boards);
    expect(await page.getByRole('status').innerText()).toBe('Access was withdrawn.');

    await page.goto(`${demo.stack.issuer}/sign-out`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  });
});
