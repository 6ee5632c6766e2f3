/** Pages of Contoso Boards: data -> HTML. */
import { escapeHtml, renderPage } from '../page.ts';
import type { WorkItem } from './work-items.ts';

export type Connection = {
  readonly subject: string;
  /** Whose work it is, as the API says. */
  readonly name: string;
  readonly scope: string;
  readonly expiresAt: number;
  readonly items: readonly WorkItem[];
};

/** What the service asks for, in its own words: each is of use without the other. */
export const asked = {
  'vso.work': { name: 'See your work items', use: 'show your work items' },
  'vso.code': { name: 'See your source code', use: 'link them to your commits' },
} as const;

export type Asked = keyof typeof asked;

const owner = 'Contoso Boards (demo service)';

const page = (title: string, body: string): string => renderPage({ owner, title, body });

const said = (message: string | undefined): string =>
  message === undefined ? '' : `<p role="status">${escapeHtml(message)}</p>`;

export const disconnectedPage = (message?: string): string =>
  page(
    'Your work, on one board',
    `${said(message)}
<p>Contoso Boards shows the work items of your project. Connect it to your account first: you sign in at Contoso, see what the service asks for, and decide. It never sees your password.</p>
<a class="button" href="/connect">Connect</a>`,
  );

const itemRow = ({ id, type, title, state }: WorkItem): string =>
  `<li><span><b>${escapeHtml(title)}</b><br><span class="soft">${escapeHtml(type)} ${id}</span></span><span class="state">${escapeHtml(state)}</span></li>`;

/** What was not allowed, what is missing because of it, and the way to ask once more. */
const missing = (scopes: readonly Asked[]): string =>
  scopes.length === 0
    ? ''
    : `<p>You did not allow ${scopes.map((scope) => `<b>${asked[scope].name}</b>`).join(' and ')}, so Contoso Boards cannot ${scopes
        .map((scope) => asked[scope].use)
        .join(' and ')}. Everything else works.</p>
<a class="button" href="/connect">Ask again</a>`;

const forms = `<form class="inline" method="post" action="/refresh"><button type="submit">Refresh access</button></form>
<form class="inline" method="post" action="/disconnect"><button class="quiet" type="submit">Disconnect</button></form>`;

const details = ({
  subject,
  scope,
  expiresAt,
}: Pick<Connection, 'scope' | 'expiresAt'> & { readonly subject?: string }): string => `
<h2>This authorization</h2>
<dl>
${subject === undefined ? '' : `<dt>Who you are to this service (subject)</dt><dd>${escapeHtml(subject)}</dd>`}
<dt>Permissions</dt><dd>${escapeHtml(scope)}</dd>
<dt>Access token good until</dt><dd>${escapeHtml(new Date(expiresAt * 1000).toUTCString())}</dd>
</dl>`;

export type Notes = { readonly message?: string | undefined; readonly without: readonly Asked[] };

export const connectedPage = (connection: Connection, { message, without }: Notes): string =>
  page(
    'Your work items',
    `${said(message)}
<p class="soft">Assigned to ${escapeHtml(connection.name)}</p>
<ul aria-label="Work items">${connection.items.map(itemRow).join('')}</ul>
${missing(without)}
${forms}
${details(connection)}`,
  );

/** Connected, but not to what the board is made of. */
export const limitedPage = (tokens: Pick<Connection, 'scope' | 'expiresAt'>, { message, without }: Notes): string =>
  page('Connected, without your work items', `${said(message)}\n${missing(without)}\n${forms}\n${details(tokens)}`);

export const textPage = (title: string, text: string): string =>
  page(title, `<p>${escapeHtml(text)}</p>\n<a class="button" href="/">Back to Contoso Boards</a>`);
