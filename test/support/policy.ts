/** What operators rule, changed as a test wants it. */
import { expect } from 'vitest';
import type { Admin } from './admin.ts';
import { formsIn } from './forms.ts';
import type { Page, Person } from './person.ts';
import type { Stack } from './stack.ts';

export const freePolicy = {
  third_party_access: 'on',
  registration: 'operators',
  other_services: 'allowed',
  needs_operator: [],
  sign_in: { acr: [] },
} as const;

/** Longer than any instance goes by what it has read. */
const heardSeconds = 16;

/** Saves the rules: by default, and this; and waits until every instance goes by them. */
export const rule = async (stack: Pick<Stack, 'clock'>, call: Admin, change: object = {}): Promise<void> => {
  expect(await call('PUT', 'policy', { body: { ...freePolicy, ...change } })).toMatchObject({ status: 200 });
  await stack.clock.move(heardSeconds);
};

/** The same for one service. */
export const ruleService = async (
  stack: Pick<Stack, 'clock'>,
  call: Admin,
  {
    clientId,
    ...change
  }: { readonly clientId: string; readonly access: string; readonly permissions?: readonly object[] },
): Promise<void> => {
  const path = `policy/service?${new URLSearchParams({ client_id: clientId })}`;
  expect(await call('PUT', path, { body: change })).toMatchObject({ status: 200 });
  await stack.clock.move(heardSeconds);
};

const findingPatience = { timeout: 30_000, interval: 200 };

/** Resolves when operators find the person by the name of the account: that is known a moment after the sign-in. */
export const untilFound = (call: Admin, account: string): Promise<void> =>
  expect
    .poll(async () => (await call('GET', `people?${new URLSearchParams({ account })}`)).body.people, findingPatience)
    .toHaveLength(1);

/** Presses a button `decision` of a page's form. */
export const press = (person: Person, page: Page, decision: string) => {
  const form = formsIn(page.html).find(({ fields }) =>
    fields.some(({ name, value }) => name === 'decision' && value === decision),
  );
  if (form === undefined) throw new Error(`no button ${decision}: ${page.html}`);
  return person.submit(page, form, new URLSearchParams({ decision }));
};
