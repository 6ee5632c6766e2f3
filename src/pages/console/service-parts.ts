/** What pages about services have in common. */
import { type Html, html } from '../html.ts';
import { type ConsoleSite, code, consoleLayout, dateOf, fact } from './frame.ts';

export const serviceHref = (clientId: string): string =>
  `/console/services/one?${String(new URLSearchParams({ client_id: clientId }))}`;

export type MadeSecret = {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly client_secret_expires_at?: number;
};

/** The only page that ever shows a secret. */
export const madePage = (site: ConsoleSite, title: string, made: MadeSecret): Html =>
  consoleLayout(site, {
    area: 'services',
    title,
    main: html`<div class="card"><dl class="facts">${fact('Client ID', code(made.client_id))}
${made.client_secret !== undefined && fact('Client secret', code(made.client_secret))}
${made.client_secret_expires_at !== undefined && fact('Secret ends', dateOf(made.client_secret_expires_at))}</dl>
${made.client_secret !== undefined && html`<p class="warning"><b>Copy the secret now.</b> It is shown this once, and nobody can read it again.</p>`}
<p class="ways"><a class="button" href="${serviceHref(made.client_id)}">To the service</a></p></div>`,
  });
