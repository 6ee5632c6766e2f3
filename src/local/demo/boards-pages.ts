/** Pages of Contoso Boards: data -> HTML. */
import { escapeHtml, renderPage } from '../page.ts';
import type { WorkItem } from './work-items.ts';

export type Connection = {
  readonly subject: string;
  readonly scope: string;
  readonly expiresAt: number;
  readonly items: readonly WorkItem[];
};

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

export const connectedPage = ({ subject, scope, expiresAt, items }: Connection, message?: string): string =>
  page(
    'Your work items',
    `${said(message)}
<ul aria-label="Work items">${items.map(itemRow).join('')}</ul>
<form class="inline" method="post" action="/refresh"><button type="submit">Refresh access</button></form>
<form class="inline" method="post" action="/disconnect"><button class="quiet" type="submit">Disconnect</button></form>
<h2>This authorization</h2>
<dl>
<dt>Who you are to this service (subject)</dt><dd>${escapeHtml(subject)}</dd>
<dt>Permissions</dt><dd>${escapeHtml(scope)}</dd>
<dt>Access token good until</dt><dd>${escapeHtml(new Date(expiresAt * 1000).toUTCString())}</dd>
</dl>`,
  );

export const textPage = (title: string, text: string): string =>
  page(title, `<p>${escapeHtml(text)}</p>\n<a class="button" href="/">Back to Contoso Boards</a>`);
