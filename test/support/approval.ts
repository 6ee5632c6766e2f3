/** The approval page, and its form sent by hand: right, wrong, twice, from elsewhere. */
import { untouched } from './forms.ts';
import { approvalForm, type Page, type Person } from './person.ts';

/** The approval page that this request leads to. Rejects when there is none. */
export const approvalPageOf = async (person: Person, url: string): Promise<Page> => {
  const arrival = await person.visit(url);
  if (arrival.kind !== 'page' || approvalForm(arrival) === undefined)
    throw new Error(`no approval page: ${arrival.kind === 'page' ? arrival.html : arrival.location}`);
  return arrival;
};

/** What pressing Approve would send. */
export const approvalOf = (page: Page): URLSearchParams => {
  const form = approvalForm(page);
  if (form === undefined) throw new Error('no approval form');
  const fields = untouched(form);
  fields.append('decision', 'approve');
  return fields;
};

/** Sends it as a browser would from the page itself; `headers` replace those that say so. */
export const sendApproval = (
  person: Person,
  page: Page,
  fields: URLSearchParams = approvalOf(page),
  headers: Readonly<Record<string, string>> = { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
): Promise<Response> => person.send(new URL('/consent', page.url), { method: 'POST', body: fields, headers });

/** The code in the redirect; undefined when the answer is another. */
export const codeIn = (response: Response): string | undefined => {
  const location = response.headers.get('location');
  return location === null ? undefined : (new URL(location, 'http://localhost').searchParams.get('code') ?? undefined);
};
