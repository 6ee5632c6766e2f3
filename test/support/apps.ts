/** The pages of a person's services, used as a person would: by their forms. */
import { formsIn, untouched } from './forms.ts';
import type { Page, Person } from './person.ts';
import { putRow } from './rows.ts';
import { createService, type Service } from './service.ts';
import type { Stack } from './stack.ts';

/** Who may register services, from a quarter of a minute on at the latest: hosts started later see it at once. */
export const letRegister = async (stack: Stack, registration: 'nobody' | 'operators' | 'everyone'): Promise<void> => {
  await putRow(stack, 'deployment', {
    PartitionKey: 'not-before',
    RowKey: 'policy',
    policy: JSON.stringify({ registration }),
  });
};

/** The page at this address of the apps. Rejects when it is none. */
export const appPageOf = async (person: Person, stack: Stack, path = ''): Promise<Page> => {
  const arrival = await person.visit(`${stack.issuer}/apps${path}`);
  if (arrival.kind !== 'page') throw new Error(`no page but ${arrival.location}`);
  return arrival;
};

/** Fields by name; a list is several of one name, and undefined leaves one out. */
export type Filled = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Sends the form whose address ends so and that has such a field, with these in place of its own; nothing is followed. */
export const sendForm = (person: Person, page: Page, action: string, filled: Filled = {}): Promise<Response> => {
  const forms = formsIn(page.html).filter((one) => one.action.endsWith(action));
  const form = forms.find(({ fields }) => fields.some(({ name }) => name in filled)) ?? forms[0];
  if (form === undefined) throw new Error(`no form for ${action} in ${page.html}`);
  const body = untouched(form);
  for (const [name, value] of Object.entries(filled)) {
    body.delete(name);
    for (const one of value === undefined ? [] : [value].flat()) body.append(name, one);
  }
  const headers = { origin: page.url.origin, 'sec-fetch-site': 'same-origin' };
  return person.send(new URL(form.action, page.url), { method: 'POST', body, headers });
};

export const plannerForm = {
  client_name: 'Fabrikam Planner',
  redirect_uris: ['https://planner.fabrikam.example/callback'],
  scope: ['vso.work', 'vso.code'],
} as const;

/** A service that the person registered on the page for it. */
export const registerApp = async (person: Person, stack: Stack, filled: Filled = {}): Promise<Service> => {
  const page = await appPageOf(person, stack, '/new');
  const answer = await sendForm(person, page, '/apps/new', { ...plannerForm, ...filled });
  const text = await answer.text();
  const clientId = /app-[\w-]{22}/.exec(text)?.[0];
  const secret = /assent_cs_[\w-]{43}/.exec(text)?.[0];
  if (answer.status !== 200 || clientId === undefined) throw new Error(`not registered: ${answer.status} ${text}`);
  const [redirectUri = ''] = [filled.redirect_uris ?? plannerForm.redirect_uris].flat();
  return createService(stack.issuer, { clientId, redirectUri, ...(secret === undefined ? {} : { secret }) });
};

export const idOf = ({ registration }: Service): string => registration.clientId;
