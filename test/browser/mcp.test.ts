/** An MCP client that knows an address, a person in a real browser, and Assent in front of the server (RFC 9728, MCP authorization). */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Child } from '../../local/child.ts';
import { startMcpServer } from '../../local/processes.ts';
import { mcpResource } from '../../local/settings.ts';
import { createMcpClient, redirectUrl } from '../clients/mcp-client.ts';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { approve, signInAs, textsOf } from './steps.ts';
import { patience } from './world.ts';

vi.setConfig({ testTimeout: patience.test });

describe.skipIf(!hasChromium())('Connecting an MCP client in a browser', () => {
  let browser: Browser;
  let stack: Stack;
  let server: Child;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    [browser, stack] = await Promise.all([launchBrowser(), startStack()]);
    url = mcpResource(stack.ports).identifier;
    server = await startMcpServer({ port: stack.ports.mcp, issuer: stack.issuer, resource: url });
    page = await browser.newPage();
    page.setDefaultTimeout(patience.page);
    await page.route(`${redirectUrl}?*`, (route) => route.fulfill({ body: 'You can close this window.' }));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop('SIGTERM', 5);
    await stack?.stop();
  });

  it('alice signs in, reads what is asked for, approves, and a tool answers; then she asks for one that needs more', async () => {
    const seen: (readonly string[])[] = [];
    const authorize = async (address: URL): Promise<URL> => {
      await page.goto(address.href);
      if (seen.length === 0) await signInAs(page, 'alice');
      await page.getByRole('button', { name: 'Approve' }).waitFor();
      seen.push(await textsOf(page, '.permissions label'));
      await approve(page);
      await page.waitForURL(`${redirectUrl}?*`);
      return new URL(page.url());
    };
    const registered = { client_id: 'demo-mcp', issuer: stack.issuer };
    const client = createMcpClient({ sdk: '2', url, person: { authorize }, registered, refreshes: true });
    expect(await client.call('list_work_items')).toContain('Show build results on the team dashboard');
    expect(await client.call('add_work_item', { title: 'Water the plants' })).toBe('Added: Water the plants');
    expect(seen).toEqual([['See your work items'], ['See your work items', 'Add work items']]);

    await page.goto(`${stack.issuer}/authorizations`);
    expect(await textsOf(page, 'article h3')).toEqual(['MCP client']);
    await page.getByRole('button', { name: 'Revoke MCP client' }).click();
    expect(await page.getByRole('status').innerText()).toContain('MCP client');
  });
});
