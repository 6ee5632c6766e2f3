import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { approvalPage } from '../../src/pages/approval.ts';
import { authorizationsPage } from '../../src/pages/authorizations.ts';
import { type Html, render } from '../../src/pages/html.ts';
import { signedOutPage } from '../../src/pages/sign-out.ts';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { loadAxe, violations } from './axe.ts';
import { hostilePages, hostileTexts } from './hostile.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { approval, authorization, authorizations, permission, samples, site } from './samples.ts';

const modes = {
  light: { viewport: { width: 1100, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1100, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 780 }, colorScheme: 'light' },
} as const;

/** WCAG 2.2, relative luminance of "rgb(1, 2, 3)". */
const luminanceOf = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((text) => {
    const part = Number(text) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrastOf = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf(!hasChromium())('in Chromium', () => {
  let browser: Browser;
  let server: PageServer;
  let page: Page;
  let pageWithoutScript: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startPageServer();
    page = await browser.newPage();
    pageWithoutScript = await browser.newPage({ javaScriptEnabled: false });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const visitWithoutScript = async (sample: Html): Promise<Page> => {
    await pageWithoutScript.goto(server.show(sample));
    return pageWithoutScript;
  };

  test.each(Object.entries(samples))('%s has no accessibility violation', async (_name, sample) => {
    await page.goto(server.show(sample));
    await loadAxe(page);
    for (const [mode, { viewport, colorScheme }] of Object.entries(modes)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await violations(page), mode).toEqual([]);
    }
  });

  test('the accessibility checker sees colours', async () => {
    const faint = render(signedOutPage(site)).replace('--quiet: #566059', '--quiet: #e0e0e0');
    await page.emulateMedia({ colorScheme: 'light' });
    // Not from the server: its policy would rightly refuse the changed style sheet.
    await page.goto('about:blank');
    await page.setContent(faint);
    await loadAxe(page);
    expect((await violations(page)).join()).toContain('color-contrast');
  });

  test.each(Object.entries(samples))('%s fits a narrow screen and has targets for fingers', async (_name, sample) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(server.show(sample));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    const small = await page.evaluate(
      `Array.from(document.querySelectorAll('button, .button, summary, footer a, .row, .lasts, .choice, .links a'))
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.textContent)`,
    );
    expect(small).toEqual([]);
  });

  test.each(Object.entries(samples))('%s stays whole on a phone with text of twice the size', async (_name, sample) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(server.show(sample));
    await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    const broken = await page.evaluate(
      `Array.from(document.querySelectorAll('button, .button')).flatMap((button) => {
        const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
        const found = [];
        for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
          for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
            if (text.parentElement.closest('.unseen, bdi') !== null) continue;
            const range = document.createRange();
            range.setStart(text, index);
            range.setEnd(text, index + word.length);
            if (range.getClientRects().length > 1) found.push(word);
          }
        return found;
      })`,
    );
    expect(broken).toEqual([]);
  });

  test('a name of any length leaves the picture beside it as it is', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(server.show(samples['approval with long names'] as Html));
    // On a phone the person's own picture makes room for their name.
    const sizes = await page.evaluate(
      `Array.from(document.querySelectorAll('.initial')).filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect()).map((r) => [r.width, r.height])`,
    );
    expect(sizes).toEqual([[44, 44]]);
  });

  test.each(['light', 'dark'] as const)(
    'the ring of the skip link stands out from the band (%s)',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.goto(server.show(approvalPage(approval())));
      await page.keyboard.press('Tab');
      const [ring, band] = (await page.evaluate(
        `[getComputedStyle(document.activeElement).outlineColor, getComputedStyle(document.querySelector('.top')).backgroundColor]`,
      )) as [string, string];
      // WCAG 2.2 §1.4.11
      expect(contrastOf(ring, band)).toBeGreaterThan(3);
    },
  );

  test('the policy lets the style sheet through, and no page asks for anything else', async () => {
    const strict = await browser.newPage();
    const problems: string[] = [];
    strict.on('console', (message) => problems.push(message.text()));
    strict.on('request', (request) => problems.push(request.url()));
    // The page that sends itself has a policy of its own: browser/form-post.test.ts.
    const { 'an answer on its way': _, ...others } = samples;
    const addresses = Object.values(others).map((sample) => server.show(sample));
    for (const address of addresses) {
      await strict.goto(address);
      const band = await strict.evaluate('getComputedStyle(document.querySelector("header")).backgroundColor');
      expect(band).toBe('rgb(11, 61, 49)');
    }
    expect(problems).toEqual(addresses);
    await strict.close();
  });

  test.each(hostileTexts)('%s runs nothing on any page, even without a policy', async (hostile) => {
    const lenient = await browser.newPage({ bypassCSP: true });
    const ran: string[] = [];
    lenient.on('dialog', async (dialog) => {
      ran.push(dialog.message());
      await dialog.dismiss();
    });
    for (const sample of Object.values(hostilePages(hostile))) {
      await lenient.goto(server.show(sample));
      const targets = await lenient.evaluate(`Array.from(document.links, (link) => link.getAttribute('href'))`);
      for (const target of targets as string[]) expect(target).toMatch(/^(\/|#|https:)/);
      expect(await lenient.locator('script, img, [onfocus], [autofocus]').count()).toBe(0);
    }
    expect(ran).toEqual([]);
    await lenient.close();
  });

  test('the approval form works without JavaScript: what is ticked is sent, with what was hidden', async () => {
    const page = await visitWithoutScript(approvalPage(approval()));
    // The whole row is the target: this clicks the picture.
    await page.locator('.row', { hasText: 'Change and delete your source code' }).locator('svg').click({ force: true });
    await page.getByLabel('See your notifications').press('Space');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.waitForURL(`${server.origin}/consent`);
    expect(Array.from(new URLSearchParams(server.posted.at(-1)?.split('?')[1]))).toEqual([
      ['request', 'response_type=code&client_id=planner'],
      ['token', 'form-token'],
      ['permission', 'area.permission_1'],
      ['permission', 'area.permission_3'],
      ['permission', 'area.permission_4'],
      // In a fold: allowed before.
      ['permission', 'area.permission_0'],
      ['lasting', 'until revoked'],
      ['decision', 'approve'],
    ]);
  });

  test('Enter in a checkbox denies', async () => {
    const page = await visitWithoutScript(approvalPage(approval({ permissions: [permission(0)] })));
    await page.getByRole('checkbox').press('Enter');
    await page.waitForURL(`${server.origin}/consent`);
    expect(server.posted.at(-1)).toContain('decision=deny');
  });

  test('another account can be chosen without answering', async () => {
    const page = await visitWithoutScript(approvalPage(approval()));
    await page.getByRole('button', { name: 'Use another account' }).click();
    await page.waitForURL(`${server.origin}/sign-in/switch`);
    expect(server.posted.at(-1)).toBe('/sign-in/switch?token=switch-token');
  });

  test('one service is revoked by its own button, and all, only after unfolding', async () => {
    const view = authorizations({
      authorizations: [authorization(), authorization({ id: 'bmV4dA', clientName: 'Tailspin' })],
    });
    const page = await visitWithoutScript(authorizationsPage(view));
    const revoke = page.getByRole('button', { name: 'Revoke Tailspin' });
    expect(await revoke.isVisible()).toBe(false);
    await page.getByText('Revoke… Tailspin').click();
    await revoke.click();
    await page.waitForURL(`${server.origin}/authorizations/revoke`);
    expect(server.posted.at(-1)).toBe('/authorizations/revoke?token=form-token&authorization=bmV4dA');

    await page.goBack();
    const revokeAll = page.getByRole('button', { name: 'Yes, revoke all' });
    expect(await revokeAll.isVisible()).toBe(false);
    await page.getByText('Revoke all…').click();
    await revokeAll.click();
    await page.waitForURL(`${server.origin}/authorizations/revoke-all`);
    expect(server.posted.at(-1)).toBe('/authorizations/revoke-all?token=form-token');
  });

  test('the keyboard reaches the skip link first, and everything that has focus shows it', async () => {
    await page.goto(server.show(approvalPage(approval())));
    const seen: string[] = [];
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      const focused = (await page.evaluate(
        `(() => { const e = document.activeElement; if (e === document.body) return '';
          const shown = e.matches('input') ? e.closest('.row, .lasts') : e;
          return [e.textContent || e.value, getComputedStyle(shown).outlineStyle].join(': '); })()`,
      )) as string;
      if (focused === '') break;
      expect(focused).toContain(': solid');
      seen.push(focused.split(': ')[0] ?? '');
    }
    expect(seen[0]).toBe('Skip to the content');
    expect(seen.slice(-4)).toEqual(['Deny', 'Approve', 'About this site', 'Manage authorizations']);
  });
});
