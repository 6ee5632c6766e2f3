/** Chromium for the tests of pages: `CHROMIUM_PATH`, or the usual places. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of the browser; undefined, after saying so loudly, where there is none. */
export const findChromium = (): string | undefined => {
  const path = [process.env.CHROMIUM_PATH, ...usualPlaces].find((place) => place !== undefined && existsSync(place));
  if (path === undefined)
    console.error('SKIPPED: no Chromium found, so no page is tested in a browser. Set CHROMIUM_PATH.');
  return path;
};

export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
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
