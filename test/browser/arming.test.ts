/** RFC 9700 §4.16: a click that was meant for another page approves nothing, and nobody else notices. */
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser.ts';
import { approve } from './steps.ts';
import { useWorld } from './world.ts';

/** The delay of the Approve button; its clock is held by the test, so that no machine is too slow for it. */
const arming = `(() => {
  const button = document.querySelector('button[value="approve"]');
  return { button, animation: button.getAnimations()[0] };
})()`;

describe.skipIf(!hasChromium())('The answers of the approval page', () => {
  const world = useWorld();

  const hold = () =>
    world.page.evaluate(`{ const { animation } = ${arming}; animation.pause(); animation.currentTime = 0; }`);
  const letGo = () => world.page.evaluate(`${arming}.animation?.finish()`);
  const takesClicks = () => world.page.evaluate(`getComputedStyle(${arming}.button).pointerEvents === 'auto'`);

  /** As a hand does it: the pointer goes there and presses, whatever is there. */
  const middleOfApprove = async (): Promise<readonly [number, number]> => {
    await world.page.getByRole('button', { name: 'Approve' }).scrollIntoViewIfNeeded();
    const box = await world.page.getByRole('button', { name: 'Approve' }).boundingBox();
    if (box === null) throw new Error('there is no button');
    return [box.x + box.width / 2, box.y + box.height / 2];
  };

  /** Clicks as somebody does who sees that nothing happened: on a slow machine the delay may begin when the pointer arrives. */
  const clickUntilTaken = (place: readonly [number, number]) =>
    expect
      .poll(
        async () => {
          if (world.visits().length > 0) return true;
          await letGo();
          await world.page.mouse.click(...place);
          return world.visits().length > 0;
        },
        { interval: 300, timeout: 60_000 },
      )
      .toBe(true);

  it('[CO25] take no click while the page has just opened, whatever the person’s settings, and take it afterwards', async () => {
    const { page, site } = world;
    await world.open();
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
    await page.reload();
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    await page.mouse.move(1, 1);
    expect(await page.evaluate(`${arming}.animation.effect.getTiming().duration`)).toBe(600);
    await hold();
    expect(await takesClicks()).toBe(false);
    await page.mouse.click(...(await middleOfApprove()));
    expect(world.visits()).toEqual([]);
    await letGo();
    expect(await takesClicks()).toBe(true);
    await clickUntilTaken(await middleOfApprove());
    await page.waitForURL(`${site.origin}/**`);
    expect(world.visits()[0]?.searchParams.has('code')).toBe(true);
  });

  it('[CO25] take no click of a pointer that finds itself on the page, though it opened long ago', async () => {
    const { context, service, site } = world;
    await world.open();
    // A page that has been waiting below another window: the pointer has not been on it yet.
    world.page = await context.newPage();
    await world.page.goto(service.authorization().url);
    await world.page.getByRole('button', { name: 'Approve' }).waitFor();
    await letGo();
    expect(await takesClicks()).toBe(true);
    const place = await middleOfApprove();
    await world.page.mouse.move(...place);
    await hold();
    await world.page.mouse.down();
    await world.page.mouse.up();
    expect(world.visits()).toEqual([]);
    await clickUntilTaken(place);
    await world.page.waitForURL(`${site.origin}/**`);
    expect(world.visits()[0]?.searchParams.has('code')).toBe(true);
  });

  it('take a key at any time', async () => {
    const { page, site } = world;
    await world.open();
    await page.mouse.move(1, 1);
    await hold();
    await page.getByRole('button', { name: 'Approve' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site.origin}/**`);
    expect(world.visits()[0]?.searchParams.has('code')).toBe(true);
  });

  it('cost who clicks with care nothing', async () => {
    const { page, site } = world;
    await world.open();
    await approve(page);
    await page.waitForURL(`${site.origin}/**`);
    expect(world.visits()).toHaveLength(1);
  });
});
