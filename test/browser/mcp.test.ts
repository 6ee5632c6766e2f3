/** An MCP client that knows an address, a person in a real browser, and Assent in front of the server (RFC 9728, MCP authorization). */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Child } from '../../local/child.ts';
import { startMcpServer } from '../../local/processes.ts';
import { mcpResource } from '../../local/settings.ts';
import { createMcpClient, redirectUrl } from '../clients/mcp-client.ts';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { type DocumentSite, startDocumentSite } from '../support/client-documents.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { approve, revoke, signInAs, textsOf } from './steps.ts';
import { patience } from './world.ts';

vi.setConfig({ testTimeout: patience.test });

describe.skipIf(!hasChromium())('Connecting an MCP client in a browser', () => {
  let browser: Browser;
  let stack: Stack;
  let server: Child;
  let documents: DocumentSite;
  let context: BrowserContext;
  let url: string;

  beforeAll(async () => {
    [browser, stack] = await Promise.all([launchBrowser(), startStack()]);
    url = mcpResource(stack.ports).identifier;
    server = await startMcpServer({ port: stack.ports.mcp, issuer: stack.issuer, resource: url });
    documents = await startDocumentSite(stack.certificate);
    documents.publish('agent', { redirect_uris: [redirectUrl] });
  });

  /** In a browser in which nobody has signed in yet. */
  const pageOfNobody = async (): Promise<Page> => {
    context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(patience.page);
    await page.route(`${redirectUrl}?*`, (route) => route.fulfill({ body: 'You can close this window.' }));
    return page;
  };

  afterEach(async () => {
    await context?.close();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop('SIGTERM', 5);
    await documents?.stop();
    await stack?.stop();
  });

  /** How the client is known to Assent -> what it brings for that, and its name on pages. */
  const ways = {
    'that an operator registered': () => ({
      client: { registered: { client_id: 'demo-mcp', issuer: stack.issuer } },
      name: 'MCP client',
      mark: 'Verified by Contoso',
    }),
    'that registers itself': () => ({ client: {}, name: 'A stranger', mark: 'This service is not verified' }),
    'known by its document': () => ({
      client: { document: documents.addressOf('agent') },
      name: 'Tailspin Agent',
      mark: new URL(documents.addressOf('agent')).host,
    }),
  } as const;

  it.each(Object.entries(ways))(
    '[MC02] alice connects one %s, which knows nothing but the address of the server',
    async (_, wayOf) => {
      const { client: way, name, mark } = wayOf();
      const page = await pageOfNobody();
      const seen: (readonly string[])[] = [];
      const authorize = async (address: URL): Promise<URL> => {
        await page.goto(address.href);
        if (seen.length === 0) await signInAs(page, 'alice');
        await page.getByRole('button', { name: 'Approve' }).waitFor();
        expect(await page.locator('main').innerText()).toContain(mark);
        // What was allowed already lies in a fold.
        seen.push(await page.locator('.permissions label').allTextContents());
        await approve(page);
        await page.waitForURL(`${redirectUrl}?*`);
        return new URL(page.url());
      };
      const client = createMcpClient({ sdk: '2', url, person: { authorize }, refreshes: true, ...way });
      expect(await client.call('list_work_items')).toContain('Show build results on the team dashboard');
      const title = `Water the plants of ${name}`;
      expect(await client.call('add_work_item', { title })).toBe(`Added: ${title}`);
      expect(seen).toEqual([['See your work items'], ['Add work items', 'See your work items']]);

      await page.goto(`${stack.issuer}/authorizations`);
      expect(await textsOf(page, 'article h3')).toEqual([name]);
      await revoke(page, name);
      expect(await page.getByRole('status').innerText()).toContain(name);
      await page.context().close();
    },
  );
});
