/** A service that asks in a popup: its page hears from it at the callback, whether the person was asked or not. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { approve, deny, signInAs } from './steps.ts';
import { useWorld } from './world.ts';

describe.skipIf(!hasChromium())('A popup of a service', () => {
  const world = useWorld();

  /** Opens the address from the service's own page, as a click there would. */
  const openPopup = async (address: string): Promise<Page> => {
    const { page, site } = world;
    site.answer = {
      status: 200,
      html: `<!doctype html><title>Service</title><button onclick="popup = window.open(${`'${address}'`.replaceAll('&', '&amp;')})">Connect</button>`,
    };
    await page.goto(`${site.origin}/start`);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()]);
    site.answer = { status: 200 };
    return popup;
  };

  /** What both windows know of each other, once the popup is back at the service. */
  const tie = async (popup: Page): Promise<unknown> => {
    await popup.waitForURL(`${world.site.origin}/callback**`);
    return [await popup.evaluate('window.opener !== null'), await world.page.evaluate('popup.closed')];
  };
  const whole = [true, false];

  it('[CO20] keeps its opener through sign-in, approval and refusal, and when nothing is asked', async () => {
    const { service } = world;
    const asked = await openPopup(service.authorization().url);
    await signInAs(asked, 'alice');
    await approve(asked);
    expect(await tie(asked)).toEqual(whole);
    expect(await tie(await openPopup(service.authorization().url))).toEqual(whole);
    const refused = await openPopup(service.authorization({ prompt: 'consent' }).url);
    await deny(refused);
    expect(await tie(refused)).toEqual(whole);
  });

  it('[CO20] keeps its opener over a page that says what went wrong and leads on', async () => {
    const { service } = world;
    const popup = await openPopup(service.authorization().url);
    await popup.getByRole('button', { name: 'Cancel' }).click();
    await popup.getByRole('link', { name: 'Try again' }).click();
    await signInAs(popup, 'bob');
    await popup.getByLabel('See your work items').uncheck();
    await popup.getByLabel('See your source code').uncheck();
    await approve(popup);
    await popup.getByRole('alert').waitFor();
    await popup.getByLabel('See your source code').check();
    await approve(popup);
    expect(await tie(popup)).toEqual(whole);
  });

  it('[CO20][CO28] keeps its opener when the person gives up at the sign-in and goes back', async () => {
    const { service, site } = world;
    const popup = await openPopup(service.authorization({ state: 'given-up' }).url);
    await popup.getByRole('button', { name: 'Cancel' }).click();
    await popup.getByRole('button', { name: 'Back to Tailspin Reports' }).click();
    expect(await tie(popup)).toEqual(whole);
    const answer = new URL(popup.url()).searchParams;
    expect([site.origin, answer.get('error'), answer.get('state')]).toEqual([
      new URL(popup.url()).origin,
      'access_denied',
      'given-up',
    ]);
  });

  it('[CO04] loses it on pages that lead to no service', async () => {
    for (const path of ['/', '/sign-out', '/nothing-here']) {
      const popup = await openPopup(`${world.stack.issuer}${path}`);
      await popup.waitForURL(`${world.stack.issuer}${path}`);
      expect([path, await popup.evaluate('window.opener')]).toEqual([path, null]);
    }
  });
});
