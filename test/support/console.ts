/** The console as operators and auditors have it in their browsers. */
import { formsIn } from './forms.ts';
import { signedInAt } from './people.ts';
import type { Page, Person } from './person.ts';
import type { Stack } from './stack.ts';

/** A page of the console, whatever its status. Rejects when the browser ends elsewhere. */
export const consoleAt = async (person: Person, stack: Pick<Stack, 'issuer'>, path = ''): Promise<Page> => {
  const arrival = await person.visit(`${stack.issuer}/console${path}`);
  if (arrival.kind !== 'page') throw new Error(`left the console for ${arrival.location}`);
  return arrival;
};

/** Sends the form of a page that has a button with this value, and what is typed into it. */
export const sendForm = async (
  person: Person,
  page: Page,
  {
    button,
    typed = {},
  }: { readonly button: readonly [name: string, value: string]; readonly typed?: Readonly<Record<string, string>> },
): Promise<Page> => {
  const form = formsIn(page.html).find(({ fields }) =>
    fields.some(({ name, value }) => name === button[0] && value === button[1]),
  );
  if (form === undefined) throw new Error(`no button ${button.join('=')}: ${page.html}`);
  const arrival = await person.submit(page, form, new URLSearchParams({ ...typed, [button[0]]: button[1] }));
  if (arrival.kind !== 'page') throw new Error(`left the console for ${arrival.location}`);
  return arrival;
};

/** An operator and an auditor, signed in. */
export const ruling = async (stack: Pick<Stack, 'issuer' | 'provider'>) => ({
  olga: await signedInAt(stack, 'olga'),
  audrey: await signedInAt(stack, 'audrey'),
});
