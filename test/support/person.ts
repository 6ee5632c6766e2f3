/**
 * A person with a browser, without the browser: keeps cookies, follows redirects inside the stack, signs in at the
 * provider and answers Assent's approval page. Stops at every page of Assent and at every redirect to a client.
 */
import { type Form, formsIn, untouched } from './forms.ts';

export type Page = {
  readonly kind: 'page';
  readonly url: URL;
  readonly status: number;
  readonly html: string;
  readonly headers: Headers;
};

/** A redirect out of the stack: to a client's redirect URI. Not followed. */
type Departure = { readonly kind: 'departure'; readonly location: URL; readonly status: number };

type Arrival = Page | Departure;

export type Decision = {
  readonly decision: 'approve' | 'deny';
  /** Ticked permissions; as the page has them when left out. */
  readonly permissions?: readonly string[];
};

export type Person = {
  /** Cookies by host name and then name. Change it to lose or to steal one. */
  readonly cookies: Map<string, Map<string, string>>;
  /** The login name typed at the provider. May be changed. */
  login: string;
  /** One request with this person's cookies; nothing is followed. */
  send(url: string | URL, init?: RequestInit): Promise<Response>;
  /** Goes there and follows, signing in where asked. */
  visit(url: string | URL): Promise<Arrival>;
  /** Sends a form of a page, with `fields` on top of its own, and follows. */
  submit(page: Page, form: Form, fields?: URLSearchParams): Promise<Arrival>;
  /** Answers the approval page. */
  decide(page: Page, decision: Decision): Promise<Arrival>;
  /** Visits, and answers the approval page when there is one. Rejects unless it ends at a client's redirect URI. */
  authorize(url: string | URL, decision?: Decision): Promise<URL>;
};

export type PersonOptions = {
  readonly login: string;
  readonly issuer: string;
  readonly providerIssuer: string;
  /** Origin of another host of the stack that this person's browser reaches instead of the issuer's. */
  readonly via?: string;
  /** More origins whose redirects are followed, such as the demo service's. */
  readonly inside?: readonly string[];
  /** What the browser sends with everything, such as its name. */
  readonly headers?: Readonly<Record<string, string>>;
};

const redirectLimit = 20;

export const createPerson = (options: PersonOptions): Person => {
  const cookies: Person['cookies'] = new Map();
  const send: Person['send'] = (url, init) => sendWithCookies({ cookies, ...options }, new URL(url), init);
  const inside = new Set([options.issuer, options.providerIssuer, ...(options.inside ?? [])]);

  const follow = async (from: URL, first: Response): Promise<Arrival> => {
    let [url, response] = [from, first];
    for (let hop = 0; hop < redirectLimit; hop++) {
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) {
        const page = await pageFrom(url, response);
        const login = isLoginPage(page, options.providerIssuer) ? formsIn(page.html)[0] : undefined;
        if (login === undefined) return page;
        response = await post(page, login, new URLSearchParams({ login: person.login, password: 'any' }));
        continue;
      }
      url = new URL(location, url);
      if (!inside.has(url.origin)) return { kind: 'departure', location: url, status: response.status };
      response = await send(url);
    }
    throw new Error(`more than ${redirectLimit} redirects; the last to ${url.href}`);
  };

  /** With the headers by which a server tells a form of its own from a stranger's. */
  const post = (page: Page, form: Form, fields: URLSearchParams): Promise<Response> => {
    const headers = { origin: page.url.origin, referer: page.url.href, 'sec-fetch-site': 'same-origin' };
    return send(new URL(form.action, page.url), { method: form.method, body: filledIn(form, fields), headers });
  };

  const person: Person = {
    cookies,
    login: options.login,
    send,
    visit: async (url) => follow(new URL(url), await send(url)),
    submit: async (page, form, fields = new URLSearchParams()) =>
      follow(new URL(form.action, page.url), await post(page, form, fields)),
    decide: (page, { decision, permissions }) => {
      const form = approvalForm(page);
      if (form === undefined) throw new Error(`no approval page: ${describe(page)}`);
      return person.submit(page, withPermissions(form, permissions), new URLSearchParams({ decision }));
    },
    authorize: async (url, decision = { decision: 'approve' }) => {
      const arrival = await person.visit(url);
      const end = arrival.kind === 'page' ? await person.decide(arrival, decision) : arrival;
      if (end.kind === 'departure') return end.location;
      throw new Error(`no redirect to a client: ${describe(end)}`);
    },
  };
  return person;
};

type Sending = PersonOptions & { readonly cookies: Person['cookies'] };

const sendWithCookies = async (sending: Sending, url: URL, init: RequestInit = {}): Promise<Response> => {
  const { cookies, issuer, via = issuer } = sending;
  const headers = new Headers({ ...sending.headers, ...Object.fromEntries(new Headers(init.headers)) });
  const cookie = cookieHeader(cookies, url);
  if (cookie !== '' && !headers.has('cookie')) headers.set('cookie', cookie);
  const target = url.origin === issuer ? new URL(url.pathname + url.search, via) : url;
  const response = await fetch(target, { ...init, headers, redirect: 'manual' });
  storeCookies(cookies, url, response.headers.getSetCookie());
  return response;
};

const pageFrom = async (url: URL, response: Response): Promise<Page> => ({
  kind: 'page',
  url,
  status: response.status,
  html: await response.text(),
  headers: response.headers,
});

const describe = ({ url, status, html }: Page): string => `${url.href} answered ${status}:\n${html}`;

/** The form's own fields, those of the same names replaced by `fields`. */
const filledIn = (form: Form, fields: URLSearchParams): URLSearchParams => {
  const body = untouched(form);
  for (const name of new Set(fields.keys())) body.delete(name);
  for (const [name, value] of fields) body.append(name, value);
  return body;
};

const isLoginPage = ({ url, status }: Page, providerIssuer: string): boolean =>
  url.origin === providerIssuer && status === 200 && url.pathname.startsWith('/interaction/');

/** The form that has the buttons `decision`; undefined when the page is another one. */
export const approvalForm = ({ html }: Page): Form | undefined =>
  formsIn(html).find(({ fields }) => fields.some(({ name }) => name === 'decision'));

/** What is hidden goes back as it is; only boxes are ticked and unticked. */
const withPermissions = (form: Form, permissions: readonly string[] | undefined): Form => {
  if (permissions === undefined) return form;
  const tick = (field: Form['fields'][number]) =>
    field.name === 'permission' && field.type === 'checkbox'
      ? { ...field, checked: permissions.includes(field.value) }
      : field;
  return { ...form, fields: form.fields.map(tick) };
};

const cookieHeader = (cookies: Person['cookies'], url: URL): string =>
  [...(cookies.get(url.hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');

/** Cookies belong to the host name, whatever the port (RFC 6265 §8.5). Paths are not looked at. */
const storeCookies = (cookies: Person['cookies'], url: URL, received: readonly string[]): void => {
  const jar = cookies.get(url.hostname) ?? new Map<string, string>();
  cookies.set(url.hostname, jar);
  for (const line of received) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    if (attributes.some(isOver)) jar.delete(name);
    else jar.set(name, pair.slice(pair.indexOf('=') + 1));
  }
};

const isOver = (attribute: string): boolean => {
  const [name = '', value = ''] = attribute.split('=');
  if (name.toLowerCase() === 'max-age') return Number(value) <= 0;
  return name.toLowerCase() === 'expires' && Date.parse(value) <= Date.now();
};
