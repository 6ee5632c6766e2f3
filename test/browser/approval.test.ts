/** The approval page under clumsy hands and hostile words (RFC 6749 §10.14, OAuth 2.1 §7.11), in Chromium. */
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { approve, approveInNewTab, consentForm } from './steps.ts';
import { useWorld } from './world.ts';

describe.skipIf(!hasChromium())('The approval page in a browser', () => {
  const world = useWorld();

  /** Everything that a policy, a script or a dialog says while the test runs. */
  const listen = (): string[] => {
    const heard: string[] = [];
    world.page.on('console', (message) => heard.push(message.text()));
    world.page.on('pageerror', (error) => heard.push(error.message));
    world.page.on('dialog', async (dialog) => {
      heard.push(dialog.message());
      await dialog.dismiss();
    });
    return heard;
  };

  it.each([
    ['a script', '"><script>alert(1)</script>'],
    ['an attribute', '" autofocus onfocus="alert(1)'],
    ['a quote', "'-alert(1)-'"],
    ['a template', '{{7*7}}'],
    ['an entity', '&#x6a;avascript:alert(1)'],
    ['an end of the style sheet', '</title></style><img src=x onerror=alert(1)>'],
  ])(
    '[CO05] %s in the service’s name and in state is text: nothing runs, and the policy has nothing to stop',
    async (_, hostile) => {
      const { page, site, stack } = world;
      await world.registerAs({ client_name: hostile });
      const heard = listen();
      await world.open({ state: hostile, login_hint: hostile });
      expect(await page.locator('h1 bdi').innerText()).toBe(hostile);
      expect(await page.locator('script, img, [onfocus], [autofocus]').count()).toBe(0);
      await approve(page);
      await page.waitForURL(`${site.origin}/**`);
      expect(world.visits()[0]?.searchParams.get('state')).toBe(hostile);
      await page.goto(`${stack.issuer}/authorizations`);
      expect(await page.locator('article h3').allInnerTexts()).toContain(hostile);
      expect(await page.locator('script, img, [onfocus], [autofocus]').count()).toBe(0);
      expect(heard).toEqual([]);
    },
  );

  it('[CO05] a name that turns the reading direction cannot pose as another', async () => {
    await world.registerAs({ assent_verified: true, client_name: 'Contoso \u202Eslaitnederc\u202C \u200BBoards' });
    await world.open();
    expect(await world.page.locator('h1 bdi').innerText()).toBe('Contoso slaitnederc Boards');
  });

  it.each([
    ['another origin', () => `${world.elsewhere.origin}/landed`],
    ['an app’s own scheme', () => 'com.example.app:/opened?from=callback'],
  ])('[CO02] after the approval the browser follows the callback’s own redirect to %s', async (_, target) => {
    const { page, site } = world;
    site.answer = { status: 303, location: target() };
    const heard = listen();
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    await world.open();
    await approve(page);
    await expect.poll(() => requested, { timeout: 60_000 }).toContain(target());
    expect([...(world.visits()[0]?.searchParams.keys() ?? [])]).toEqual(['code', 'state', 'iss']);
    expect(heard.filter((text) => /Content.Security.Policy/i.test(text))).toEqual([]);
  });

  it('[CO10] a double click on Approve gives the service one code, which works', async () => {
    const { page, site, service } = world;
    const verifier = await world.open();
    await page.getByRole('button', { name: 'Approve' }).dblclick();
    await page.waitForURL(`${site.origin}/**`);
    // The browser may have gone to the service already when the second click takes it back.
    const codes = new Set(world.visits().map((visit) => visit.searchParams.get('code') ?? 'none'));
    expect(codes.size).toBe(1);
    expect((await service.redeem({ code: [...codes][0] ?? '', verifier })).status).toBe(200);
  });

  it('[CO10] one approval page sent twenty times at once gives twenty times the same code, which works', async () => {
    const { context, service, stack } = world;
    const verifier = await world.open();
    // With the browser's own cookies: Chromium itself lets only one submission of a tab through.
    const approval = {
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: stack.issuer },
      data: `${await consentForm(world.page)}&decision=approve`,
      maxRedirects: 0,
    };
    const sent = Array.from({ length: 20 }, () => context.request.post(`${stack.issuer}/consent`, approval));
    const answers = await Promise.all(sent);
    const codes = answers.map((answer) => new URL(answer.headers().location ?? '').searchParams.get('code') ?? 'none');
    expect(new Set(codes).size).toBe(1);
    expect((await service.redeem({ code: codes[0] ?? '', verifier })).status).toBe(200);
  });

  it('[CO10][CO19] the same page answered again gives the same code while it is unspent, and none when it is spent', async () => {
    const { page, service } = world;
    const verifier = await world.open();
    await approveInNewTab(page);
    await approveInNewTab(page);
    const codes = world.visits().map((visit) => visit.searchParams.get('code') ?? '');
    expect(codes).toEqual([codes[0], codes[0]]);
    expect((await service.redeem({ code: codes[0] ?? '', verifier })).status).toBe(200);

    const tab = await approveInNewTab(page);
    expect(await tab.locator('h1').innerText()).toBe('You have answered this already');
    expect(world.visits().length).toBe(2);
  });

  it('[CO19] a page that was answered and is then answered with less asks anew, and makes no second code', async () => {
    const { page } = world;
    await world.open();
    await approveInNewTab(page);
    await page.getByLabel('See your work items').uncheck();
    const tab = await approveInNewTab(page);
    expect(await tab.getByText('You allowed this before.').count()).toBe(2);
    expect(world.visits().length).toBe(1);
  });

  it('[CO14][CO19] going back to an app’s finished approval asks anew, and answers nothing by itself', async () => {
    const { page, site } = world;
    await world.registerAs({ client_name: 'Tailspin for desktop', token_endpoint_auth_method: 'none' });
    await world.open();
    await approve(page);
    await page.waitForURL(`${site.origin}/**`);
    await page.goBack();
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    expect(world.visits().length).toBe(1);
  });
});
