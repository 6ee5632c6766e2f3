/** A service's own web site on loopback: remembers every request of browsers and answers as the test says. */
import { type Listening, listen } from '../../local/listen.ts';

type SiteAnswer = { readonly status: number; readonly location?: string; readonly html?: string };

export type ClientSite = {
  readonly origin: string;
  /** Address of every request, in their order. */
  readonly visits: readonly URL[];
  /** What it answers from now on. */
  answer: SiteAnswer;
  stop(): Promise<void>;
};

export const startClientSite = async (): Promise<ClientSite> => {
  const visits: URL[] = [];
  const server: Listening = await listen(0, (request, response) => {
    const url = new URL(request.url ?? '/', server.url);
    if (url.pathname !== '/favicon.ico') visits.push(url);
    const { status, location, html = '<!doctype html><title>Client</title><p>Back at the client' } = site.answer;
    const headers = { 'content-type': 'text/html; charset=utf-8', ...(location === undefined ? {} : { location }) };
    response.writeHead(status, headers).end(status === 204 ? undefined : html);
  });
  const site: ClientSite = { origin: server.url, visits, answer: { status: 200 }, stop: server.stop };
  return site;
};
