/** What operators do in the console, in Chromium, from the first page to what the audit log says of it. */
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { adminWith, ownTokenOf } from '../support/admin.ts';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { indexOf } from '../support/index.ts';
import { signedInAt } from '../support/people.ts';
import { rule } from '../support/policy.ts';
import { demoServices, refusalOf, register } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { faultsOf } from './faults.ts';
import { signInAs } from './steps.ts';
import { patience } from './world.ts';

vi.setConfig({ testTimeout: patience.test });

describe.skipIf(!hasChromium())('Ruling in a browser', () => {
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

  const consoleOf = async (login: string): Promise<Page> => {
    context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(patience.page);
    await page.goto(`${stack.issuer}/console`);
    await signInAs(page, login);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    return page;
  };

  const open = (page: Page, area: string): Promise<void> =>
    page.locator('nav[aria-label=Console] a', { hasText: area }).click();

  /** Looks in the audit log for events of this name, as one does with its form. */
  const lookFor = async (page: Page, event: string): Promise<readonly string[]> => {
    await open(page, 'Audit log');
    await page.getByLabel('Event', { exact: true }).selectOption(event);
    await page.getByRole('button', { name: 'Look' }).click();
    expect(await page.getByLabel('Event', { exact: true }).inputValue()).toBe(event);
    return page.getByRole('list', { name: 'Events' }).getByRole('listitem').allInnerTexts();
  };

  /** A service that alice authorized, as soon as the lists have her; of a name that no other try has used. */
  const authorizedService = async (kind: string) => {
    const name = `${kind} ${randomBytes(4).toString('hex')}`;
    const service = await register(stack.issuer, { client_name: name });
    const tokens = await service.tokens(await signedInAt(stack), { scope: 'vso.work' });
    const { clientId } = service.registration;
    await expect
      .poll(async () => (await indexOf(stack, clientId)).count, { timeout: patience.effect, interval: 200 })
      .toBe(1);
    return { service, name, clientId, refreshToken: tokens.refresh_token };
  };

  it('a service is found in the list, verified, blocked after a second question, and let in again', async () => {
    const { service, name, refreshToken } = await authorizedService('Tailspin Plans');
    const page = await consoleOf('olga');
    await open(page, 'Services');
    expect(await faultsOf(page), 'services').toEqual([]);
    await page.getByRole('link', { name: `Open ${name}` }).click();
    await page.getByRole('button', { name: `Verify ${name}` }).click();
    await page.getByRole('button', { name: `Stop saying that ${name} is verified` }).waitFor();
    const block = page.getByRole('button', { name: `Block ${name}`, exact: true });
    expect(await block.isVisible()).toBe(false);
    await page.locator('summary', { hasText: 'Block it' }).click();
    await block.click();
    await page.getByRole('button', { name: `Unblock ${name}` }).waitFor();
    expect(await faultsOf(page), 'blocked').toEqual([]);
    expect((await refusalOf(service.refresh(refreshToken))).error).toBe('unauthorized_client');
    await page.getByRole('button', { name: `Unblock ${name}` }).click();
    await page.locator('summary', { hasText: 'Block it' }).waitFor();
    expect((await service.refresh(refreshToken)).status).toBe(200);
  });

  it('what a service holds is ended by an order, after a page has said how much that is', async () => {
    const { service, clientId, refreshToken } = await authorizedService('Tailspin Builds');
    const page = await consoleOf('olga');
    await open(page, 'Authorizations');
    await page.getByLabel('Client ID').fill(clientId);
    await page.getByRole('button', { name: 'Find the people of a service' }).click();
    await page.getByRole('link', { name: 'End all of this service’s' }).click();
    await page.getByRole('heading', { name: 'That would end 1 authorization' }).waitFor();
    expect(await faultsOf(page), 'what that would end').toEqual([]);
    await page.getByRole('checkbox', { name: 'End 1 authorization' }).check();
    await page.getByRole('button', { name: 'Order it' }).click();
    await expect
      .poll(() => page.reload().then(() => page.locator('main').innerText()), { timeout: patience.effect })
      .toContain('Done');
    expect(await faultsOf(page), 'an order that is done').toEqual([]);
    expect((await refusalOf(service.refresh(refreshToken))).error).toBe('invalid_grant');
  });

  it('a service is registered after a refusal at its field, edited, and approved for everyone', async () => {
    const name = `Tailspin Forms ${randomBytes(4).toString('hex')}`;
    const page = await consoleOf('olga');
    await open(page, 'Services');
    await page.getByRole('link', { name: 'Register a service' }).click();
    expect(await faultsOf(page), 'a new service').toEqual([]);
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Redirect URIs').fill('http://forms.tailspin.example/back');
    await page.getByRole('button', { name: 'Register it' }).click();
    await page.getByRole('alert').getByRole('link', { name: 'Redirect URIs' }).click();
    expect(await page.getByLabel('Redirect URIs').getAttribute('aria-invalid')).toBe('true');
    expect(await faultsOf(page), 'refused').toEqual([]);
    await page.getByLabel('Redirect URIs').fill('https://forms.tailspin.example/back');
    await page.getByRole('button', { name: 'Register it' }).click();
    await page.getByText('Copy the secret now.').waitFor();
    expect(await faultsOf(page), 'registered').toEqual([]);
    await page.getByRole('link', { name: 'To the service' }).click();
    await page.getByRole('link', { name: 'Edit it' }).click();
    await page.getByLabel('What it is for').fill('Forms to fill in');
    await page.locator('summary', { hasText: '0 chosen of' }).click();
    await page.getByLabel('See your work items').first().check();
    await page.getByRole('button', { name: 'Save it' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    await page.getByRole('link', { name: 'None of its own' }).click();
    await page.getByLabel('Approved for everyone').check();
    await page.locator('summary', { hasText: '0 chosen of' }).click();
    await page.getByLabel('See your work items').first().check();
    await page.getByRole('button', { name: 'Show what this will do' }).click();
    await page.getByRole('heading', { name: 'What this will do' }).waitFor();
    expect(await faultsOf(page), 'what a rule will do').toEqual([]);
    await page.getByRole('button', { name: 'Save this rule' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    await page.getByRole('link', { name: 'The service' }).click();
    await page.getByRole('link', { name: 'Edit it' }).click();
    await page.getByRole('link', { name: 'As a document' }).click();
    expect(await page.getByLabel('Registration (JSON)').inputValue()).toContain('Forms to fill in');
    expect(await faultsOf(page), 'the document').toEqual([]);
  });

  it('an auditor sees a service and what it holds, and no button', async () => {
    const { clientId, name } = await authorizedService('Tailspin Tests');
    const page = await consoleOf('audrey');
    await open(page, 'Services');
    await page.getByRole('link', { name: `Open ${name}` }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    expect(await page.locator('main button').count()).toBe(0);
    await page.getByRole('link', { name: '1 person' }).click();
    await page.locator('main a[href*="/authorizations/one"]').waitFor();
    expect(new URL(page.url()).searchParams.get('client_id')).toBe(clientId);
    await page.locator('main a[href*="/authorizations/one"]').click();
    await page.getByRole('heading', { name: 'What the service may do' }).waitFor();
    expect(await page.locator('main button').count()).toBe(0);
    expect(await faultsOf(page), 'one authorization').toEqual([]);
  });

  it('a rule is changed after a page has said what that will do, and the audit log has it', async () => {
    // Nothing could be authorized by whatever comes after it.
    onTestFinished(async () =>
      rule(stack, adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))),
    );
    const page = await consoleOf('olga');
    await open(page, 'Policy');
    await page.getByLabel('Off: no service can be authorized').check();
    await page.getByRole('button', { name: 'Show what this will do' }).click();
    await page.getByRole('heading', { name: 'What this will do' }).waitFor();
    expect(await faultsOf(page), 'what this will do').toEqual([]);
    await page.getByRole('button', { name: 'Save these rules' }).click();
    expect(await page.getByRole('status').innerText()).toContain('Saved.');
    expect(await faultsOf(page), 'saved').toEqual([]);
    const events = await lookFor(page, 'policy.changed');
    expect(events[0]).toContain('the operator');
    expect(await faultsOf(page), 'audit log').toEqual([]);
  });
});
