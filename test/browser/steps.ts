/** What a person does in Chromium, in the words that the pages show. */
import type { Page } from 'playwright-core';

/** Types a name and any password at the provider, if it asks. */
export const signInAs = async (page: Page, login: string): Promise<void> => {
  await page.getByLabel('Name').fill(login);
  await page.getByLabel('Password').fill('any');
  await page.getByRole('button', { name: 'Sign in' }).click();
};

export const approve = (page: Page): Promise<void> => page.getByRole('button', { name: 'Approve' }).click();

/** With Ctrl, as who wants the answer in a tab of its own: the approval page stays as it is. Gives that tab. */
export const approveInNewTab = async (page: Page): Promise<Page> => {
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: 'Approve' }).click({ modifiers: ['Control'] }),
  ]);
  await tab.waitForLoadState();
  return tab;
};

export const deny = (page: Page): Promise<void> => page.getByRole('button', { name: 'Deny' }).click();

/** From the demo service's start page to Assent's approval page. */
export const connectAs = async (page: Page, boards: string, login: string): Promise<void> => {
  await page.goto(boards);
  await page.getByRole('link', { name: 'Connect' }).click();
  await signInAs(page, login);
  await page.getByRole('heading', { name: /Allow .* to act for you\?/ }).waitFor();
};

/** On a page of the person's own: unfolds the question, and answers it. */
export const revoke = async (page: Page, name: string): Promise<void> => {
  await page.locator('summary', { hasText: name }).click();
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
};

/** Whole texts of what a locator matches, without the invisible marks around foreign words. */
export const textsOf = async (page: Page, selector: string): Promise<readonly string[]> => {
  await page.waitForLoadState();
  return (await page.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
};

/** What the approval page would send, without a decision. */
export const consentForm = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(
      `new URLSearchParams(new FormData(document.querySelector('form[action="/consent"]'))).toString()`,
    ),
  );
