/**
 * Takes the README's pictures of the real pages into docs/images: starts the local world on the ports of `npm start`, walks
 * through it in Chromium (CHROMIUM_PATH, or the usual places) and stops it again. Needs `npm run build` first.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../test/support/browser.ts';
import { startDemoStack } from '../test/support/demo.ts';
import { register } from '../test/support/service.ts';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true };

await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
// The ports that the README names: its readers compare the address in the picture with their own.
const demo = await startDemoStack({ basePort: 7071 });
const { issuer } = demo.stack;

/** A page of somebody who has signed in. */
const signedIn = async (login, options) => {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(`${issuer}/sign-in`);
  await page.getByLabel('Name').fill(login);
  await page.getByLabel('Password').fill('any');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Manage authorizations' }).waitFor();
  return page;
};

const take = (page, name, options = {}) => page.screenshot({ path: `${folder}${name}.png`, ...options });

const planner = await register(issuer, {
  client_name: 'Fabrikam Planner',
  assent_verified: true,
  client_uri: 'https://planner.fabrikam.example/',
  policy_uri: 'https://planner.fabrikam.example/privacy',
  tos_uri: 'https://planner.fabrikam.example/terms',
  redirect_uris: ['https://planner.fabrikam.example/callback'],
});
const requests = [];
/** A new request of the planner's, remembered with its verifier. */
const asked = () => {
  const request = planner.authorization({ scope: 'vso.work_write vso.build vso.code' });
  requests.push(request);
  return request.url;
};

const approvals = [
  ['approval', desktop],
  ['approval-dark', { ...desktop, colorScheme: 'dark' }],
  ['approval-phone', phone],
];
for (const [name, options] of approvals) {
  const page = await signedIn('alice', options);
  await page.goto(asked());
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  // The first screen: the answers stick to its end, and would cover the middle of a longer picture.
  await take(page, name);
  await page.context().close();
}

const page = await signedIn('alice', desktop);
await page.route('https://planner.fabrikam.example/**', (route) => route.fulfill({ status: 200, body: 'Connected' }));
await page.goto(asked());
await page.getByRole('button', { name: 'Approve' }).click();
await page.waitForURL('https://planner.fabrikam.example/**');
const code = new URL(page.url()).searchParams.get('code') ?? '';
await planner.redeem({ code, verifier: requests.at(-1)?.verifier ?? '' });

// Later than that, but not so late that alice would have to sign in again.
await demo.stack.clock.move(5 * 3600);
await page.goto(demo.boards);
await page.getByRole('link', { name: 'Connect' }).click();
await page.getByRole('button', { name: 'Approve' }).click();
await page.waitForURL(`${demo.boards}/`);
await take(page, 'service');
await page.goto(`${issuer}/authorizations`);
await take(page, 'authorizations', { fullPage: true });
await page.goto(issuer);
await take(page, 'home', { fullPage: true });

await browser.close();
await demo.stop();
process.exit(0);
