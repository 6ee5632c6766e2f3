/** What a person sees of the approval page without scrolling, and reaches with a keyboard, in Chromium. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { languages } from '../../src/pages/words/languages.ts';
import { wordsIn } from '../../src/pages/words/words.ts';
import { hasChromium, launchBrowser } from '../support/browser.ts';
import { loadAxe, violations } from './axe.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { approvalIn, everyScope, type StateName, stateNames } from './samples-approval.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const phone = { width: 390, height: 844 };
const desk = { width: 1280, height: 900 };
const screens = [
  ['a phone', phone],
  ['a window', desk],
] as const;

const everything = 'a service that asks for everything';

describe.skipIf(!hasChromium())('the approval page in Chromium', () => {
  let browser: Browser;
  let server: PageServer;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    server = await startPageServer();
    page = await browser.newPage({ reducedMotion: 'reduce' });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = async (name: StateName, language: (typeof languages)[number] = 'en', screen = phone): Promise<void> => {
    await page.setViewportSize(screen);
    await page.goto(server.show(approvalIn(name, await wordsIn(language))));
  };

  /** Those of these whose first line is not above the bar with the answers. */
  const outOfSight = (selectors: readonly string[]): Promise<readonly string[]> =>
    page.evaluate(`(() => {
      const bar = document.querySelector('.decision').getBoundingClientRect();
      return ${JSON.stringify(selectors)}.filter((selector) => {
        const [box] = document.querySelector(selector)?.getClientRects() ?? [];
        return box === undefined || box.height === 0 || box.top < 0 || box.bottom > bar.top + 1;
      });
    })()`);

  const answersInSight = (): Promise<boolean> =>
    page.evaluate(`Array.from(document.querySelectorAll('.answers button'))
      .every((one) => one.getBoundingClientRect().bottom <= innerHeight && one.checkVisibility())`);

  describe.each(stateNames)('for %s', (name) => {
    test.each(screens)('shows on the first screen of %s who asks, for what, and both answers', async (_, screen) => {
      for (const language of languages) {
        await open(name, language, screen);
        const first = '.asks .row label, .asks .fold b';
        expect(await outOfSight(['h1', '.asker .tile', '.marks', '.whom', first]), language).toEqual([]);
        expect(await answersInSight(), language).toBe(true);
      }
    });

    test('has no accessibility violation, folded and unfolded', async () => {
      for (const language of name === 'a verified website' ? languages : (['en', 'ar'] as const))
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await open(name, language, colorScheme === 'dark' ? desk : phone);
          await loadAxe(page);
          expect(await violations(page), `${language} ${colorScheme}`).toEqual([]);
          await unfold();
          expect(await violations(page), `${language} ${colorScheme}, unfolded`).toEqual([]);
        }
    });
  });

  const unfold = () => page.evaluate(`document.querySelectorAll('details').forEach((one) => { one.open = true; })`);

  test.each(screens)('asks for everything on three screens of %s at most', async (_, screen) => {
    for (const language of languages) {
      await open(everything, language, screen);
      expect(await page.locator('input[name=permission]').count()).toBe(everyScope.length);
      expect(await page.evaluate('document.documentElement.scrollHeight'), language).toBeLessThanOrEqual(
        3 * screen.height,
      );
    }
  });

  /** What is wrong with what has focus: it, or the row that it belongs to, lies behind the bar (WCAG 2.2 §2.4.11) or shows no focus. */
  const focusProblem = (): Promise<string | undefined> =>
    page.evaluate(`(() => {
      const e = document.activeElement;
      if (e === document.body || e.closest('.decision') || e.closest('footer, header, .skip')) return undefined;
      const shown = e.matches('input') ? e.closest('.row, .lasts') : e;
      const bar = document.querySelector('.decision').getBoundingClientRect();
      const box = shown.getBoundingClientRect();
      const isHidden = box.bottom > bar.top + 1 || box.top < -1;
      return isHidden ? shown.textContent + ' at ' + box.top + ' to ' + box.bottom + ', bar at ' + bar.top : undefined;
    })()`);

  test.each(screens)('hides nothing that has focus behind the answers, on %s, there and back', async (_, screen) => {
    for (const name of [everything, 'a device that nobody has verified'] as const) {
      await open(name, 'en', screen);
      await unfold();
      for (const key of ['Tab', 'Shift+Tab'])
        for (let step = 0; step < 2 * everyScope.length + 30; step++) {
          await page.keyboard.press(key);
          expect(await focusProblem()).toBeUndefined();
          if (await page.evaluate('document.activeElement === document.body')) break;
        }
    }
  });

  test.each(stateNames)('cuts nothing off at the end for %s', async (name) => {
    await open(name);
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    expect(await outOfSight(['.answering > .fold'])).toEqual([]);
  });

  test('leaves the screen to what is read where it is low, as with very large text', async () => {
    await open('a verified website', 'en', { width: 640, height: 360 });
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.decision')).position`)).toBe('static');
  });

  test('offers what comes with a permission as a choice of its own once that is unticked', async () => {
    await open('a verified website');
    const [change, see] = [
      page.getByLabel('Change and delete your source code'),
      page.getByLabel('See your source code'),
    ];
    expect(await page.locator('.within .included').isVisible()).toBe(true);
    expect(await see.isVisible()).toBe(false);
    await change.uncheck();
    expect([await see.isVisible(), await see.isChecked()]).toEqual([true, true]);
    await change.check();
    expect(await see.isVisible()).toBe(false);
  });

  test('can be answered by keyboard alone, and without a script', async () => {
    const plain = await browser.newPage({ javaScriptEnabled: false, viewport: desk });
    await plain.goto(server.show(approvalIn('a verified website', await wordsIn('en'))));
    await plain.getByLabel('See your work items').press('Space');
    await plain.getByLabel('Until I revoke it').press('ArrowUp');
    await plain.getByRole('button', { name: 'Untick all' }).press('Enter');
    await plain.waitForURL(`${server.origin}/consent`);
    const posted = new URLSearchParams(server.posted.at(-1)?.split('?')[1]);
    expect(posted.getAll('permission')).not.toContain('vso.work');
    expect([posted.get('lasting'), posted.getAll('decision')]).toEqual(['30 days', ['untick']]);
    await plain.close();
  });

  test('gives both answers one size, and one look where nobody has checked who asks', async () => {
    const looks = (): Promise<readonly string[]> =>
      page.evaluate(`Array.from(document.querySelectorAll('.answers button'), (one) => {
        const { width, height } = one.getBoundingClientRect();
        return [width, height, getComputedStyle(one).backgroundColor].join(' ');
      })`);
    await open('an app that nobody has verified');
    const [deny, approve] = await looks();
    expect(deny).toBe(approve);
    await open('a verified website');
    const sizes = (await looks()).map((one) => one.split(' ').slice(0, 2));
    expect(sizes[0]).toEqual(sizes[1]);
  });
});
