/** RFC 6749 §4.1 and §10.2 as a person lives it: the demo service, the provider and Assent in one real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { type DemoStack, startDemoStack } from '../support/demo.ts';
import { approve, connectAs, deny, revoke, signInAs, textsOf } from './steps.ts';
import { patience } from './world.ts';

vi.setConfig({ testTimeout: patience.test });

describe.skipIf(!hasChromium())('Connecting a service in a browser', () => {
  let browser: Browser;
  let demo: DemoStack;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemoStack()]);
  });

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(patience.page);
  });

  afterEach(async () => {
    await page.goto(`${demo.stack.issuer}/authorizations`);
    if (await page.getByRole('heading', { name: 'Contoso Boards' }).isVisible()) await revoke(page, 'Contoso Boards');
    await context.close();
  });

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('[CO13] alice connects a service, sees what it fetched, revokes it, and it loses its access', async () => {
    await connectAs(page, demo.boards, 'alice');
    const approval = page.locator('main');
    expect(await page.title()).toBe('Allow Contoso Boards? · Contoso');
    expect(await textsOf(page, 'h1 bdi')).toEqual(['Contoso Boards']);
    expect(await textsOf(page, '.marks li')).toContain(`${new URL(demo.boards).host} on this device`);
    await approval.getByText('alice@contoso.example').first().waitFor();
    expect(await textsOf(page, '.permissions label')).toEqual(['See your source code', 'See your work items']);
    await approve(page);

    await page.waitForURL(`${demo.boards}/`);
    await page.getByText('Sprint burndown counts removed work twice').waitFor();
    expect(await page.getByRole('list', { name: 'Work items' }).getByRole('listitem').count()).toBe(4);

    const mine = await context.newPage();
    await mine.goto(`${demo.stack.issuer}/authorizations`);
    expect(await textsOf(mine, 'article h3')).toEqual(['Contoso Boards']);
    expect(await textsOf(mine, '.grants li')).toEqual(['See your source code', 'See your work items']);
    expect(await textsOf(mine, 'article .line dd')).toContain('1 active');
    // Events of one second have no order.
    await demo.stack.clock.move(1);
    await revoke(mine, 'Contoso Boards');
    expect(await mine.getByRole('status').innerText()).toContain('Contoso Boards');
    expect(await textsOf(mine, 'article h3')).toEqual([]);
    expect((await textsOf(mine, '.history li p:first-child')).slice(0, 2)).toEqual([
      'You revoked Contoso Boards.',
      'You authorized Contoso Boards.',
    ]);

    // The access token, which has minutes to live, is refused by the API.
    await page.reload();
    expect(await page.getByRole('status').innerText()).toBe('Access was withdrawn.');
    await page.getByRole('link', { name: 'Connect' }).waitFor();
  });

  it('[CO17] a service whose authorization was revoked cannot refresh', async () => {
    await connectAs(page, demo.boards, 'alice');
    await approve(page);
    await page.getByRole('button', { name: 'Refresh access' }).click();
    expect(await page.getByRole('status').innerText()).toBe('Access was refreshed.');

    const mine = await context.newPage();
    await mine.goto(`${demo.stack.issuer}/authorizations`);
    await revoke(mine, 'Contoso Boards');
    await mine.getByRole('status').waitFor();

    await page.getByRole('button', { name: 'Refresh access' }).click();
    expect(await page.getByRole('status').innerText()).toBe('Access was withdrawn.');
  });

  it('what is unticked is not granted: the service does without, says what is missing, and can ask again', async () => {
    await connectAs(page, demo.boards, 'bob');
    await page.getByLabel('See your work items').uncheck();
    await approve(page);
    await page.getByRole('heading', { name: 'Connected, without your work items' }).waitFor();

    await page.goto(`${demo.stack.issuer}/authorizations`);
    expect(await textsOf(page, '.grants li')).toEqual(['See your source code']);
    await page.goto(demo.boards);
    await page.getByRole('link', { name: 'Ask again' }).click();
    await page.getByLabel('See your work items').check();
    await approve(page);
    await page.getByRole('heading', { name: 'Your work items' }).waitFor();
  });

  it('a permission that was left out is asked for again, unticked, and one that was given says so', async () => {
    await connectAs(page, demo.boards, 'bob');
    await page.getByLabel('See your source code').uncheck();
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    expect(await textsOf(page, 'dd')).toContain('vso.work');

    await page.goto(`${demo.boards}/connect`);
    const given = page.locator('.permissions > li', { hasText: 'You allowed this before.' });
    expect(await given.locator('label').allTextContents()).toEqual(['See your work items']);
    await page.getByLabel('See your source code', { exact: true }).check();
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    expect(await textsOf(page, 'dd')).toContain('vso.code vso.work');
  });

  it('who denies is back at the service, which has nothing', async () => {
    await connectAs(page, demo.boards, 'bob');
    await deny(page);
    expect(await page.getByRole('status').innerText()).toBe('You did not approve.');
    await page.goto(`${demo.stack.issuer}/authorizations`);
    await page.getByText('No service can use your data.').waitFor();
  });

  it('[CO13] the account can be changed on the approval page, and the answer is the new one’s', async () => {
    await connectAs(page, demo.boards, 'alice');
    await page.getByRole('button', { name: 'Use another account' }).click();
    await signInAs(page, 'bob');
    await page.getByText('bob@contoso.example').first().waitFor();
    expect(await page.getByText('alice@contoso.example').count()).toBe(0);
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);

    await page.goto(`${demo.stack.issuer}/authorizations`);
    await page.getByText('bob@contoso.example').waitFor();
    expect(await textsOf(page, 'article h3')).toEqual(['Contoso Boards']);
  });

  it('a second connection of the same service asks nothing: no page between Connect and the work items', async () => {
    await connectAs(page, demo.boards, 'alice');
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);

    const shown: string[] = [];
    page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.status() === 200) shown.push(response.url());
    });
    await page.goto(`${demo.boards}/connect`);
    expect(shown).toEqual([`${demo.boards}/`]);
    await page.getByText('Sprint burndown counts removed work twice').waitFor();

    await page.goto(`${demo.stack.issuer}/authorizations`);
    expect(await textsOf(page, 'article .line dd')).toContain('2 active');
  });

  it('[CO19] going back after an approval leaves the service connected once and as it was', async () => {
    await connectAs(page, demo.boards, 'alice');
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    const subject = (await textsOf(page, 'dd'))[0];
    await page.goBack();
    await page.goto(demo.boards);
    expect((await textsOf(page, 'dd'))[0]).toBe(subject);
    await page.getByRole('list', { name: 'Work items' }).waitFor();

    await page.goto(`${demo.stack.issuer}/authorizations`);
    expect(await textsOf(page, 'article h3')).toEqual(['Contoso Boards']);
    expect(await textsOf(page, 'article .line dd')).toContain('1 active');
  });

  it('a service that disconnects gives its access back, and the history says who ended it', async () => {
    await connectAs(page, demo.boards, 'alice');
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    // Events of one second have no order.
    await demo.stack.clock.move(1);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    expect(await page.getByRole('status').innerText()).toBe('Disconnected: Contoso Boards gave its access back.');
    await page.goto(`${demo.stack.issuer}/authorizations`);
    expect((await textsOf(page, '.history li p:first-child'))[0]).toBe('Contoso Boards gave its access back.');
  });

  it('who signs out must sign in again, and the service keeps what it was given', async () => {
    await connectAs(page, demo.boards, 'alice');
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    await page.goto(`${demo.stack.issuer}/sign-out`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect((await context.cookies(demo.stack.issuer)).map(({ name }) => name)).not.toContain('assent-session');

    await page.goto(demo.stack.issuer);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await page.goto(demo.boards);
    await page.getByRole('list', { name: 'Work items' }).waitFor();
    await page.goto(`${demo.stack.issuer}/authorizations`);
    expect(await textsOf(page, 'article h3')).toEqual(['Contoso Boards']);
  });

  it('whoever presses Revoke after their session has ended is told so, and comes back to the list', async () => {
    await connectAs(page, demo.boards, 'alice');
    await approve(page);
    await page.waitForURL(`${demo.boards}/`);
    await page.goto(`${demo.stack.issuer}/authorizations`);
    await context.clearCookies();
    await revoke(page, 'Contoso Boards');
    await page.getByRole('heading', { name: 'You have been signed out meanwhile' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signInAs(page, 'alice');
    await page.getByRole('heading', { name: 'Manage authorizations' }).waitFor();
    expect(await textsOf(page, 'article h3')).toEqual(['Contoso Boards']);
  });
});
