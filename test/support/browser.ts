/** Chromium for the tests that need a real browser; they are skipped, loudly, where there is none. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { TestRunner } from 'vitest';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Path of Chromium (or Chrome): CHROMIUM_PATH, or the usual places. Throws when CHROMIUM_PATH names no file. */
const findChromium = (): string | undefined => {
  const told = process.env.CHROMIUM_PATH;
  if (told === undefined || told === '') return usualPlaces.find((place) => existsSync(place));
  if (!existsSync(told)) throw new Error(`CHROMIUM_PATH is ${told}, and there is no such file`);
  return told;
};

/** For `describe.skipIf(!hasChromium())`: says so where the tests cannot run. */
export const hasChromium = (): boolean => {
  if (findChromium() !== undefined) return true;
  console.warn('\n*** BROWSER TESTS ARE SKIPPED: there is no Chromium. Install one, or set CHROMIUM_PATH. ***\n');
  return false;
};

const mostShown = 1500;

/** Before a context of a test that failed is closed: where its pages are, and what a person would read there. */
const tellPagesOfFailure = async (context: BrowserContext): Promise<void> => {
  if (TestRunner.getCurrentTest()?.result?.state !== 'fail') return;
  for (const page of context.pages()) {
    const text = await page.innerText('body', { timeout: 1000 }).catch((error: unknown) => String(error));
    console.error(`The test failed with this page open: ${page.url()}\n${text.slice(0, mostShown)}`);
  }
};

/** A browser with a new, empty profile that talks to nobody but the pages it is sent to. Close it. */
export const launchBrowser = async (): Promise<Browser> => {
  const browser = await launch();
  browser.on('context', (context) => {
    const close = context.close.bind(context);
    context.close = async (options) => {
      await tellPagesOfFailure(context);
      await close(options);
    };
  });
  return browser;
};

const launch = async (): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('there is no Chromium');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};
