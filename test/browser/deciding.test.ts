/** What operators come to from elsewhere, in Chromium: a request that waits, an order at work, the log of one request, a link. */
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../support/admin.ts';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { signedInAt } from '../support/people.ts';
import { press, rule } from '../support/policy.ts';
import { putRow } from '../support/rows.ts';
import { demoServices, register } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { faultsOf, phone } from './faults.ts';
import { signInAs } from './steps.ts';
import { patience } from './world.ts';

vi.setConfig({ testTimeout: 2 * patience.test });

describe.skipIf(!hasChromium())('Deciding in a browser', () => {
  let browser: Browser;
  let stack: Stack;
  let context: BrowserContext;

  beforeAll(async () => {
    [browser, stack] = await Promise.all([launchBrowser(), startStack()]);
  });

  afterEach(async () => {
    await context?.close();
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  /** A page of the console as somebody opens it who is not signed in yet. */
  const opened = async (login: string, path: string): Promise<Page> => {
    context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(patience.page);
    await page.goto(`${stack.issuer}/console${path}`);
    await signInAs(page, login);
    await page.locator('nav[aria-label=Console]').waitFor();
    return page;
  };

  const operator = async (): Promise<Admin> =>
    adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));

  /** Somebody asks an operator for a service of a new name. Gives that name. */
  const asked = async (): Promise<string> => {
    onTestFinished(async () => rule(stack, await operator()));
    const name = `Tailspin <b>Asks</b> ${randomBytes(4).toString('hex')}`;
    const resource = (JSON.parse(stack.settings.RESOURCES ?? '[]') as { identifier: string }[])[0]?.identifier ?? '';
    const service = await register(stack.issuer, { client_name: name });
    await rule(stack, await operator(), { needs_operator: [{ resource, scope: 'vso.code' }] });
    const bob = await signedInAt(stack, 'bob');
    const page = await bob.visit(service.authorization({ scope: 'vso.code' }).url);
    if (page.kind !== 'page') throw new Error('nobody was asked');
    await press(bob, page, 'ask operator');
    return name;
  };

  it('a request that waits is named on the overview, and approved', async () => {
    const name = await asked();
    const page = await opened('olga', '');
    await page.getByRole('link', { name: /wait/ }).click();
    const card = page.locator('article', { hasText: name });
    await card.waitFor();
    expect(await faultsOf(page), 'waiting').toEqual([]);
    await card.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').getByText('Approved.').waitFor();
    expect(await page.locator('article', { hasText: name }).count()).toBe(0);
    expect(await faultsOf(page), 'approved').toEqual([]);
    await page.goBack();
    await page.locator('h1', { hasText: 'Requests' }).waitFor();
  });

  it('a request is refused with a reason, by keyboard alone, and nothing happens without one', async () => {
    const name = await asked();
    const page = await opened('olga', '/requests');
    const card = page.locator('article', { hasText: name });
    await card.locator('summary').focus();
    await page.keyboard.press('Enter');
    const reason = card.getByLabel('Reason');
    await reason.focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('status').count()).toBe(0);
    await page.keyboard.type('Ask for less first');
    expect(await faultsOf(page), 'refusing').toEqual([]);
    await reason.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Refused.').waitFor();
    expect(await faultsOf(page), 'refused').toEqual([]);
  });

  it('an auditor reads of a request that waits, and cannot answer it', async () => {
    const name = await asked();
    const page = await opened('audrey', '/requests');
    await page.locator('article', { hasText: name }).waitFor();
    expect(await page.locator('main button').count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
  });

  it('an order at work says how far it has come, and is stopped after a second question', async () => {
    const { clientId } = (await register(stack.issuer)).registration;
    const call = await operator();
    const id = String((await call('POST', 'endings', { body: { client_id: clientId } })).body.id);
    const done = async () => (await call('GET', `endings/${id}`)).body.state;
    await expect.poll(done, { timeout: patience.effect }).toBe('done');
    // As one whose process died, until the timer finds it.
    await putRow(stack, 'deployment', { PartitionKey: 'endings', RowKey: id.replace('.', ':'), state: 'running' });
    const page = await opened('olga', '');
    await page.getByRole('link', { name: 'An order to end authorizations' }).first().click();
    await page.goto(`${stack.issuer}/console/authorizations/endings/one?${new URLSearchParams({ id, still: 'yes' })}`);
    await page.getByRole('heading', { name: /At work/ }).waitFor();
    expect(await faultsOf(page), 'at work').toEqual([]);
    await page.locator('summary', { hasText: 'Stop it' }).click();
    await page.getByRole('button', { name: 'Stop this order' }).click();
    await page.getByRole('heading', { name: /Stopped/ }).waitFor();
    expect(await faultsOf(page), 'stopped').toEqual([]);
  });

  it('the log is looked through with every filter at once, and for one request from its id', async () => {
    const page = await opened('audrey', '/audit?event=audit.read');
    const filters = new URLSearchParams({
      ...{ event: 'audit.read', from: '2026-01-01', to: '2026-01-02', client: 'demo-web', actor: 'x'.repeat(256) },
      ...{ subject: '\u202eabc <b>', correlation: 'none' },
    });
    await page.goto(`${stack.issuer}/console/audit?${filters}`);
    expect(await page.getByLabel('From (UTC)').inputValue()).toBe('2026-01-01');
    expect(await faultsOf(page), 'many filters').toEqual([]);
    await page.goto(`${stack.issuer}/console/audit?event=audit.read`);
    const request = page.locator('a[href*="correlation="]').first();
    const correlation = await request.innerText();
    await page.getByRole('link', { name: 'Incidents' }).click();
    await page.getByLabel('Correlation ID').fill(correlation);
    await page.getByRole('button', { name: 'Look it up' }).click();
    expect(await page.getByLabel('Request (correlation ID)').inputValue()).toBe(correlation);
    await page.getByRole('list', { name: 'Events' }).getByText(correlation).waitFor();
    expect(await faultsOf(page), 'one request').toEqual([]);
  });

  it('a link into the console ends there, and so does a form that was sent after the session ended', async () => {
    const page = await opened('olga', '/services/one?client_id=demo-web');
    const address = `${stack.issuer}/console/services/one?client_id=demo-web`;
    expect(page.url()).toBe(address);
    await context.clearCookies();
    await page.getByRole('button', { name: /^Stop saying/ }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signInAs(page, 'olga');
    await page.locator('nav[aria-label=Console]').waitFor();
    expect(page.url()).toBe(address);
  });

  it('names that are long, and pretend to be something else, stay harmless where they are listed', async () => {
    const name = `\u202eTailspin <script>alert(1)</script>${'\u0301'.repeat(20)}${'W'.repeat(100)}`.slice(0, 100);
    const { clientId } = (await register(stack.issuer, { client_name: name })).registration;
    const page = await opened('olga', '/services');
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => dialogs.push(dialog.message()));
    for (const path of ['/services', `/services/one?client_id=${clientId}`, `/authorizations?client_id=${clientId}`]) {
      await page.goto(`${stack.issuer}/console${path}`);
      expect(await faultsOf(page), path).toEqual([]);
      await page.setViewportSize(phone);
      expect(await page.locator('main').innerText()).not.toContain('\u202e');
    }
    expect(dialogs).toEqual([]);
  });
});
