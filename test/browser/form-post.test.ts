/** response_mode=form_post in a real browser: the page sends itself, and does without scripts. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { approve, deny, signInAs } from './steps.ts';
import { useWorld } from './world.ts';

describe.skipIf(!hasChromium())('An answer in a form', () => {
  const world = useWorld();

  /** What the service's site has been sent, and from where the browser says it comes. */
  const posts = (page: Page): { readonly fields: URLSearchParams; readonly origin: string | undefined }[] => {
    const seen: { readonly fields: URLSearchParams; readonly origin: string | undefined }[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().startsWith(`${world.site.origin}/callback`))
        seen.push({ fields: new URLSearchParams(request.postData() ?? ''), origin: request.headers().origin });
    });
    return seen;
  };

  it('[RM01] reaches the service by itself, goes where the service leads on to, and its code works', async () => {
    const { page, site, elsewhere, service, stack } = world;
    const heard: string[] = [];
    page.on('console', (message) => heard.push(message.text()));
    const sent = posts(page);
    site.answer = { status: 303, location: `${elsewhere.origin}/landed` };
    const verifier = await world.open({ response_mode: 'form_post' });
    await approve(page);
    await page.waitForURL(`${elsewhere.origin}/landed`);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.origin).toBe(stack.issuer);
    expect([...(sent[0]?.fields.keys() ?? [])]).toEqual(['code', 'state', 'iss']);
    expect((await service.redeem({ code: sent[0]?.fields.get('code') ?? '', verifier })).status).toBe(200);
    expect(heard.filter((text) => /Content.Security.Policy/i.test(text))).toEqual([]);
  });

  it('[RM01] goes by its button where scripts are off, a refusal too', async () => {
    const context = await world.browser.newContext({ javaScriptEnabled: false });
    try {
      const page = await context.newPage();
      const sent = posts(page);
      await page.goto(world.service.authorization({ response_mode: 'form_post' }).url);
      await signInAs(page, 'alice');
      await deny(page);
      await page.getByRole('heading', { name: 'Back to Tailspin Reports' }).waitFor();
      expect(sent).toEqual([]);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL(`${world.site.origin}/callback`);
      expect(sent[0]?.fields.get('error')).toBe('access_denied');
    } finally {
      await context.close();
    }
  });
});
