/** What a page of the same site can make a browser do behind the person's back (RFC 8252 §8.12, RFC 9700 §4.16). */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { approve, textsOf } from './steps.ts';
import { useWorld } from './world.ts';

describe.skipIf(!hasChromium())('Another page in the same browser', () => {
  const world = useWorld();

  it('[AZ20][AZ25] gets no connection by asking in the background, in a frame or ahead of time', async () => {
    const { page, site, stack } = world;
    const name = `Tailspin ${randomUUID().slice(0, 6)}`;
    await world.registerAs({ client_name: name });
    await world.open();
    await approve(page);
    await page.waitForURL(`${site.origin}/**`);
    const before = world.visits().length;
    const address = world.service.authorization().url.replaceAll('&', '&amp;');
    site.answer = {
      status: 200,
      html: `<!doctype html><title>Attacker</title><link rel="prefetch" href="${address}"><img src="${address}">`,
    };
    await page.goto(`${site.origin}/attack`);
    const statuses = await page.evaluate(
      `Promise.all([...Array(3)].map(() => fetch(${JSON.stringify(world.service.authorization().url)},
        { mode: 'no-cors', credentials: 'include', redirect: 'follow' }).then(() => 'sent')))`,
    );
    expect(statuses).toEqual(['sent', 'sent', 'sent']);
    expect(
      world
        .visits()
        .slice(before)
        .map(({ pathname }) => pathname),
    ).toEqual(['/attack']);
    await page.goto(`${stack.issuer}/authorizations`);
    expect(
      (await textsOf(page, '.history li p:first-child')).filter((text) => text.includes(`uthorized ${name}`)),
    ).toHaveLength(1);
  });

  it('[AZ26] that asks with prompt=none in a frame gets its answer there, and it is no code', async () => {
    const { page, site } = world;
    await world.open();
    await approve(page);
    await page.waitForURL(`${site.origin}/**`);
    const address = world.service.authorization({ prompt: 'none', state: 'framed' }).url.replaceAll('&', '&amp;');
    site.answer = { status: 200, html: `<!doctype html><title>Service</title><iframe src="${address}"></iframe>` };
    await page.goto(`${site.origin}/silently`);
    await expect.poll(() => page.frames()[1]?.url()).toContain('/callback?');
    const answer = new URL(page.frames()[1]?.url() ?? '').searchParams;
    expect([answer.get('error'), answer.get('state'), answer.get('code')]).toEqual(['login_required', 'framed', null]);
  });
});
