/** Signing out for a service, in a real browser: asked, and then on to the service and wherever it leads. */
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { approve } from './steps.ts';
import { useWorld } from './world.ts';

describe.skipIf(!hasChromium())('A service that wants somebody signed out', () => {
  const world = useWorld();

  it('[LO02][CO02] has them asked, and gets them back although it sends them on to another origin', async () => {
    const { page, site, elsewhere, stack } = world;
    const out = `${site.origin}/out`;
    await world.registerAs({ post_logout_redirect_uris: [out] });
    const heard: string[] = [];
    page.on('console', (message) => heard.push(message.text()));
    await world.open();
    await approve(page);
    await page.waitForURL(`${site.origin}/callback?**`);
    site.answer = { status: 303, location: `${elsewhere.origin}/landed` };
    const { clientId } = world.service.registration;
    const asked = new URLSearchParams({ client_id: clientId, post_logout_redirect_uri: out, state: 'bye' });
    await page.goto(`${stack.issuer}/end-session?${asked}`);
    await page.getByText('Tailspin Reports has sent you here to sign out').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${elsewhere.origin}/landed`);
    expect(world.visits().at(-1)?.href).toBe(`${out}?state=bye`);
    const cookies = await world.context.cookies(stack.issuer);
    expect(cookies.map(({ name }) => name)).not.toContain('assent-session');
    expect(heard.filter((text) => /Content.Security.Policy/i.test(text))).toEqual([]);
  });
});
