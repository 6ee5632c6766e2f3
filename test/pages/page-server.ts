/** Serves pages over loopback with the policy they are made for, and remembers what their forms post. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pageHeaders } from '../../src/http/headers.ts';
import { type Html, html, render } from '../../src/pages/html.ts';

export type PageServer = {
  readonly origin: string;
  /** Address at which `page` is shown from now on. */
  show(page: Html): string;
  /** `path?body` of every form posted so far. */
  readonly posted: readonly string[];
  close(): Promise<void>;
};

const policyOf = (page: Html): string => {
  const [styles] =
    /style-src [^;]*/.exec(pageHeaders('self', page.styles ?? [])['content-security-policy'] ?? '') ?? [];
  return `default-src 'none'; ${styles}; img-src data:; base-uri 'none'; frame-ancestors 'none'`;
};

const postedForm = async (request: IncomingMessage): Promise<string> => `${request.url}?${await text(request)}`;

export const startPageServer = async (): Promise<PageServer> => {
  const pages: Html[] = [];
  const posted: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') posted.push(await postedForm(request));
    const page = pages[Number(request.url?.slice(1))] ?? html`<!doctype html><title>received</title>`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policyOf(page) });
    response.end(render(page));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    posted,
    show: (page) => `${origin}/${pages.push(page) - 1}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
