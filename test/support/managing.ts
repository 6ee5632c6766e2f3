/** Doing what the pages of "Manage authorizations" offer, as a person does: by the forms that are on them. */
import { clientKeyOf } from '../../src/oauth/tokens/locator.ts';
import { type Form, formsIn } from './forms.ts';
import type { Page, Person } from './person.ts';
import type { Service } from './service.ts';

export const idOf = ({ registration }: Service): string => clientKeyOf(registration.clientId).toString('hex');

/** A page of the person's own. Rejects unless it answers 200. */
export const pageOf = async (person: Person, address: string): Promise<Page> => {
  const arrival = await person.visit(address);
  if (arrival.kind !== 'page' || arrival.status !== 200) throw new Error(`no page at ${address}`);
  return arrival;
};

/** The form of the page that goes to `action` and has these fields. */
const formOn = (page: Page, action: string, fields: Readonly<Record<string, string>> = {}): Form => {
  const form = formsIn(page.html).find(
    (one) =>
      one.action === action &&
      Object.entries(fields).every(([name, value]) => one.fields.some((f) => f.name === name && f.value === value)),
  );
  if (form === undefined) throw new Error(`no form for ${action} with ${JSON.stringify(fields)}`);
  return form;
};

/** Sends that form, and gives the page that comes. */
export const submitOn = async (
  person: Person,
  page: Page,
  [action, fields = {}]: readonly [action: string, fields?: Readonly<Record<string, string>>],
): Promise<Page> => {
  const arrival = await person.submit(page, formOn(page, action, fields), new URLSearchParams(fields));
  if (arrival.kind !== 'page') throw new Error('a page was expected');
  return arrival;
};

/** What a page says, without its markup. */
export const textOf = ({ html }: Pick<Page, 'html'>): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

/** What its forms prove that they are ours with. */
export const formTokenIn = ({ html }: Pick<Page, 'html'>): string =>
  /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** By the pages that lead there. Gives the one that comes after it. */
export const eraseMe = async (person: Person, issuer: string): Promise<Page> =>
  submitOn(person, await pageOf(person, `${issuer}/my-data/erase`), ['/my-data/erase', { confirmed: 'yes' }]);
