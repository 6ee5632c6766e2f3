/** Answers that are not the person's own: another site's, another browser's, another account's (RFC 6749 §10.12, §10.13). */
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { approve, consentForm, deny, signInAs } from './steps.ts';
import { useWorld } from './world.ts';

describe.skipIf(!hasChromium())('Nobody answers for somebody else', () => {
  const world = useWorld();

  it('[CO08] a page made for alice cannot be answered once bob has signed in in another tab', async () => {
    const { context, page, service, site } = world;
    await world.open();
    const tab = await context.newPage();
    await tab.goto(service.authorization({ prompt: 'select_account' }).url);
    await signInAs(tab, 'bob');
    await tab.getByText('bob@contoso.example').first().waitFor();

    await approve(page);
    await page.getByRole('heading', { name: 'This page is no longer valid' }).waitFor();
    expect(world.visits()).toEqual([]);

    await page.getByRole('link', { name: 'Show it again' }).click();
    await page.getByText('bob@contoso.example').first().waitFor();
    await deny(page);
    await page.waitForURL(`${site.origin}/**`);
    const answer = world.visits()[0]?.searchParams;
    expect([answer?.get('error'), answer?.get('state'), answer?.get('code')]).toEqual([
      'access_denied',
      'state-1',
      null,
    ]);
  });

  it('[CO07] a page opened in one browser cannot be answered from another', async () => {
    const { browser, page, stack } = world;
    await world.open();
    const body = await consentForm(page);
    const other = await browser.newContext();
    const victim = await other.newPage();
    // The same person even: the page belongs to the browser, not to the name.
    await victim.goto(`${stack.issuer}/sign-in`);
    await signInAs(victim, 'alice');
    await victim.getByRole('heading', { name: 'Manage authorizations' }).waitFor();
    const answer = await other.request.post(`${stack.issuer}/consent`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: stack.issuer },
      data: `${body}&decision=approve`,
      maxRedirects: 0,
    });
    expect([answer.status(), answer.headers().location]).toEqual([400, undefined]);
    expect(world.visits()).toEqual([]);
    await other.close();
  });

  it('[CO07] the end of a sign-in that one browser began signs nobody in in another', async () => {
    const { browser, page, stack } = world;
    const callback = page.waitForRequest((request) => request.url().startsWith(`${stack.issuer}/sign-in/callback?`));
    await world.open();
    const other = await browser.newContext();
    const victim = await other.newPage();
    await victim.goto((await callback).url());
    expect(await victim.locator('h1').innerText()).toBe('This sign-in was not begun here');
    expect(await other.cookies(stack.issuer)).toEqual([]);
    await other.close();
  });

  it('[CO01][AZ20] no page can be framed by another site', async () => {
    const { page, service, site, stack } = world;
    await world.open();
    const paths = ['/', '/authorizations', '/sign-out', '/nothing-here'];
    const framed = [service.authorization().url, ...paths.map((path) => `${stack.issuer}${path}`)];
    for (const address of framed) {
      const frame = `<iframe src="${address.replaceAll('&', '&amp;')}"></iframe>`;
      site.answer = { status: 200, html: `<!doctype html><title>Attacker</title>${frame}` };
      await page.goto(`${site.origin}/attack`);
      const inside = page.frames()[1];
      await inside?.waitForLoadState();
      expect(inside?.url(), address).toBe('chrome-error://chromewebdata/');
    }
  });

  it('[CO11] another site’s form cannot approve, even with everything that the page holds', async () => {
    const { elsewhere, page, stack } = world;
    await world.open();
    const fields = Array.from(new URLSearchParams(await consentForm(page)));
    const inputs = fields.map(([name, value]) => `<input name="${name}" value="${value}">`).join('');
    const button = '<button name="decision" value="approve">Win a prize</button>';
    elsewhere.answer = {
      status: 200,
      html: `<!doctype html><title>Attacker</title><form method="post" action="${stack.issuer}/consent">${inputs}${button}</form>`,
    };
    // Another port is the same site: the Lax cookie comes along, and only the request's origin tells.
    await page.goto(`${elsewhere.origin}/attack`);
    await page.getByRole('button', { name: 'Win a prize' }).click();
    await page.getByRole('heading', { name: 'This is not allowed' }).waitFor();
    expect(world.visits()).toEqual([]);
  });
});
